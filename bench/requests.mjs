// The requests that are measured. Each is made once by hand before a run and its answer looked at; gives what
// the load tool then sends.
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { ask, basic, bearer } from '../scripts/local/http.mjs'
import { introspect, revoke } from '../scripts/local/oauth.mjs'
import { load } from './load.mjs'
import { SCOPE } from './settings.mjs'
import { freshTenant, publishedKeys, sender, tokenOf } from './subjects.mjs'
import { checkSigned, checkToken } from './tokens.mjs'

const FORM = 'application/x-www-form-urlencoded'
const JSON_TYPE = 'application/json'

const form = (tenant, path, body) => ({
  method: 'POST',
  path,
  host: tenant.host,
  authorization: basic(tenant.client.client_id, tenant.client.client_secret),
  type: FORM,
  body: body && new URLSearchParams(body).toString(),
})

/** Sends what will be measured once, as the load tool will. */
const once = (port, request) => {
  const { method, path, host, authorization, body } = request
  return ask({ port, method, path, authority: host, headers: { authorization }, form: body })
}

async function checkedToken(node, request, keys, wanted) {
  const answer = await once(node.port, request)
  assert.equal(answer.status, 200, answer.text)
  checkToken(answer.json.access_token, { keys, scope: SCOPE, ...wanted })
  return { request }
}

/** `POST /oauth2/token`. */
export const issue = (algorithm) => async (subject, node) => {
  const tenant = subject.tenants[algorithm]
  const audience = `${tenant.issuer}/api`
  const request = form(tenant, '/oauth2/token', { grant_type: 'client_credentials', audience, scope: SCOPE })
  const keys = await publishedKeys(node.port, tenant.host, '/.well-known/jwks.json')
  return checkedToken(node, request, keys, { algorithm, issuer: tenant.issuer, audience })
}

/** The same of the peer. */
export const issueByPeer = (algorithm) => async (_, peer) => {
  const resource = `urn:bench:${algorithm}`
  const body = { grant_type: 'client_credentials', resource, scope: SCOPE }
  const request = form({ client: peer.client, host: `127.0.0.1:${peer.port}` }, '/token', body)
  const keys = await publishedKeys(peer.port, undefined, '/jwks')
  return checkedToken(peer, request, keys, { algorithm, issuer: peer.issuer, audience: resource })
}

/** `POST /oauth2/introspect` of a good token. */
export const look = async (subject, node) => {
  const tenant = subject.tenants.RS256
  const request = form(tenant, '/oauth2/introspect', { token: await tokenOf(node, tenant) })
  const answer = await once(node.port, request)
  assert.equal(answer.status, 200, answer.text)
  assert.equal(answer.json.active, true)
  return { request }
}

/** `GET /oauth2/revocations`, which every verifier asks for again and again, where nothing is new. */
export const poll = async (subject, node) => {
  const tenant = subject.tenants.RS256
  const path = '/oauth2/revocations?since=0'
  const answer = await sender(node, tenant)({ path })
  assert.equal(answer.status, 200, answer.text)
  const keys = await publishedKeys(node.port, tenant.host, '/.well-known/jwks.json')
  const { payload } = checkSigned(answer.text, { keys, algorithm: 'RS256' })
  assert.deepEqual([payload.iss, payload.entries], [tenant.issuer, []])
  return { request: { method: 'GET', path, host: tenant.host } }
}

const newAddress = () => `check-${randomBytes(8).toString('hex')}@example.com`

async function makeUser(node, tenant, token) {
  const send = sender(node, tenant)
  const json = { email: newAddress(), name: 'Ada Lovelace' }
  const answer = await send({ method: 'POST', path: '/api/v1/users', headers: bearer(token), json })
  assert.equal(answer.status, 201, answer.text)
  return answer.json.data
}

/** `GET /api/v1/users/{id}`. */
export const readUser = async (subject, node) => {
  const tenant = subject.tenants.RS256
  const token = await tokenOf(node, tenant)
  const user = await makeUser(node, tenant, token)
  const path = `/api/v1/users/${user.id}`
  const answer = await sender(node, tenant)({ path, headers: bearer(token) })
  assert.equal(answer.status, 200, answer.text)
  assert.equal(answer.json.data.email, user.email)
  return { request: { method: 'GET', path, host: tenant.host, authorization: `Bearer ${token}` } }
}

/** `POST /api/v1/users`, each with an address of its own. */
export const writeUser = async (subject, node) => {
  const tenant = subject.tenants.writing
  const token = await tokenOf(node, tenant)
  await makeUser(node, tenant, token)
  const authorization = `Bearer ${token}`
  const request = { method: 'POST', path: '/api/v1/users', host: tenant.host, authorization, type: JSON_TYPE }
  return { request, script: 'users', more: { BENCH_PREFIX: randomBytes(8).toString('hex') } }
}

/** `POST /oauth2/revoke`, each of a token that was good. */
export const end = async (subject, node, { connections, seconds, directory }) => {
  const tenant = await freshTenant(subject)
  const token = await tokenOf(node, tenant)
  const send = sender(node, tenant)
  assert.equal((await introspect(send, tenant.client, token)).json.active, true)
  assert.equal((await revoke(send, tenant.client, token)).status, 200)
  assert.equal((await introspect(send, tenant.client, token)).json.active, false)
  const more = { BENCH_TOKENS: join(directory, 'tokens') }
  const request = form(tenant, '/oauth2/token', { grant_type: 'client_credentials' })
  // Making a token is part of the work of revoking one, so as much time makes enough of them.
  await load({
    port: node.port,
    request,
    connections: Math.max(connections, 8),
    seconds,
    script: 'mint',
    more,
  })
  return { request: form(tenant, '/oauth2/revoke'), script: 'revoke', more }
}
