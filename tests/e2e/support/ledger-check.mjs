// After a fault: everything in the ledger is true of the server.
import assert from 'node:assert/strict'
import { createHash, createPublicKey, verify } from 'node:crypto'
import { bearer } from '../../../scripts/local/http.mjs'
import { at, introspect, managementAudience, requestToken } from '../../../scripts/local/oauth.mjs'

const PAGE = 100

/** The public feed names a token by the first 16 bytes of SHA-256("token:<jti>"). */
const idHash = (kind, id) =>
  createHash('sha256').update(`${kind}:${id}`).digest().subarray(0, 16).toString('base64url')

const claimsOf = (token) => JSON.parse(Buffer.from(token.split('.')[1], 'base64url'))

/** The revocation snapshot, its signature checked with the tenant's published key. */
export async function snapshot(send, issuer) {
  const answer = await send({ path: '/oauth2/revocations' })
  assert.equal(answer.status, 200, answer.text)
  const [header, payload, signature] = answer.text.trim().split('.')
  const { kid, typ, alg } = JSON.parse(Buffer.from(header, 'base64url'))
  assert.equal(typ, 'revocations+jwt')
  assert.equal(alg, 'RS256')
  const { keys } = (await send({ path: '/.well-known/jwks.json' })).json
  const key = createPublicKey({ key: keys.find((candidate) => candidate.kid === kid), format: 'jwk' })
  assert.ok(verify('sha256', Buffer.from(`${header}.${payload}`), key, Buffer.from(signature, 'base64url')))
  const feed = JSON.parse(Buffer.from(payload, 'base64url'))
  assert.equal(feed.iss, issuer)
  assert.equal(feed.type, 'snapshot')
  return feed
}

/**
 * Checks the users `ids`, those that are `deleted`, the idempotency `keys`, every client's secret, the revocations
 * `tokens`, and the feed against the whole ledger.
 */
export async function checkLedger(tenant, ledger, { ids, deleted, keys, tokens }) {
  const send = at(tenant)
  const answer = await requestToken(send, tenant.info.m2m, { audience: managementAudience(tenant) })
  assert.equal(answer.status, 200, answer.text)
  const auth = bearer(answer.json.access_token)
  await Promise.all(ids.map((id) => checkUser(send, auth, id, ledger.users.get(id))))
  await Promise.all(deleted.map((id) => checkDeleted(send, auth, id)))
  await Promise.all(keys.map((key) => checkKey(send, auth, key, ledger.keys.get(key))))
  await Promise.all([...ledger.secrets].map(([id, secret]) => checkSecret(send, id, secret)))
  for (const token of tokens) {
    const { json, text } = await introspect(send, tenant.info.m2m, token)
    assert.deepEqual(json, { active: false }, `a revoked token is alive: ${text}`)
  }
  await checkFeed(tenant, send, ledger)
}

async function checkUser(send, auth, id, { email, names }) {
  const answer = await send({ path: `/api/v1/users/${id}`, headers: auth })
  assert.equal(answer.status, 200, `an acknowledged user is lost: ${id} ${answer.text}`)
  const user = answer.json.data
  assert.equal(user.email, email)
  assert.ok(names.includes(user.name), `an acknowledged update is lost: ${user.name}, not ${names}`)
}

async function checkDeleted(send, auth, id) {
  const answer = await send({ path: `/api/v1/users/${id}`, headers: auth })
  assert.equal(answer.status, 404, `a deleted user is back: ${id} ${answer.text}`)
}

/** What was sent with a key is not done again. */
async function checkKey(send, auth, key, { id, json }) {
  const headers = { ...auth, 'idempotency-key': key }
  const answer = await send({ method: 'POST', path: '/api/v1/users', headers, json })
  assert.equal(answer.status, 201, `a spent key is forgotten: ${answer.text}`)
  assert.equal(answer.json.data.id, id, 'a spent key made another user')
}

async function checkSecret(send, clientId, secret) {
  const client = { client_id: clientId, client_secret: secret }
  // Introspection authenticates the client and needs no audience of its own.
  const answer = await introspect(send, client, 'no-token')
  assert.notEqual(answer.status, 401, `an acknowledged secret of ${clientId} is lost: ${answer.text}`)
  assert.ok(answer.status < 500, answer.text)
}

async function checkFeed(tenant, send, ledger) {
  const feed = await snapshot(send, tenant.info.tenant_url)
  assert.ok(feed.seq >= ledger.seq, `the revocation log ran backwards: ${feed.seq} after ${ledger.seq}`)
  ledger.seq = feed.seq
  const seqs = feed.entries.map((entry) => entry.seq)
  assert.deepEqual(
    seqs,
    [...new Set(seqs)].sort((a, b) => a - b),
    'every entry has a number of its own, in order',
  )
  const listed = new Set(feed.entries.map((entry) => `${entry.kind}:${entry.id_hash}`))
  for (const token of ledger.revoked) {
    assert.ok(
      listed.has(`token:${idHash('token', claimsOf(token).jti)}`),
      'an acknowledged revocation is not in the feed',
    )
  }
}

/** Walks the list of users from end to end: every acknowledged one is there, once. */
export async function checkAllUsers(tenant, ledger) {
  const send = at(tenant)
  const answer = await requestToken(send, tenant.info.m2m, { audience: managementAudience(tenant) })
  const auth = bearer(answer.json.access_token)
  const seen = new Map()
  let cursor = ''
  do {
    const path = `/api/v1/users?limit=${PAGE}${cursor && `&cursor=${encodeURIComponent(cursor)}`}`
    const page = await send({ path, headers: auth })
    assert.equal(page.status, 200, page.text)
    for (const { id } of page.json.data) seen.set(id, (seen.get(id) ?? 0) + 1)
    cursor = page.json.meta.next_cursor
  } while (cursor)
  for (const id of ledger.deleted) assert.equal(seen.get(id), undefined, `${id} was deleted`)
  for (const { id } of ledger.keys.values()) assert.equal(seen.get(id), 1, `${id} is listed once`)
  for (const id of ledger.users.keys()) assert.equal(seen.get(id), 1, `${id} is listed once`)
}
