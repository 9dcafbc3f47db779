// PgBouncer in transaction mode between two nodes and PostgreSQL, as the documentation shows it: everything works over
// a few connections, and what one node does holds on the other although no notice tells it.
import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { bearer } from '../../scripts/local/http.mjs'
import { requestToken, revoke } from '../../scripts/local/oauth.mjs'
import {
  ASK_AGAIN_MS,
  activeOn,
  holds,
  ISSUER,
  kidOf,
  nodesPlace,
  tokenOn,
  usersOn,
} from './support/nodes.mjs'
import { startPgbouncer } from './support/pgbouncer.mjs'

const SERVER_CONNECTIONS = 5
const CALLERS = 40
const TIMES = 5
const HEALED_WITHIN_MS = 5_000

const place = await nodesPlace('pooler', { tls: true })
const { cli } = place
let pooler
let nodes
let client

before(async () => {
  pooler = await startPgbouncer(place, SERVER_CONNECTIONS)
  // They make the schema through the pooler, one of them while the other waits.
  nodes = await place.found({ database_url: pooler.url })
  client = place.client
})

const nodeOf = (number) => nodes[number % nodes.length]

/** The life of a user and of an application, each step on the other node than the one before. */
async function wholeLife(number) {
  const token = await tokenOn(nodeOf(number), client)
  let step = number
  const api = async (method, path, status, json) => {
    step += 1
    const answer = await nodeOf(step).send({ method, path: `/api/v1/${path}`, headers: bearer(token), json })
    assert.equal(answer.status, status, `${method} ${path} ${answer.text}`)
    return answer.json?.data
  }
  const email = `caller-${number}@example.com`
  const { id } = await api('POST', 'users', 201, { email, name: 'first' })
  await api('POST', 'users', 409, { email })
  await api('PATCH', `users/${id}`, 200, { name: 'second' })
  assert.equal((await api('GET', `users/${id}`, 200)).name, 'second')
  assert.equal((await api('GET', `users?email=${email}`, 200)).length, 1)
  await api('DELETE', `users/${id}`, 204)
  await api('GET', `users/${id}`, 404)
  const application = await api('POST', 'applications', 201, { name: email, type: 'm2m' })
  const rotated = await api('POST', `applications/${application.id}/rotate-secret`, 200, {})
  assert.notEqual(rotated.client_secret, application.client_secret)
  await api('DELETE', `applications/${application.id}`, 204)
  await api('GET', `applications/${application.id}`, 404)
  assert.equal((await revoke(nodeOf(number).send, client, token)).status, 200)
}

test('many callers of both nodes share a few connections to PostgreSQL', async () => {
  await Promise.all(Array.from({ length: CALLERS }, (_, number) => wholeLife(number)))
  const pool = (await pooler.show('POOLS')).find(({ database }) => database === place.database.role)
  const activity = 'SELECT count(*) FROM pg_stat_activity WHERE usename'
  const [servers] = await place.database.rows(`${activity} = '${place.database.role}'`)
  console.log(`# ${pool.cl_active} connections of the nodes, ${servers} to PostgreSQL`)
  assert.equal(pool.pool_mode, 'transaction')
  assert.ok(Number(servers) <= SERVER_CONNECTIONS, servers)
  assert.ok(Number(pool.cl_active) > SERVER_CONNECTIONS, pool.cl_active)
})

test('a token, its issuer and its keys are the same on both nodes', async () => {
  const [one, two] = nodes
  assert.equal((await usersOn(two, await tokenOn(one, client))).status, 200)
  const discovery = await two.send({ path: '/.well-known/openid-configuration' })
  assert.equal(discovery.json.issuer, ISSUER)
})

test('what is revoked on one node is dead on the other within a second', async () => {
  const [one, two] = nodes
  for (let time = 0; time < TIMES; time += 1) {
    const token = await tokenOn(one, client)
    assert.equal(await activeOn(two, client, token)(), true)
    assert.equal((await revoke(one.send, client, token)).status, 200)
    await holds(activeOn(two, client, token), (active) => active === false, 'revoked')
  }
})

