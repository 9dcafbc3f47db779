// The nginx that the documentation shows, in front of two nodes: what it must do, and what it must not let through.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import https from 'node:https'
import { before, test } from 'node:test'
import { connect } from 'node:tls'
import { ask, bearer } from '../../scripts/local/http.mjs'
import { requestToken, revoke } from '../../scripts/local/oauth.mjs'
import { startNginx } from './support/nginx.mjs'
import { AUTHORITY, activeOn, holds, ISSUER, nodesPlace, tokenOn, usersOn } from './support/nodes.mjs'
import { startTraffic } from './support/traffic.mjs'

const RIVAL = 'other-rival.auth.example.com'
const DISCOVERY = '/.well-known/openid-configuration'
const LONGEST_BODY = 64 * 1024
// The example leaves a dead node alone for five seconds; then one request tries it.
const BACK_WITHIN_MS = 8_000

const place = await nodesPlace('proxy')
let nodes
let client
let proxy

before(async () => {
  nodes = await place.found({ trusted_proxies: ['127.0.0.1/32'] })
  client = place.client
  await place.cli(['tenant', 'create', '--org', 'rival', '--slug', 'other'])
  proxy = await startNginx(place, nodes)
})

const addressOf = (node) => `127.0.0.1:${node.port}`
/** Which nodes have answered what is in the log from a line on. */
const answeredBy = (lines) => new Set(lines.map((line) => line.tries.split(', ').at(-1)))

test('tokens are issued and used over TLS by both nodes, in the name of the public issuer', async () => {
  const before = (await proxy.lines()).length
  for (let turn = 0; turn < 10; turn += 1) {
    assert.equal((await usersOn(proxy, await tokenOn(proxy, client))).status, 200)
  }
  const discovery = await proxy.send({ path: DISCOVERY })
  assert.equal(discovery.json.issuer, ISSUER)
  assert.equal(discovery.headers['strict-transport-security'], 'max-age=31536000')
  const mine = (line) => line.request_id === discovery.headers['x-request-id']
  const lines = await proxy.logged(before, (logged) => logged.some(mine))
  assert.equal(lines.find(mine).path, DISCOVERY)
  assert.deepEqual(answeredBy(lines), new Set(nodes.map(addressOf)))
})

test('what a client says in forwarding headers does not choose a tenant', async () => {
  const issuerOf = async (send, headers) => (await send({ path: DISCOVERY, headers })).json.issuer
  const forged = { 'x-forwarded-host': RIVAL }
  assert.equal(await issuerOf(nodes[0].send, forged), `https://${RIVAL}`, 'a node believes the proxy')
  const tries = [
    forged,
    { 'x-forwarded-host': [RIVAL, RIVAL] },
    { X_Forwarded_Host: RIVAL },
    { forwarded: `host=${RIVAL}`, 'x-original-host': RIVAL, 'x-forwarded-server': RIVAL },
    { connection: 'x-forwarded-host, close', 'x-forwarded-host': RIVAL },
  ]
  for (const headers of tries)
    assert.equal(await issuerOf(proxy.send, headers), ISSUER, `${Object.keys(headers)}`)
  assert.equal(await issuerOf((request) => proxy.send({ authority: RIVAL, ...request })), `https://${RIVAL}`)
})

