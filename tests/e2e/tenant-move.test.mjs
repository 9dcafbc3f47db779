// `intelliauth db move`: a tenant that lived on PostgreSQL lives on in SQLite, and back, as if nothing had happened;
// and a move that is killed leaves nothing.
import assert from 'node:assert/strict'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { before, test } from 'node:test'
import { run, start } from '../../scripts/local/children.mjs'
import { bearer } from '../../scripts/local/http.mjs'
import { introspect, requestToken, revoke } from '../../scripts/local/oauth.mjs'
import { snapshot } from './support/ledger-check.mjs'
import { activeOn, ISSUER, nodesPlace, tokenOn, usersOn } from './support/nodes.mjs'

const MANY_USERS = 60_000

const place = await nodesPlace('move')
let nodes
let client
let kept

before(async () => {
  nodes = await place.found()
  client = place.client
})

const move = (from, to) => run(place.program, ['db', 'move', '--from', from, '--to', to, '--json'])
const refusal = async (from, to) => {
  const refused = await move(from, to).then(
    () => assert.fail(`${from} was moved to ${to}`),
    (error) => error.message,
  )
  assert.match(refused, /^error: /m)
  return refused
}

/** A configuration like the nodes', for another place. */
async function configuration(name, line) {
  const text = await readFile(place.config, 'utf8')
  const path = join(place.directory, `${name}.toml`)
  await writeFile(path, text.replace(/^(database_url|data) = .*$/m, line))
  return path
}

async function emptyDirectory(name) {
  const path = join(place.directory, name)
  await mkdir(path, { mode: 0o700 })
  return { path, config: await configuration(name, `data = ${JSON.stringify(path)}`) }
}

async function emptyDatabase(name) {
  await place.database.rows(`CREATE DATABASE ${name} OWNER ${place.database.role}`)
  const url = place.database.url.replace(/\/[^/]*$/, `/${name}`)
  return configuration(name, `database_url = ${JSON.stringify(url)}`)
}

/** Everything of the tenant that its users would notice. */
async function lookAt(node) {
  const auth = bearer(await tokenOn(node, client))
  const users = await node.send({ path: '/api/v1/users?limit=100', headers: auth })
  const applications = await node.send({ path: '/api/v1/applications', headers: auth })
  const { keys } = (await node.send({ path: '/.well-known/jwks.json' })).json
  const { seq, entries } = await snapshot(node.send, ISSUER)
  return { users: users.json.data, applications: applications.json.data, keys, seq, entries }
}

/** Starts a node on another place, lets `see` look at it, and stops it. */
async function visiting(config, see) {
  const before = place.config
  place.config = config
  const node = await place.startNode()
  place.config = before
  await see(node)
  assert.equal((await node.stop()).code, 0)
}

/** What was given out before a move is worth after it what it was worth. */
async function livesOn(node) {
  assert.equal(await activeOn(node, client, kept.good)(), true)
  assert.equal(await activeOn(node, client, kept.revoked)(), false)
  assert.equal((await usersOn(node, kept.good)).status, 200)
  const answer = await requestToken(node.send, kept.second)
  assert.equal(answer.status, 200, `a rotated secret still works: ${answer.text}`)
  assert.equal((await requestToken(node.send, kept.disabled)).status, 401)
  const again = { ...bearer(kept.good), 'idempotency-key': 'once' }
  const replayed = await usersOn(node, kept.good, {
    method: 'POST',
    headers: again,
    json: { email: 'once@example.com' },
  })
  assert.equal(replayed.json.data.id, kept.once, 'a repeated request is known')
  assert.deepEqual(await lookAt(node), kept.seen)
}

test('a tenant with a past', async () => {
  const [node] = nodes
  const good = await tokenOn(node, client)
  const revoked = await tokenOn(node, client)
  assert.equal((await revoke(node.send, client, revoked)).status, 200)
  const again = { ...bearer(good), 'idempotency-key': 'once' }
  const made = await usersOn(node, good, {
    method: 'POST',
    headers: again,
    json: { email: 'once@example.com' },
  })
  assert.equal(made.status, 201, made.text)
  for (let index = 0; index < 20; index += 1) {
    const json = {
      email: `user${index}@example.com`,
      name: `Ünï ${index} 🦀`,
      password: 'correct horse battery',
    }
    assert.equal((await usersOn(node, good, { method: 'POST', json })).status, 201)
  }
  const second = await place.createClient('Second', ['users:read'])
  const path = `/api/v1/applications/${second.client_id}/rotate-secret`
  const rotated = await node.send({ method: 'POST', path, headers: bearer(good) })
  assert.equal(rotated.status, 200, rotated.text)
  const disabled = await place.createClient('Disabled', ['users:read'])
  await place.cli(['client', 'disable', disabled.client_id])
  kept = { good, revoked, second, disabled, once: made.json.data.id, seen: await lookAt(node) }
})

