// What a user, an event and a revocation take on the disk, indices included, told by how much the database
// grows. SQLite does not say what is whose, so three kinds of change are made: a new user is a user and an
// event, a changed one an event alone, a revocation a revocation and an event.
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { statSync } from 'node:fs'
import { Agent } from 'node:http'
import { join } from 'node:path'
import { stop } from '../scripts/local/children.mjs'
import { bearer } from '../scripts/local/http.mjs'
import { at, requestToken, revoke } from '../scripts/local/oauth.mjs'
import { startNode } from './installation.mjs'
import { settings } from './settings.mjs'
import { freshTenant, tokenOf } from './subjects.mjs'

const AT_ONCE = 32
const FILES = ['intelliauth.db', 'intelliauth.db-wal']
const TABLES = ['users', 'events', 'revocations']

async function many(count, act) {
  const given = []
  let next = 0
  const worker = async () => {
    while (next < count) {
      const turn = next
      next += 1
      given[turn] = await act(turn)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  return given
}

const expect = (answer, status) => {
  assert.equal(answer.status, status, answer.text)
  return answer
}

/** The file is looked at while nobody has it open: then nothing waits in the log beside it. */
function fileBytes(data) {
  const sizes = FILES.map((name) => statSync(join(data, name), { throwIfNoEntry: false })?.size ?? 0)
  return { all: sizes.reduce((sum, size) => sum + size, 0) }
}

async function tableBytes(database) {
  const sizes = {}
  for (const table of TABLES) {
    sizes[table] = Number(await database.value(`SELECT pg_total_relation_size('${table}')`))
  }
  return sizes
}

/** How much grew where while `act` worked with a node. */
async function grown(subject, act) {
  const { database, installation } = subject
  const look = () => (database ? tableBytes(database) : fileBytes(installation.data))
  const before = await look()
  const node = await startNode(installation)
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE })
  const given = await act(node, agent)
  const connections = database && (await connectionsOf(database))
  agent.destroy()
  await stop(node.child)
  const after = await look()
  const perRow = (name) => (after[name] - before[name]) / settings.rows
  return {
    given,
    connections,
    perRow: Object.fromEntries(Object.keys(before).map((name) => [name, perRow(name)])),
  }
}

const connectionsOf = async (database) =>
  Number(
    await database.value(
      'SELECT count(*) FROM pg_stat_activity WHERE usename = current_user AND pid <> pg_backend_pid()',
    ),
  )

export async function measureDisk(subject) {
  const tenant = subject.tenants.writing
  const inTenant = (node, agent) => at({ port: node.port, authority: tenant.host }, agent)
  const users = await grown(subject, async (node, agent) => {
    const headers = bearer(await tokenOf(node, tenant))
    const prefix = randomBytes(6).toString('hex')
    return many(settings.rows, async (turn) => {
      const json = { email: `${prefix}-${turn}@example.com`, name: 'Ada Lovelace' }
      const request = { method: 'POST', path: '/api/v1/users', headers, json }
      return expect(await inTenant(node, agent)(request), 201).json.data.id
    })
  })
  const changes = await grown(subject, async (node, agent) => {
    const headers = bearer(await tokenOf(node, tenant))
    await many(settings.rows, async (turn) => {
      const path = `/api/v1/users/${users.given[turn]}`
      const request = { method: 'PATCH', path, headers, json: { name: 'Eva Lovelace' } }
      expect(await inTenant(node, agent)(request), 200)
    })
  })
  const fresh = await freshTenant(subject)
  const revocations = await grown(subject, async (node, agent) => {
    const send = at({ port: node.port, authority: fresh.host }, agent)
    await many(settings.rows, async () => {
      const token = expect(await requestToken(send, fresh.client), 200).json.access_token
      expect(await revoke(send, fresh.client, token), 200)
    })
  })
  return {
    side: subject.name,
    rows: settings.rows,
    connections: users.connections,
    ...rows(users, changes, revocations),
  }
}

function rows(users, changes, revocations) {
  const { all: user } = users.perRow
  if (user === undefined) {
    return {
      user: users.perRow.users,
      event: users.perRow.events,
      revocation: revocations.perRow.revocations,
    }
  }
  const event = changes.perRow.all
  return { user: user - event, event, revocation: revocations.perRow.all - event }
}