test('no other name is served, and no old protocol', async () => {
  const elsewhere = { headers: { host: 'auth.example.org' } }
  assert.equal((await proxy.send(elsewhere)).status, 421)
  const refused = async (options) => {
    const socket = connect({ port: proxy.port, host: '127.0.0.1', ca: proxy.tls.ca, ...options })
    const [error] = await once(socket, 'error')
    return error.code
  }
  assert.equal(await refused({ servername: 'auth.example.org' }), 'ERR_SSL_TLSV1_UNRECOGNIZED_NAME')
  const old = { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }
  assert.equal(await refused({ servername: AUTHORITY, ...old }), 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION')
})

test('what operators ask is not there for the public', async () => {
  for (const path of ['/metrics', '/metrics?a=b', '//metrics', '/%6detrics', '/./metrics', '/metrics/']) {
    const answer = await proxy.send({ path })
    assert.equal(answer.status, 404, path)
    assert.equal(answer.json.error, 'not_found', path)
    assert.ok(answer.json.request_id && answer.headers['x-request-id'], path)
  }
  for (const path of ['/readyz', '/healthz']) assert.equal((await proxy.send({ path })).status, 404, path)
})

test('a body has at most 64 KiB, and may come in chunks', async () => {
  const token = await tokenOn(proxy, client)
  const padded = (bytes) => ({ email: 'x'.repeat(bytes - JSON.stringify({ email: '' }).length) })
  const longest = await usersOn(proxy, token, { method: 'POST', json: padded(LONGEST_BODY) })
  assert.equal(longest.status, 400, 'read by the node, which finds no address in it')
  const longer = await usersOn(proxy, token, { method: 'POST', json: padded(LONGEST_BODY + 1) })
  const direct = await usersOn(nodes[0], token, { method: 'POST', json: padded(LONGEST_BODY + 1) })
  for (const { status, json } of [longer, direct]) {
    assert.equal(status, 413)
    assert.equal(json.error, 'body_too_large')
  }
  assert.equal(longer.json.message, direct.json.message)
  const form = { grant_type: 'client_credentials', scope: 'x'.repeat(LONGEST_BODY) }
  const oauth = await proxy.send({ method: 'POST', path: '/oauth2/token', form })
  assert.equal(oauth.status, 413)
  assert.equal(oauth.json.error_description, direct.json.message)
  assert.equal(await postInChunks(token, JSON.stringify({ email: 'chunks@example.com' })), 201)
})

async function postInChunks(token, text) {
  const headers = { host: AUTHORITY, 'content-type': 'application/json', ...bearer(token) }
  const where = { host: '127.0.0.1', port: proxy.port, path: '/api/v1/users', method: 'POST' }
  const request = https.request({ ...where, headers, servername: AUTHORITY, ...proxy.tls })
  request.write(text.slice(0, 5))
  request.end(text.slice(5))
  const [response] = await once(request, 'response')
  response.resume()
  return response.statusCode
}

test('a revocation through the proxy holds on both nodes', async () => {
  const token = await tokenOn(proxy, client)
  for (const node of nodes) assert.equal(await activeOn(node, client, token)(), true)
  assert.equal((await revoke(proxy.send, client, token)).status, 200)
  for (const node of nodes)
    await holds(activeOn(node, client, token), (active) => active === false, 'revoked')
})

for (const index of [0, 1]) {
  test(`node ${index + 1} dies: the other one answers everything, and nothing is done twice`, async () => {
    const traffic = await startTraffic({ proxy, client, name: `n${index}` })
    await traffic.more(10)
    await traffic.through(nodes[index].kill)
    await traffic.more(30)
    nodes[index] = await place.startNode(nodes[index].port)
    const restarted = (await proxy.lines()).length
    const both = async () => answeredBy((await proxy.lines()).slice(restarted)).size === 2
    await holds(both, Boolean, 'back behind the proxy', BACK_WITHIN_MS)
    const { writes } = await traffic.end()
    await agrees(writes)
  })
}

/** Each write that was acknowledged was done once; one whose node died under it once or never. */
async function agrees(writes) {
  const users = 'SELECT email, count(*) FROM users GROUP BY email'
  const applications = 'SELECT name, count(*) FROM applications GROUP BY name'
  const rows = [...(await place.database.rows(users)), ...(await place.database.rows(applications))]
  const done = new Map(rows.map((row) => row.split('|')).map(([name, count]) => [name, Number(count)]))
  for (const { name, status } of writes) {
    if (status === 201) assert.equal(done.get(name), 1, name)
    else assert.ok((done.get(name) ?? 0) <= 1, name)
  }
}

test('when no node is left, the answer is the documented one', async () => {
  await Promise.all(nodes.map((node) => node.kill()))
  const answer = await requestToken(proxy.send, client)
  assert.equal(answer.status, 502)
  assert.equal(answer.json.error, 'temporarily_unavailable')
  assert.ok(answer.json.error_description)
  assert.equal(answer.json.request_id, answer.headers['x-request-id'])
  const plain = await ask({ port: proxy.port, authority: AUTHORITY })
  assert.equal(plain.status, 400, 'plain text is not spoken')
})