test('running servers are not moved from under', async () => {
  const { path } = await emptyDirectory('early')
  assert.match(await refusal(place.config, path), /nodes are running on the database/)
  assert.deepEqual(await readdir(path), [])
  for (const node of nodes) assert.equal((await node.stop()).code, 0)
})

test('from PostgreSQL to SQLite, and on to another PostgreSQL', async () => {
  const lite = await emptyDirectory('lite')
  const there = JSON.parse(await move(place.config, lite.path))
  await visiting(lite.config, async (node) => {
    await livesOn(node)
    assert.match(await refusal(lite.path, place.config), /another server is using the data directory/)
  })
  const second = await emptyDatabase('second')
  const back = JSON.parse(await move(lite.config, second))
  const of = (moved, table) => moved.tables.find((one) => one.table === table)
  for (const table of [
    'users',
    'applications',
    'client_secrets',
    'signing_keys',
    'revocations',
    'single_uses',
  ]) {
    assert.deepEqual(of(back, table), of(there, table), `${table}: same rows, same checksum`)
  }
  await visiting(second, async (node) => {
    await livesOn(node)
    const late = await tokenOn(node, client)
    assert.equal((await revoke(node.send, client, late)).status, 200)
    const { seq } = await snapshot(node.send, ISSUER)
    assert.equal(seq, kept.seen.seq + 1, 'the log goes on where it was')
    assert.deepEqual((await introspect(node.send, client, late)).json, { active: false })
  })
})

test('what is there is never overwritten', async () => {
  const stale = await emptyDirectory('stale')
  await writeFile(join(stale.path, 'intelliauth.db-wal'), 'of a server that was killed')
  assert.match(await refusal(place.config, stale.path), /intelliauth\.db-wal/)
  assert.deepEqual((await readdir(stale.path)).sort(), ['intelliauth.db-wal', 'server.lock'])
  assert.match(await refusal(place.config, join(place.directory, 'lite')), /there is a database already/)
  assert.match(await refusal(join(place.directory, 'lite'), place.config), /is not empty/)
  assert.match(await refusal(join(place.directory, 'nowhere'), place.config), /not a directory/)
  assert.match(await refusal(join(place.directory, 'early'), place.config), /there is no database/)
})

/** Kills a move when it says that it has begun this part of the work. */
async function killedWhen(part, from, to) {
  const moving = start(place.program, ['db', 'move', '--from', from, '--to', to, '--json'])
  for await (const line of createInterface({ input: moving.stderr })) {
    if (line.startsWith(part)) moving.kill('SIGKILL')
  }
  assert.equal((await moving.gone).signal, 'SIGKILL', `it was over before ${part}`)
}

test('a move that is killed leaves nothing and begins anew', async () => {
  const [tenant] = await place.database.rows('SELECT id FROM tenants')
  await place.database.rows(
    `INSERT INTO users SELECT '${tenant}', gen_random_uuid(), 'many' || n || '@example.com', false, '{}', NULL, false,
       NULL, 1, 0, 0 FROM generate_series(1, ${MANY_USERS}) n`,
  )
  const lite = await emptyDirectory('killed')
  const third = await emptyDatabase('third')
  for (const part of ['counting', 'copying', 'verifying']) {
    await killedWhen(part, place.config, lite.path)
    // No database; what was begun has a name of its own, and goes with the next attempt.
    for (const name of await readdir(lite.path))
      assert.match(name, /^server\.lock$|^intelliauth\.db\.unfinished/, part)
  }
  const moved = JSON.parse(await move(place.config, lite.path))
  assert.ok(moved.rows > MANY_USERS)
  assert.deepEqual((await readdir(lite.path)).sort(), ['intelliauth.db', 'server.lock'])
  await killedWhen('copying', lite.path, third)
  await killedWhen('verifying', lite.path, third)
  const again = JSON.parse(await move(lite.path, third))
  assert.equal(again.rows, moved.rows)
  await visiting(third, livesOnAmongMany)
})

async function livesOnAmongMany(node) {
  assert.equal(await activeOn(node, client, kept.good)(), true)
  assert.equal(await activeOn(node, client, kept.revoked)(), false)
  const found = await usersOn(node, kept.good, { path: `/api/v1/users?email=many${MANY_USERS}@example.com` })
  assert.equal(found.json.data.length, 1)
}
