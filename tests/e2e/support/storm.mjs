// The write storm: workers that change things over HTTP and write down what the server acknowledged. What was
// acknowledged before a kill must be there after it; what was merely sent may be there or not.
import http from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { bearer } from '../../../scripts/local/http.mjs'
import { at, managementAudience, requestToken, revoke } from '../../../scripts/local/oauth.mjs'

/** What the server has promised so far, over all rounds. */
export const newLedger = () => ({
  /** id → { email, names: the acknowledged name, then any sent after it without an answer } */
  users: new Map(),
  /** client id → the last acknowledged secret */
  secrets: new Map(),
  /** tokens whose revocation was acknowledged */
  revoked: [],
  /** the highest number of the revocation log anybody saw */
  seq: 0,
  acknowledged: 0,
})

class Unexpected extends Error {}

/** Waits out a 429; anything else unexpected is a finding. */
async function acknowledged(answer, ...statuses) {
  if (statuses.includes(answer.status)) return true
  if (answer.status === 429 || answer.status === 503) {
    await wait(Number(answer.headers['retry-after'] ?? 1) * 1000)
    return false
  }
  throw new Unexpected(`expected ${statuses}, got ${answer.status}: ${answer.text}`)
}

async function createUser(worker) {
  const { send, auth, ledger } = worker
  const email = `storm-${worker.name}-${worker.count}@example.com`
  const name = `created ${worker.count}`
  const answer = await send({ method: 'POST', path: '/api/v1/users', headers: auth, json: { email, name } })
  if (!(await acknowledged(answer, 201))) return
  const { id } = answer.json.data
  ledger.users.set(id, { email, names: [name] })
  worker.mine.push(id)
}

async function updateUser(worker) {
  const { send, auth, ledger, random } = worker
  if (worker.mine.length === 0) return createUser(worker)
  const id = random.pick(worker.mine)
  const user = ledger.users.get(id)
  const name = `updated ${worker.name} ${worker.count}`
  user.names.push(name)
  const answer = await send({ method: 'PATCH', path: `/api/v1/users/${id}`, headers: auth, json: { name } })
  // Refused means that it did not happen; no answer at all means that it may have.
  if (await acknowledged(answer, 200)) user.names = [name]
  else user.names.pop()
}

async function rotateSecret(worker) {
  const { send, auth, ledger } = worker
  const path = `/api/v1/applications/${worker.application.id}/rotate-secret`
  const answer = await send({ method: 'POST', path, headers: auth, json: {} })
  // One at a time: until the overlap is over, the next ones are refused.
  if (answer.status === 409 && answer.json?.error === 'rotation_in_progress') return
  if (await acknowledged(answer, 200, 201))
    ledger.secrets.set(worker.application.client_id, answer.json.data.client_secret)
}

async function revokeToken(worker) {
  const { send, ledger, tenant } = worker
  const answer = await requestToken(send, tenant.info.m2m, { audience: managementAudience(tenant) })
  if (!(await acknowledged(answer, 200))) return
  const token = answer.json.access_token
  if (await acknowledged(await revoke(send, tenant.info.m2m, token), 200)) ledger.revoked.push(token)
}

const OPERATIONS = [createUser, updateUser, rotateSecret, revokeToken]

/** Makes the application whose secret a worker rotates, or finds the one it had before. */
async function applicationOf(worker) {
  const { send, auth, ledger, applications } = worker
  if (applications.has(worker.index)) return applications.get(worker.index)
  const json = { name: `storm ${worker.index}`, type: 'm2m' }
  const answer = await send({ method: 'POST', path: '/api/v1/applications', headers: auth, json })
  if (answer.status !== 201) throw new Unexpected(`no application: ${answer.status} ${answer.text}`)
  const { id, client_id, client_secret } = answer.json.data
  applications.set(worker.index, { id, client_id })
  ledger.secrets.set(client_id, client_secret)
  return { id, client_id }
}

/**
 * Starts `count` workers against a tenant. `ready` resolves when all are under way; `ended` when all have met the
 * kill. A worker ends at the first broken connection after `killing()`.
 */
export async function startStorm({ tenant, count, random, ledger, applications, round }) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: count })
  const send = at(tenant, agent)
  const token = await requestToken(send, tenant.info.m2m, { audience: managementAudience(tenant) })
  if (token.status !== 200) throw new Unexpected(`no management token: ${token.text}`)
  const auth = bearer(token.json.access_token)
  const workers = await Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const worker = { index, name: `${round}-${index}`, count: 0, mine: [] }
      Object.assign(worker, { send, auth, ledger, random, tenant, applications })
      worker.application = await applicationOf(worker)
      return worker
    }),
  )
  let killed = false
  const work = async (worker) => {
    for (;;) {
      worker.count += 1
      try {
        await random.pick(OPERATIONS)(worker)
        ledger.acknowledged += 1
      } catch (error) {
        if (error instanceof Unexpected || !killed) throw error
        return
      }
    }
  }
  const ended = Promise.all(workers.map(work)).finally(() => agent.destroy())
  ended.catch(() => {})
  return {
    ended,
    killing: () => {
      killed = true
    },
  }
}
