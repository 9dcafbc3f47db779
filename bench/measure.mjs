// One case measured once, and all of them measured in turns.
import { load } from './load.mjs'
import { cpuMicros, endedChildrenMicros, machineTicks, memory } from './processes.mjs'

const sum = (list, of) => list.reduce((total, one) => total + of(one), 0)
const most = (list, of) => Math.max(...list.map(of))

/** What the processes of a case have used so far. */
const used = ({ nodes, database }) => ({
  server: sum(nodes, (node) => cpuMicros(node.pid)),
  database: database ? cpuMicros(database.pid) : 0,
  load: endedChildrenMicros(),
  machine: machineTicks(),
})

/** The connections are shared out over the nodes. */
async function measure(one, seconds, directory) {
  const { nodes, subject, prepare } = one
  const connections = one.connections / nodes.length
  const ready = []
  for (const node of nodes) ready.push(await prepare(subject, node, { connections, seconds, directory }))
  const before = used(one)
  const loads = await Promise.all(
    nodes.map((node, index) => load({ port: node.port, connections, seconds, ...ready[index] })),
  )
  const after = used(one)
  const requests = sum(loads, (told) => told.requests)
  const machine = {
    busy: after.machine.busy - before.machine.busy,
    all: after.machine.all - before.machine.all,
  }
  return {
    requests,
    perSecond: sum(loads, (told) => told.perSecond),
    p50Micros: most(loads, (told) => told.p50),
    p99Micros: most(loads, (told) => told.p99),
    serverMicros: (after.server - before.server) / requests,
    databaseMicros: (after.database - before.database) / requests,
    loadMicros: (after.load - before.load) / requests,
    machineBusy: machine.busy / machine.all,
    serverMemory: sum(nodes, (node) => memory(node.pid).pss) / nodes.length,
  }
}

/**
 * All cases once, then once more, and so on. Every other round goes backwards: what comes late in one comes
 * early in the next. The round before the first is for warming up (caches, Node's compiler) and forgotten.
 */
export async function measureAll(list, { rounds, seconds }, directory, tell) {
  for (let round = 0; round <= rounds; round += 1) {
    for (const one of round % 2 === 0 ? list : list.toReversed()) {
      const result = await measure(one, seconds, directory).catch((error) => {
        throw new Error(`${one.name}: ${error.message}`, { cause: error })
      })
      if (round > 0) one.results.push(result)
      tell(
        `round ${round}/${rounds}  ${one.name}: ${result.perSecond.toFixed(0)}/s, ` +
          `CPU ${result.serverMicros.toFixed(0)} + ${result.databaseMicros.toFixed(0)} us`,
      )
    }
  }
}
