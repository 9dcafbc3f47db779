// `make bench`: measures everything in one run and writes docs/benchmarks.md and bench/results.json.
//   node bench/run.mjs             all of it
//   node bench/run.mjs token pg    only the cases whose name or group has one of the words; writes nothing
import { rmSync } from 'node:fs'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stop, stopAll } from '../scripts/local/children.mjs'
import { binary, ROOT } from '../scripts/local/products.mjs'
import { cases } from './cases.mjs'
import { measureDisk } from './disk.mjs'
import { watchIdle } from './idle.mjs'
import { describeMachine } from './machine.mjs'
import { measureAll } from './measure.mjs'
import { memory } from './processes.mjs'
import { report } from './report.mjs'
import { settings } from './settings.mjs'
import { measureStarts } from './start-up.mjs'
import { startSubjects } from './subjects.mjs'

const words = process.argv.slice(2)
const began = performance.now()
const tell = (line) =>
  console.log(`${((performance.now() - began) / 1000).toFixed(0).padStart(4)} s  ${line}`)

const wanted = (one) => words.length === 0 || words.some((word) => `${one.group} ${one.name}`.includes(word))

/** What the processes hold when the load is over. */
const memories = ({ sqlite, postgres, peer }) => ({
  sqlite: memory(sqlite.nodes[0].pid),
  postgres: memory(postgres.nodes[0].pid),
  database: memory(postgres.database.pid),
  peer: memory(peer.pid),
})

async function underLoad(subjects, directory) {
  const list = cases(subjects).filter(wanted)
  if (list.length === 0) throw new Error(`no case is called ${words.join(' or ')}`)
  await measureAll(list, settings, directory, tell)
  const measured = list.map(({ group, what, connections, side, results }) => ({
    group,
    what,
    connections,
    side,
    results,
  }))
  return { cases: measured, memories: memories(subjects) }
}

async function atRest({ sqlite, postgres }) {
  tell('starting and stopping')
  const starts = await measureStarts([sqlite, postgres], settings.starts)
  tell('writing rows')
  const disk = [await measureDisk(sqlite), await measureDisk(postgres)]
  return { starts, disk }
}

async function main(program, directory) {
  const machine = await describeMachine(program, directory)
  const subjects = await startSubjects(program, directory)
  const { sqlite, postgres, peer } = subjects
  try {
    machine.postgres = await postgres.database.value('SHOW server_version')
    machine.peerNode = peer.version
    const load = await underLoad(subjects, directory)
    if (words.length > 0) return
    const children = [...sqlite.nodes, ...postgres.nodes, postgres.quiet, peer].map((node) => node.child)
    await Promise.all(children.map(stop))
    const rest = await atRest(subjects)
    await postgres.database.stop()
    const idle = await watchIdle(program, directory, tell)
    const seconds = Math.round((performance.now() - began) / 1000)
    const results = { machine, settings, took: seconds, ...load, ...rest, idle }
    await writeFile(join(ROOT, 'bench/results.json'), `${JSON.stringify(results, null, 1)}\n`)
    await writeFile(join(ROOT, 'docs/benchmarks.md'), report(results))
    tell('written: docs/benchmarks.md, bench/results.json')
  } finally {
    await stopAll()
    await postgres.database.stop()
  }
}

const directory = await mkdtemp(join(process.env.BENCH_DIR ?? tmpdir(), 'intelliauth-bench-'))
process.on('exit', () => rmSync(directory, { recursive: true, force: true }))
// Ends by way of `exit`, which takes the children along; a PostgreSQL notices by itself that its owner is gone.
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1))
await main(await binary({ release: true }), directory)
