// Two nodes that share nothing but a PostgreSQL: what one does holds on the other.
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { run, start, stop, stopAll } from '../../scripts/local/children.mjs'
import { ask, bearer } from '../../scripts/local/http.mjs'
import { introspect, requestToken, revoke } from '../../scripts/local/oauth.mjs'
import { freePort } from '../../scripts/local/ports.mjs'
import { startPostgres } from '../../scripts/local/postgres.mjs'
import { binary } from '../../scripts/local/products.mjs'
import { scratch } from '../../scripts/local/project.mjs'

const ISSUER = 'https://shop-acme.auth.example.com'
const AUTHORITY = 'shop-acme.auth.example.com'
const HOLDS_WITHIN_MS = 1_000
const ASK_AGAIN_MS = 10
const STARTED_WITHIN_MS = 20_000

const directory = await scratch('nodes')
const program = await binary()
const config = join(directory.path, 'intelliauth.toml')
const database = join('/tmp', `intelliauth-nodes-postgres-${process.pid}`)
let server
let nodes
let client

before(async () => {
  server = await startPostgres(database)
  const key = join(directory.path, 'data.key')
  await writeFile(key, randomBytes(32).toString('base64'), { mode: 0o600 })
  const settings = {
    public_url: 'https://auth.example.com',
    database_url: server.url,
    data_key_file: key,
    trusted_proxies: [],
    requests_per_minute: 1_000_000,
    operations_listen: 'off',
  }
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${JSON.stringify(value)}\n`)
  await writeFile(config, lines.join(''))
  // Both start on a database without a schema: one migrates, the other waits.
  nodes = await Promise.all([startNode(), startNode()])
  await cli(['tenant', 'create', '--org', 'acme', '--slug', 'shop'])
  const words = ['client', 'create', '--name', 'Machine', '--type', 'm2m', '--audience', 'api']
  const scopes = ['users:read', 'users:write', 'applications:read', 'applications:write']
  client = await cli([...words, ...scopes.flatMap((scope) => ['--scope', scope])])
})

after(async () => {
  await stopAll()
  await server?.stop()
  await directory.remove()
})

async function startNode() {
  const port = await freePort()
  const child = start(program, ['serve', '--config', config], {
    env: { ...process.env, INTELLIAUTH_LISTEN: `127.0.0.1:${port}` },
  })
  child.stdout.resume()
  const node = { child, port, send: (request) => ask({ port, authority: AUTHORITY, ...request }) }
  const deadline = performance.now() + STARTED_WITHIN_MS
  for (;;) {
    const answer = await node.send({ path: '/readyz' }).catch(() => undefined)
    if (answer?.status === 200) return node
    if (performance.now() > deadline || child.exitCode !== null) {
      throw new Error(`a node did not start\n${child.complaints}`)
    }
    await pause(ASK_AGAIN_MS)
  }
}

const cli = async (words) => JSON.parse(await run(program, [...words, '--config', config, '--json']))

/** How long until the answer is as wanted; fails when that is longer than promised. */
async function holds(question, wanted, what) {
  const began = performance.now()
  for (;;) {
    const answer = await question()
    const elapsed = performance.now() - began
    if (wanted(answer)) {
      console.log(`# ${what}: ${elapsed.toFixed(0)} ms`)
      return answer
    }
    assert.ok(elapsed < HOLDS_WITHIN_MS, `${what}: not within ${HOLDS_WITHIN_MS} ms`)
    await pause(ASK_AGAIN_MS)
  }
}

const tokenOn = async (node, credentials = client) => {
  const answer = await requestToken(node.send, credentials)
  assert.equal(answer.status, 200, answer.text)
  return answer.json.access_token
}
const activeOn = (node, token) => async () => (await introspect(node.send, client, token)).json.active
const usersOn = (node, token, more = {}) =>
  node.send({ path: '/api/v1/users', headers: bearer(token), ...more })

test('a token of one node is good on the other', async () => {
  const [one, two] = nodes
  const token = await tokenOn(one)
  assert.equal((await usersOn(two, token)).status, 200)
  const discovery = await two.send({ path: '/.well-known/openid-configuration' })
  assert.equal(discovery.json.issuer, ISSUER)
})

test('a revocation on one node holds on the other', async () => {
  const [one, two] = nodes
  const token = await tokenOn(one)
  assert.equal(await activeOn(two, token)(), true)
  assert.equal((await revoke(one.send, client, token)).status, 200)
  await holds(activeOn(two, token), (active) => active === false, 'revoked')
})

test('a rotated secret works on the other node, a disabled client on none', async () => {
  const [one, two] = nodes
  const words = ['client', 'create', '--name', 'Second', '--type', 'm2m', '--audience', 'api']
  const second = await cli([...words, '--scope', 'users:read'])
  await holds(
    () => requestToken(two.send, second),
    (answer) => answer.status === 200,
    'created',
  )
  const path = `/api/v1/applications/${second.client_id}/rotate-secret`
  const mighty = bearer(await tokenOn(one))
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
  const kidOf = (token) => JSON.parse(Buffer.from(token.split('.')[0], 'base64url')).kid
  const known = new Set(before.json.keys.map((key) => key.kid))
  await holds(
    async () => {
      const kid = kidOf(await tokenOn(one))
      assert.ok(known.has(kid), 'the key was published before the rotation')
      const current = (await cli(['keys', 'list'])).find(
        (key) => key.algorithm === 'RS256' && key.state === 'current',
      )
      return kid === current.kid
    },
    (moved) => moved,
    'rotated',
  ).catch(() => assert.fail('the rotation did not reach the other node'))
  assert.equal((await usersOn(two, await tokenOn(one))).status, 200)
})

test('one of many equal requests over both nodes makes the user', async () => {
  const token = await tokenOn(nodes[0])
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
  const victim = await startNode()
  const token = await tokenOn(two)
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
  victim.child.kill('SIGKILL')
  await writing
  for (const id of acknowledged) {
    const found = await two.send({ path: `/api/v1/users/${id}`, headers: bearer(token) })
    assert.equal(found.status, 200, `${id} was acknowledged`)
  }
})

test('cut connections and a restarted database: 503 at the worst, then all is well', async () => {
  const [one] = nodes
  const token = await tokenOn(one)
  const seen = new Set()
  const trouble = async (act) => {
    const acting = act()
    for (let turn = 0; turn < 40; turn += 1) {
      seen.add((await usersOn(one, token)).status)
      await pause(ASK_AGAIN_MS)
    }
    await acting
  }
  await trouble(server.cutConnections)
  await trouble(server.restart)
  for (const status of seen) assert.ok([200, 503].includes(status), `answered ${status}`)
  const deadline = performance.now() + 5_000
  while ((await usersOn(one, token)).status !== 200) {
    assert.ok(performance.now() < deadline, 'no 5xx outlives the fault by 5 s')
    await pause(ASK_AGAIN_MS)
  }
})

test('both nodes end cleanly', async () => {
  for (const node of nodes) assert.equal((await stop(node.child)).code, 0)
})
