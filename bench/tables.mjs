// The figures as Markdown tables.
import { ratio, summary } from './statistics.mjs'

const SEVERAL = 100
const MEGABYTE = 1024 * 1024

/** Three digits say all there is to say where rounds differ by per cents. */
export const short = (value) =>
  Number(value.toPrecision(3)).toLocaleString('en-US', { maximumFractionDigits: value < SEVERAL ? 2 : 0 })

const spread = (found) => `${short(found.median)} (${short(found.min)} to ${short(found.max)})`
const median = (values) => short(summary(values).median)
export const megabytes = (bytes) => `${(bytes / MEGABYTE).toFixed(0)} MB`

export const table = (head, rows) =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')

const valuesOf = (one, name) => one.results.map((result) => result[name])

/** Requests per second with what they cost, for one group of cases. */
export function loadTable(list, group) {
  const head = ['request', 'connections', 'on', 'requests/s', 'p50 ms', 'p99 ms']
  const costs = ['server CPU µs/request', 'database CPU µs/request', 'machine busy']
  const rows = list
    .filter((one) => one.group === group)
    .map((one) => {
      const millis = (name) => median(valuesOf(one, name).map((micros) => micros / 1000))
      const database = one.side.startsWith('PostgreSQL') ? median(valuesOf(one, 'databaseMicros')) : ''
      const busy = `${(summary(valuesOf(one, 'machineBusy')).median * 100).toFixed(0)} %`
      const speed = [spread(summary(valuesOf(one, 'perSecond'))), millis('p50Micros'), millis('p99Micros')]
      return [
        one.what,
        one.connections,
        one.side,
        ...speed,
        median(valuesOf(one, 'serverMicros')),
        database,
        busy,
      ]
    })
  return table([...head, ...costs], rows)
}

/** What the load tool itself took, in microseconds per request, over all cases. */
export const loadToolMicros = (list) => median(list.map((one) => summary(valuesOf(one, 'loadMicros')).median))

/** Over which other case a case is looked at, and in which figure. */
const COMPARISONS = [
  { over: 'SQLite', under: 'PostgreSQL', figure: 'perSecond', says: 'requests/s, SQLite / PostgreSQL' },
  {
    over: 'PostgreSQL, two nodes',
    under: 'PostgreSQL',
    figure: 'perSecond',
    says: 'requests/s, two nodes / one node',
  },
  {
    over: 'PostgreSQL, log = "warn"',
    under: 'PostgreSQL',
    figure: 'serverMicros',
    says: 'server CPU, without log lines / with',
  },
  {
    over: 'SQLite',
    under: 'oidc-provider',
    figure: 'perSecond',
    says: 'requests/s, IntelliAuth / oidc-provider',
  },
  {
    over: 'oidc-provider',
    under: 'SQLite',
    figure: 'serverMicros',
    says: 'CPU per request, oidc-provider / IntelliAuth',
  },
]

export function ratioTable(list) {
  const rows = COMPARISONS.flatMap(({ over, under, figure, says }) =>
    list
      .filter((one) => one.side === over)
      .flatMap((one) => {
        const same = (other) => other.what === one.what && other.connections === one.connections
        const other = list.find((candidate) => candidate.side === under && same(candidate))
        if (!other) return []
        const found = ratio(valuesOf(one, figure), valuesOf(other, figure))
        return [[says, one.what, one.connections, spread(found)]]
      }),
  )
  return table(['ratio', 'request', 'connections', 'median (lowest to highest round)'], rows)
}

export function memoryTable({ memories, idle }) {
  const row = (what, { rss, pss, processes }) => [what, processes, megabytes(rss), megabytes(pss)]
  const idleRows = idle.servers.flatMap(({ side, tenants, server, database }) => {
    const what = `idle, ${tenants} ${tenants === 1 ? 'tenant' : 'tenants'}, ${side}`
    return [row(what, server), ...(database ? [row(`${what}: the PostgreSQL processes`, database)] : [])]
  })
  return table(
    ['what', 'processes', 'RSS', 'PSS'],
    [
      ...idleRows,
      row('after the load, node on SQLite', memories.sqlite),
      row('after the load, node on PostgreSQL', memories.postgres),
      row('after the load, the PostgreSQL processes', memories.database),
      row('after the load, oidc-provider', memories.peer),
    ],
  )
}

export function idleTable({ servers, settled, seconds, looked }) {
  // The kernel counts in hundredths of a second.
  const millis = (micros) => (micros < 10_000 ? '< 10 ms' : `${(micros / 1000).toFixed(0)} ms`)
  const rows = servers.map(({ side, tenants, begun, halves }) => [
    side,
    tenants,
    millis(begun),
    ...halves.flatMap((half) => [millis(half.server), side === 'SQLite' ? '' : millis(half.database)]),
  ])
  const second = looked ? 'with a look for work' : 'more'
  const spans = [`${seconds} s`, `${seconds} s ${second}`]
  const heads = spans.flatMap((span) => [`server, ${span}`, `database, ${span}`])
  return table(['on', 'tenants', `server, start and ${settled} s`, ...heads], rows)
}

export const startTable = (starts) =>
  table(
    ['on', 'milliseconds to ready'],
    starts.map(({ side, millis }) => [side, spread(millis)]),
  )

export const diskTable = (disk) =>
  table(
    ['on', 'user', 'event', 'revocation'],
    disk.map(({ side, user, event, revocation }) => [
      side,
      ...[user, event, revocation].map((bytes) => `${bytes.toFixed(0)} B`),
    ]),
  )
