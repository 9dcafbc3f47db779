// Readers and writers through the proxy, one request after the other each, while its nodes come and go.
import assert from 'node:assert/strict'
import https from 'node:https'
import { setTimeout as pause } from 'node:timers/promises'
import { bearer } from '../../../scripts/local/http.mjs'
import { ASK_AGAIN_MS, tokenOn } from './nodes.mjs'

const READERS = 4
const WRITERS = 4
/** What a proxy says when the node that had the request has died. */
const DIED = [502, 504]
// A dead node's kept connections all close at once, and the proxy reads of it one after the other.
const NOTICED_WITHIN_MS = 500

/**
 * Starts it. `more(n)` waits until every worker has had n more answers, `through(act)` acts so that a
 * node dies. `end` stops all and checks that no reader noticed anything, and that no writer lost but what was under way
 * in that moment.
 */
export async function startTraffic({ proxy, client, name }) {
  const agent = new https.Agent({ keepAlive: true, maxSockets: READERS + WRITERS })
  const auth = bearer(await tokenOn(proxy, client))
  const send = (request) => proxy.send({ agent, headers: auth, ...request })
  let ending = false
  const dying = {}
  const until = async (log, request) => {
    while (!ending) {
      const began = performance.now()
      const answer = await request(log.length)
      log.push({ began, ended: performance.now(), ...answer })
    }
  }
  const reads = Array.from({ length: READERS }, () => [])
  const writes = Array.from({ length: WRITERS }, () => [])
  const workers = [
    ...reads.map((log) => until(log, () => send({ path: '/api/v1/users?limit=1' }))),
    ...writes.map((log, worker) => until(log, (turn) => write(send, `${name}-${worker}-${turn}`, turn))),
  ]
  const failed = Promise.all(workers)
  failed.catch(() => {})
  const logs = [...reads, ...writes]
  const more = async (count) => {
    const wanted = logs.map((log) => log.length + count)
    while (logs.some((log, index) => log.length < wanted[index])) {
      await Promise.race([pause(ASK_AGAIN_MS), failed])
    }
  }
  const end = async () => {
    ending = true
    await failed
    agent.destroy()
    for (const { status, text } of reads.flat()) assert.equal(status, 200, text)
    const lost = writes.flat().filter(({ status }) => status !== 201)
    for (const { began, ended, status, text } of lost) {
      assert.ok(DIED.includes(status), `${status} ${text}`)
      assert.ok(ended > dying.from, 'lost before any node died')
      assert.ok(began < dying.until + NOTICED_WITHIN_MS, 'lost though its node was known to be dead')
    }
    console.log(`# ${reads.flat().length} reads, ${writes.flat().length} writes, ${lost.length} of them lost`)
    return { writes: writes.flat() }
  }
  const through = async (act) => {
    dying.from = performance.now()
    await act()
    dying.until = performance.now()
  }
  return { more, through, end }
}

/** Users have an address of their own, so a repeated creation would be a 409; two applications may have one name. */
async function write(send, unique, turn) {
  const email = `${unique}@example.com`
  const user = { path: '/api/v1/users', json: { email } }
  const application = { path: '/api/v1/applications', json: { name: unique, type: 'spa' } }
  const { status, text } = await send({ method: 'POST', ...(turn % 2 ? user : application) })
  return { name: turn % 2 ? email : unique, status, text }
}
