// Two nodes that share nothing but a PostgreSQL: what one does holds on the other.
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
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

const place = await nodesPlace('nodes')
const { cli, database } = place
let nodes
let client

before(async () => {
  nodes = await place.found()
  client = place.client
})

test('a token of one node is good on the other', async () => {
  const [one, two] = nodes
  const token = await tokenOn(one, client)
  assert.equal((await usersOn(two, token)).status, 200)
  const discovery = await two.send({ path: '/.well-known/openid-configuration' })
  assert.equal(discovery.json.issuer, ISSUER)
})

test('a revocation on one node holds on the other', async () => {
  const [one, two] = nodes
  const token = await tokenOn(one, client)
  assert.equal(await activeOn(two, client, token)(), true)
  assert.equal((await revoke(one.send, client, token)).status, 200)
  await holds(activeOn(two, client, token), (active) => active === false, 'revoked')
})

test('a rotated secret works on the other node, a disabled client on none', async () => {
  const [one, two] = nodes
  const second = await place.createClient('Second', ['users:read'])
  await holds(
    () => requestToken(two.send, second),
    (answer) => answer.status === 200,
    'created',
  )
  const path = `/api/v1/applications/${second.client_id}/rotate-secret`
  const mighty = bearer(await tokenOn(one, client))
  const rotated = await one.send({ method: 'POST', path, headers: mighty })
  assert.equal(rotated.status, 200, rotated.text)
  const renewed = { ...second, client_secret: rotated.json.data.client_secret }
  await holds(
    () => requestToken(two.send, renewed),
    (answer) => answer.status === 200,
    'secret rotated',
  )
  await cli(['client', 'disable', second.client_id])
  for (const node of nodes) {
    await holds(
      () => requestToken(node.send, renewed),
      (answer) => answer.status === 401,
      'disabled',
    )
  }
})

test('nobody signs with a key that the other node does not publish', async () => {
  const [one, two] = nodes
  const before = await two.send({ path: '/.well-known/jwks.json' })
  await cli(['keys', 'rotate', '--force'])
  const known = new Set(before.json.keys.map((key) => key.kid))
  await holds(
    async () => {
      const kid = kidOf(await tokenOn(one, client))
      assert.ok(known.has(kid), 'the key was published before the rotation')
      const current = (await cli(['keys', 'list'])).find(
        (key) => key.algorithm === 'RS256' && key.state === 'current',
      )
      return kid === current.kid
    },
    (moved) => moved,
    'rotated',
  ).catch(() => assert.fail('the rotation did not reach the other node'))
  assert.equal((await usersOn(two, await tokenOn(one, client))).status, 200)
})

test('one of many equal requests over both nodes makes the user', async () => {
  const token = await tokenOn(nodes[0], client)
  const headers = { ...bearer(token), 'idempotency-key': randomBytes(8).toString('hex') }
  const json = { email: `once-${randomBytes(4).toString('hex')}@example.com` }
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      usersOn(nodes[index % 2], token, { method: 'POST', headers, json }),
    ),
  )
  const made = answers.filter((answer) => answer.status === 201)
  assert.ok(made.length > 0, answers[0].text)
  assert.equal(new Set(made.map((answer) => answer.json.data.id)).size, 1, 'all speak of one user')
  for (const answer of answers) assert.ok([201, 409].includes(answer.status), answer.text)
  const listed = await usersOn(nodes[1], token, { path: `/api/v1/users?email=${json.email}` })
  assert.equal(listed.json.data.length, 1)
})

test('a node killed while writing loses nothing it acknowledged; the other goes on', async () => {
  const [, two] = nodes
  const victim = await place.startNode()
  const token = await tokenOn(two, client)
  const acknowledged = []
  const writing = Promise.all(
    Array.from({ length: 8 }, async (_, worker) => {
      for (let turn = 0; ; turn += 1) {
        const json = { email: `kill-${worker}-${turn}@example.com` }
        const answer = await usersOn(victim, token, { method: 'POST', json }).catch(() => undefined)
        if (answer === undefined) return
        if (answer.status === 201) acknowledged.push(answer.json.data.id)
      }
    }),
  )
  while (acknowledged.length < 50) await pause(ASK_AGAIN_MS)
  await victim.kill()
  await writing
  for (const id of acknowledged) {
    const found = await two.send({ path: `/api/v1/users/${id}`, headers: bearer(token) })
    assert.equal(found.status, 200, `${id} was acknowledged`)
  }
})

test('cut connections and a restarted database: 503 at the worst, then all is well', async () => {
  const [one] = nodes
  const token = await tokenOn(one, client)
  const seen = new Set()
  const trouble = async (act) => {
    const acting = act()
    for (let turn = 0; turn < 40; turn += 1) {
      seen.add((await usersOn(one, token)).status)
      await pause(ASK_AGAIN_MS)
    }
    await acting
  }
  await trouble(database.cutConnections)
  await trouble(database.restart)
  for (const status of seen) assert.ok([200, 503].includes(status), `answered ${status}`)
  const deadline = performance.now() + 5_000
  while ((await usersOn(one, token)).status !== 200) {
    assert.ok(performance.now() < deadline, 'no 5xx outlives the fault by 5 s')
    await pause(ASK_AGAIN_MS)
  }
})

test('both nodes end cleanly', async () => {
  for (const node of nodes) assert.equal((await node.stop()).code, 0)
})