test('a rotated secret works and a disabled client does not, within a second', async () => {
  const [one, two] = nodes
  const second = await place.createClient('Second', ['users:read'])
  const asked = (node, credentials) => async () => (await requestToken(node.send, credentials)).status
  await holds(asked(two, second), (status) => status === 200, 'created')
  const path = `/api/v1/applications/${second.client_id}/rotate-secret`
  const rotated = await one.send({ method: 'POST', path, headers: bearer(await tokenOn(one, client)) })
  assert.equal(rotated.status, 200, rotated.text)
  const renewed = { ...second, client_secret: rotated.json.data.client_secret }
  await holds(asked(two, renewed), (status) => status === 200, 'secret rotated')
  await cli(['client', 'disable', second.client_id])
  for (const node of nodes) await holds(asked(node, renewed), (status) => status === 401, 'disabled')
})

test('a rotated key signs on both nodes within a second, and each knows the other one’s', async () => {
  const { current } = await cli(['keys', 'rotate', '--force'])
  for (const node of nodes) {
    const signedBy = async () => kidOf(await tokenOn(node, client))
    await holds(signedBy, (kid) => kid === current, 'key rotated')
  }
  const [one, two] = nodes
  assert.equal((await usersOn(two, await tokenOn(one, client))).status, 200)
  assert.equal((await usersOn(one, await tokenOn(two, client))).status, 200)
})

test('LISTEN, which cannot work here, costs no node anything', async () => {
  const complaints = nodes.flatMap(({ warnings }) => warnings.map((warning) => JSON.stringify(warning)))
  assert.deepEqual(
    complaints.filter((text) => text.includes('notices of other nodes')),
    [],
  )
  const stray = (await pooler.log()).match(/got packet 'A' from server when not linked/g) ?? []
  console.log(`# PgBouncer wrote ${stray.length} lines of notices that nobody there listens to`)
})

/** Reads and writes on both nodes while `act` does its harm; afterwards all is well again, and soon. */
async function through(act, name) {
  const token = await tokenOn(nodes[0], client)
  const seen = new Map()
  let ending = false
  const work = async (_, worker) => {
    for (let turn = 0; !ending; turn += 1) {
      const json = { email: `${name}-${worker}-${turn}@example.com` }
      const request = turn % 2 ? { method: 'POST', json } : {}
      const { status, text } = await usersOn(nodeOf(worker), token, request)
      seen.set(status, (seen.get(status) ?? 0) + 1)
      assert.ok([200, 201, 503].includes(status), `${status} ${text}`)
    }
  }
  const working = Promise.all(Array.from({ length: 8 }, work))
  working.catch(() => {})
  const well = () => (seen.get(200) ?? 0) + (seen.get(201) ?? 0)
  const until = async (count) => {
    while (well() < count) await Promise.race([pause(ASK_AGAIN_MS), working])
  }
  await until(50)
  await act()
  for (const node of nodes) {
    const asked = async () => (await usersOn(node, token)).status
    await holds(asked, (status) => status === 200, `${name}: well again`, HEALED_WITHIN_MS)
  }
  await until(well() + 50)
  ending = true
  await working
  console.log(`# ${name}: ${[...seen].map(([status, count]) => `${count} × ${status}`).join(', ')}`)
}

test('cut connections to PostgreSQL: 503 at the worst, then all is well', () =>
  through(place.database.cutConnections, 'cut'))

test('a restarted pooler: 503 at the worst, then all is well', () => through(pooler.restart, 'pooler'))

test('a restarted PostgreSQL: 503 at the worst, then all is well', () =>
  through(place.database.restart, 'postgresql'))

test('both nodes end cleanly', async () => {
  for (const node of nodes) assert.equal((await node.stop()).code, 0)
})
