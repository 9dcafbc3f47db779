// The few figures that sizing goes by, out of all the others.
import { summary } from './statistics.mjs'
import { megabytes, short, table } from './tables.mjs'

const SIDES = ['SQLite', 'PostgreSQL']
const SOME = 16
const MANY = 64

/** The median of a figure of one case; nothing if it was not measured. */
function found(list, what, connections, side, figure) {
  const same = (one) => one.what === what && one.connections === connections && one.side === side
  const one = list.find(same)
  return one && summary(one.results.map((result) => result[figure])).median
}

const perCore = (list, what) => (side) => {
  const server = found(list, what, SOME, side, 'serverMicros')
  const database = found(list, what, SOME, side, 'databaseMicros')
  return short(1e6 / (server + database))
}

const perSecond = (list, what, connections) => (side) =>
  short(found(list, what, connections, side, 'perSecond'))

/** Per tenant that nobody uses, by what many of them add to the memory of an idle server; nothing but noise may be less. */
function tenantKilobytes({ idle }, side) {
  const [few, many] = idle.servers
    .filter((server) => server.side === side)
    .sort((left, right) => left.tenants - right.tenants)
  return Math.max(0, (many.server.rss - few.server.rss) / (many.tenants - few.tenants) / 1024)
}

export function summaryTable(results) {
  const { cases, memories, disk, starts } = results
  const node = { SQLite: memories.sqlite, PostgreSQL: memories.postgres }
  const of = (list, side) => list.find((one) => one.side === side)
  const bytes = (name) => (side) => `${of(disk, side)[name].toFixed(0)} B`
  const rows = [
    ...['RS256', 'ES256', 'EdDSA'].map((name) => [`tokens/s of a busy core, ${name}`, perCore(cases, name)]),
    ['introspections/s of a busy core', perCore(cases, 'POST /oauth2/introspect')],
    ['polls of the revocations/s of a busy core', perCore(cases, 'GET /oauth2/revocations')],
    ['users read/s of a busy core', perCore(cases, 'GET /api/v1/users/{id}')],
    ['users written/s, 1 at a time', perSecond(cases, 'POST /api/v1/users', 1)],
    ['users written/s, 64 at a time', perSecond(cases, 'POST /api/v1/users', MANY)],
    ['tokens of one tenant revoked/s, 16 at a time', perSecond(cases, 'POST /oauth2/revoke', SOME)],
    ['memory of a node after the load (RSS)', (side) => megabytes(node[side].rss)],
    ['memory per idle tenant', (side) => `${tenantKilobytes(results, side).toFixed(0)} KB`],
    ['connections of a node', (side) => of(disk, side).connections ?? ''],
    ['start to ready', (side) => `${of(starts, side).millis.median.toFixed(0)} ms`],
    ['disk for a user', bytes('user')],
    ['disk for an event', bytes('event')],
    ['disk for a revocation', bytes('revocation')],
  ]
  return table(
    ['', ...SIDES],
    rows.map(([what, value]) => [what, ...SIDES.map(value)]),
  )
}
