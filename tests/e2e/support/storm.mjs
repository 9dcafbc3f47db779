// The write storm: workers that change things over HTTP and write down what the server acknowledged. What was
// acknowledged before a fault must be there after it; what was merely sent may be there or not.
import http from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { bearer } from '../../../scripts/local/http.mjs'
import { at, managementAudience, requestToken, revoke } from '../../../scripts/local/oauth.mjs'

/** What the server has promised so far, over all rounds. */
export const newLedger = () => ({
  /** id → { email, names: the acknowledged name, then any sent after it without an answer } */
  users: new Map(),
  /** ids of users whose deletion was acknowledged */
  deleted: [],
  /** idempotency key → what was sent with it and the id of what that made */
  keys: new Map(),
  /** client id → the last acknowledged secret */
  secrets: new Map(),
  /** tokens whose revocation was acknowledged */
  revoked: [],
  /** the highest number of the revocation log anybody saw */
  seq: 0,
  acknowledged: 0,
  /** when each 503 came: of a write answered so nobody knows whether it was done */
  refusals: [],
})

class Unexpected extends Error {}

/** Waits out a 429 or a 503, no longer than the worker has patience; anything else unexpected is a finding. */
async function acknowledged(worker, answer, ...statuses) {
  if (statuses.includes(answer.status)) return true
  if (answer.status === 429 || answer.status === 503) {
    if (answer.status === 503) worker.ledger.refusals.push(performance.now())
    const asked = Number(answer.headers['retry-after'] ?? 1) * 1000
    await wait(Math.min(asked, worker.patienceMs))
    return false
  }
  throw new Unexpected(`expected ${statuses}, got ${answer.status}: ${answer.text}`)
}

async function createUser(worker) {
  const { send, auth, ledger } = worker
  const email = `storm-${worker.name}-${worker.count}@example.com`
  const name = `created ${worker.count}`
  const answer = await send({ method: 'POST', path: '/api/v1/users', headers: auth, json: { email, name } })
  if (!(await acknowledged(worker, answer, 201))) return
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
  const doubtful = user.names.length > 1
  user.names.push(name)
  const answer = await send({ method: 'PATCH', path: `/api/v1/users/${id}`, headers: auth, json: { name } })
  // An earlier update without an answer may come to its end between the reading and the writing of this one.
  const overtaken = doubtful && answer.status === 409 && answer.json?.error === 'conflict'
  // Refused means that it did not happen; 503 or no answer at all means that it may have.
  if (overtaken || answer.status === 429) user.names.pop()
  if (!overtaken && (await acknowledged(worker, answer, 200))) user.names = [name]
}

async function deleteUser(worker) {
  const { send, auth, ledger, random } = worker
  if (worker.mine.length === 0) return createUser(worker)
  const id = random.pick(worker.mine)
  worker.mine = worker.mine.filter((other) => other !== id)
  // From now on nobody promises that it is there.
  ledger.users.delete(id)
  const answer = await send({ method: 'DELETE', path: `/api/v1/users/${id}`, headers: auth })
  if (await acknowledged(worker, answer, 204)) ledger.deleted.push(id)
}

/** A creation that is sent until it is answered, always with the same key. */
async function createOnce(worker) {
  const { send, auth, ledger, name, count } = worker
  worker.unanswered ??= { key: `key-${name}-${count}`, json: { email: `once-${name}-${count}@example.com` } }
  const { key, json } = worker.unanswered
  const headers = { ...auth, 'idempotency-key': key }
  const answer = await send({ method: 'POST', path: '/api/v1/users', headers, json })
  // The one before may be coming to its end at this moment.
  if (answer.status === 409 && answer.json?.error === 'idempotency_key_in_use') return
  if (!(await acknowledged(worker, answer, 201))) return
  const { id } = answer.json.data
  ledger.keys.set(key, { id, json })
  worker.unanswered = undefined
}

async function rotateSecret(worker) {
  const { send, auth, ledger } = worker
  const path = `/api/v1/applications/${worker.application.id}/rotate-secret`
  const answer = await send({ method: 'POST', path, headers: auth, json: {} })
  // One at a time: until the overlap is over, the next ones are refused.
  if (answer.status === 409 && answer.json?.error === 'rotation_in_progress') return
  if (await acknowledged(worker, answer, 200, 201))
    ledger.secrets.set(worker.application.client_id, answer.json.data.client_secret)
}

async function revokeToken(worker) {
  const { send, ledger, tenant } = worker
  const answer = await requestToken(send, tenant.info.m2m, { audience: managementAudience(tenant) })
  if (!(await acknowledged(worker, answer, 200))) return
  const token = answer.json.access_token
  const revoked = await revoke(send, tenant.info.m2m, token)
  if (await acknowledged(worker, revoked, 200)) ledger.revoked.push(token)
}

const OPERATIONS = [createUser, updateUser, deleteUser, createOnce, rotateSecret, revokeToken]

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
 * Starts `count` workers against a tenant, or against what sends for it (`tenant.via`). `ended` resolves when all have
 * met the kill: a worker ends at the first broken connection after `killing()`. With `outlives` it goes on instead for
 * as long as that says that connections may break, and `end()` ends it.
 */
export async function startStorm({ tenant, count, random, ledger, applications, round, ...more }) {
  const { outlives, patienceMs = Number.POSITIVE_INFINITY } = more
  const agent = new http.Agent({ keepAlive: true, maxSockets: count })
  const send = tenant.via?.(agent) ?? at(tenant, agent)
  const token = await requestToken(send, tenant.info.m2m, { audience: managementAudience(tenant) })
  if (token.status !== 200) throw new Unexpected(`no management token: ${token.text}`)
  const auth = bearer(token.json.access_token)
  const workers = await Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const worker = { index, name: `${round}-${index}`, count: 0, mine: [], patienceMs }
      Object.assign(worker, { send, auth, ledger, random, tenant, applications })
      worker.application = await applicationOf(worker)
      return worker
    }),
  )
  let killed = false
  let ending = false
  const work = async (worker) => {
    while (!ending) {
      worker.count += 1
      try {
        await random.pick(OPERATIONS)(worker)
        ledger.acknowledged += 1
      } catch (error) {
        if (!(error instanceof Unexpected) && outlives?.()) continue
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
    end: () => {
      ending = true
      return ended
    },
  }
}
