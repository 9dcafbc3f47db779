// docs/benchmarks.md out of the results.
import { DEFAULT_ROUNDS, DEFAULT_SECONDS } from './settings.mjs'
import { summaryTable } from './summary.mjs'
import {
  diskTable,
  idleTable,
  loadTable,
  loadToolMicros,
  megabytes,
  memoryTable,
  ratioTable,
  startTable,
  table,
} from './tables.mjs'

function machineTable({ machine }) {
  const micros = (value) => `${value.toFixed(0)} µs`
  const { sync } = machine
  return table(
    ['', ''],
    [
      ['date', machine.date],
      ['processor', `${machine.processor}, ${machine.cores} cores`],
      ['memory', megabytes(machine.memory)],
      ['kernel', machine.kernel],
      [
        'disk',
        `${machine.fileSystem}; a page made durable in ${micros(sync.median)} (median; worst ${micros(sync.max)})`,
      ],
      ['IntelliAuth', `${machine.intelliauth}, commit ${machine.commit}${built(machine)}`],
      ['PostgreSQL', machine.postgres],
      ['peer', `${machine.peer} under Node ${machine.peerNode}`],
      ['load', `${machine.wrk}, driven by Node ${machine.node}`],
    ],
  )
}

const built = (machine) =>
  machine.builtByBench ? ', release build' : ', **binary given by `INTELLIAUTH_BIN`**'

function warning({ settings, machine }) {
  const short = settings.seconds < DEFAULT_SECONDS || settings.rounds < DEFAULT_ROUNDS
  const reasons = [
    ...(short ? ['shorter than the default'] : []),
    ...(machine.builtByBench ? [] : ['with a binary that may not be a release build']),
  ]
  if (reasons.length === 0) return ''
  return `\n> **Placeholder.** This run was ${reasons.join(' and ')}: it shows that the bench works, nothing else.\n`
}

const how = (
  results,
) => `\`make bench\` writes this page and \`bench/results.json\`, which has every round; do not edit it. What follows from the
figures is in [sizing](sizing.md). To repeat it: Debian's \`wrk\` and \`postgresql\` (\`scripts/setup.sh --bench\`), a machine with
nothing else to do, \`make bench\`. This run took ${(results.took / 60).toFixed(1)} minutes.

## In short

A busy core: a million divided by the microseconds of CPU that a request took at 16 connections, those of the database included.

${summaryTable(results)}

## How it is measured

- Everything runs at once on one machine, on loopback without TLS: server, database, peer and load tool share its cores. So
  requests/s are what is left for the server, and **CPU per request** (user and system time of its processes by the
  kernel's count, divided by the requests) is the figure that carries over to other machines.
- Each case is run for ${results.settings.seconds} s in each of ${results.settings.rounds} rounds, after one that is thrown away. The cases take turns within a round, so that a
  slow moment of the machine hits all alike; every other round goes backwards. Figures are the median, in brackets the lowest
  and the highest round. Ratios are made round by round.
- Before each run one request is made and its answer checked: the status, the token's signature, type and claims, that a token
  is active or no longer. Any answer that is not a success fails the whole bench.
- The load tool is wrk with one thread. It took ${loadToolMicros(results.cases)} µs of CPU per request (median of the cases), which is not in the
  servers' figures. Each connection has one request under way.
- The rate limit is out of the way (\`requests_per_minute\` = 1,000,000,000); it is still counted. Logs are at their
  default level, two lines for a token, and go to \`/dev/null\`: making them is in the figures, a disk to keep them is not.
- Databases are durable: SQLite as it comes, PostgreSQL with \`fsync\` and \`synchronous_commit\` on, 64 MB of shared buffers,
  over a Unix socket. Both lie on the disk in the table.
- Tokens are asked for with \`client_secret_basic\`, audience and scope; one tenant per algorithm. A token writes nothing
  ([why](adr/0006-machine-tokens-are-not-audited.md)), so the databases hardly differ there. Revoked tokens are fresh, of a fresh
  tenant, and signed with EdDSA.
- Two nodes share the connections, half each; what they do is added up. On two cores they can only show what sharing costs.
- The database's CPU is that of all PostgreSQL processes.`

const peer = `The peer is oidc-provider for Node, one worker per core by \`node:cluster\`, \`NODE_ENV=production\`, JWT access tokens by resource
indicators, keys of the same kind, the same claims, scope, lifetime and client authentication. What differs:

- Its default in-memory adapter is used, and its client is static. A JWT is stored nowhere, so it never asks a database
  whether the client or a key has changed, as IntelliAuth does four times a second and tenant. This favours the peer.
- It compares the client's secret with the plain text it holds, in constant time; IntelliAuth keeps and computes an
  HMAC-SHA-256. This favours the peer, a little.
- It logs nothing and counts nothing; IntelliAuth does both for every request. The row \`log = "warn"\` says what the lines cost.
- It does more that this bench does not use: sign-in, consent, dynamic clients. It is Node, where IntelliAuth is compiled.`

export const report = (results) => `# Benchmarks
${warning(results)}
${machineTable(results)}

${how(results)}

## Tokens

\`POST /oauth2/token\`, client credentials.

${loadTable(results.cases, 'token')}

## Reading

${loadTable(results.cases, 'read')}

## Writing

Each is durable before it is answered. SQLite has one writer, and all that wait share a commit; in PostgreSQL each connection
commits by itself, and revocations of one tenant take turns.

${loadTable(results.cases, 'write')}

## Ratios

${ratioTable(results.cases)}

### The peer

${peer}

## Memory

RSS counts shared pages in every process, PSS once.

${memoryTable(results)}

## Idle

CPU time of servers that nobody asks anything. A node looks for work once a minute; tenants that nobody uses have none for hours.

${idleTable(results.idle)}

## Starting

From starting the program to its first "ready", ${results.settings.starts} times, on the data the load has left.

${startTable(results.starts)}

## Disk

Bytes per row with its indices, out of ${results.settings.rows.toLocaleString('en-US')} rows of each kind. SQLite: by the growth of the file, a user having an
event, a revocation as well. PostgreSQL: by the growth of the tables. While ${results.settings.rows.toLocaleString('en-US')} users were written a node had
${connections(results)} connections to PostgreSQL.

${diskTable(results.disk)}
`

const connections = ({ disk }) => disk.find((one) => one.connections !== undefined)?.connections
