// Nodes that share nothing but a PostgreSQL: real `intelliauth serve` processes with a production tenant on them.
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { run, start, stop, stopAll } from '../../../scripts/local/children.mjs'
import { ask, bearer } from '../../../scripts/local/http.mjs'
import { introspect, requestToken } from '../../../scripts/local/oauth.mjs'
import { freePort } from '../../../scripts/local/ports.mjs'
import { startPostgres } from '../../../scripts/local/postgres.mjs'
import { binary } from '../../../scripts/local/products.mjs'
import { scratch } from '../../../scripts/local/project.mjs'

export const ISSUER = 'https://shop-acme.auth.example.com'
export const AUTHORITY = 'shop-acme.auth.example.com'
export const ASK_AGAIN_MS = 10
const HOLDS_WITHIN_MS = 1_000
const STARTED_WITHIN_MS = 20_000
const SCOPES = ['users:read', 'users:write', 'applications:read', 'applications:write']

/**
 * A PostgreSQL and a directory for one test file; `found` puts the nodes on it. Everything is stopped and removed
 * after the file's tests.
 */
export async function nodesPlace(name, { tls } = {}) {
  const directory = await scratch(name)
  const program = await binary()
  const database = await startPostgres(join('/tmp', `intelliauth-${name}-postgres-${process.pid}`), { tls })
  after(async () => {
    await stopAll()
    await database.stop()
    await directory.remove()
  })
  const place = {
    directory: directory.path,
    program,
    database,
    config: join(directory.path, 'intelliauth.toml'),
  }
  place.cli = async (words) => JSON.parse(await run(program, [...words, '--config', place.config, '--json']))
  place.startNode = (port, environment) => startNode(place, port, environment)
  place.found = (settings) => found(place, settings)
  place.createClient = (display, scopes) => {
    const words = ['client', 'create', '--name', display, '--type', 'm2m', '--audience', 'api']
    return place.cli([...words, ...scopes.flatMap((scope) => ['--scope', scope])])
  }
  return place
}

/** Writes the configuration, starts two nodes, and makes a tenant with a machine client that may do everything. */
async function found(place, more = {}) {
  const key = join(place.directory, 'data.key')
  await writeFile(key, randomBytes(32).toString('base64'), { mode: 0o600 })
  const settings = {
    public_url: 'https://auth.example.com',
    database_url: place.database.url,
    data_key_file: key,
    trusted_proxies: [],
    requests_per_minute: 1_000_000,
    operations_listen: 'off',
    ...more,
  }
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${JSON.stringify(value)}\n`)
  await writeFile(place.config, lines.join(''))
  // Both start on a database without a schema: one migrates, the other waits.
  const nodes = await Promise.all([place.startNode(), place.startNode()])
  await place.cli(['tenant', 'create', '--org', 'acme', '--slug', 'shop'])
  place.client = await place.createClient('Machine', SCOPES)
  return nodes
}

/** Starts a node, on the port of one that has gone if need be, and waits until it can serve. */
async function startNode({ program, config }, wanted, environment = {}) {
  const port = wanted ?? (await freePort())
  const child = start(program, ['serve', '--config', config], {
    env: { ...process.env, INTELLIAUTH_LISTEN: `127.0.0.1:${port}`, ...environment },
  })
  const node = {
    child,
    port,
    warnings: warningsOf(child),
    send: (request) => ask({ port, authority: AUTHORITY, ...request }),
    /** As a power cut would. */
    kill: () => {
      child.kill('SIGKILL')
      return child.gone
    },
    stop: () => stop(child),
  }
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

/** What it warns of, as its log has it. */
function warningsOf(child) {
  const warnings = []
  createInterface({ input: child.stderr }).on('line', (line) => {
    if (line.includes('"level":"WARN"') || line.includes('"level":"ERROR"')) warnings.push(JSON.parse(line))
  })
  return warnings
}

/** How long until the answer is as wanted; fails when that is longer than promised. */
export async function holds(question, wanted, what, withinMs = HOLDS_WITHIN_MS) {
  const began = performance.now()
  for (;;) {
    const answer = await question()
    const elapsed = performance.now() - began
    if (wanted(answer)) {
      console.log(`# ${what}: ${elapsed.toFixed(0)} ms`)
      return answer
    }
    assert.ok(elapsed < withinMs, `${what}: not within ${withinMs} ms`)
    await pause(ASK_AGAIN_MS)
  }
}

/** A token for `client` by this node. */
export async function tokenOn(node, client) {
  const answer = await requestToken(node.send, client)
  assert.equal(answer.status, 200, answer.text)
  return answer.json.access_token
}

/** Asks this node whether the token is good. */
export const activeOn = (node, client, token) => async () =>
  (await introspect(node.send, client, token)).json.active

/** A request to the REST API's users by this node. */
export const usersOn = (node, token, more = {}) =>
  node.send({ path: '/api/v1/users', headers: bearer(token), ...more })

/** The key that signed a token. */
export const kidOf = (token) => JSON.parse(Buffer.from(token.split('.')[0], 'base64url')).kid
