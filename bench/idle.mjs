// What a server costs that nobody asks anything: the waking of its clocks, a look for work once a minute and, on
// PostgreSQL, a sign of life every twenty seconds.
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { stop } from '../scripts/local/children.mjs'
import { startDatabase } from './database.mjs'
import { install, makeTenant, startNode } from './installation.mjs'
import { cpuMicros, memory } from './processes.mjs'
import { settings } from './settings.mjs'

/** What a start leaves to do (a walk over the tenants) is over by then. */
const SETTLE_SECONDS = 10
/** A server looks for work, and on PostgreSQL at the clock, this often. */
const LOOK_SECONDS = 60

/** Each makes six keys, which takes a core a fifth of a second; so all cores are put to it. */
async function makeTenants(installation, count) {
  let next = 0
  const worker = async () => {
    while (next < count) {
      next += 1
      await makeTenant(installation, `idle${next}`, 'RS256')
    }
  }
  await Promise.all(Array.from({ length: settings.cores }, worker))
}

async function makeIdle(program, directory, side, tenants) {
  const word = side === 'SQLite' ? 's' : 'p'
  const database = side === 'SQLite' ? undefined : await startDatabase(`idle${tenants}`)
  const installation = await install(program, join(directory, `idle-${word}-${tenants}`), database?.url)
  await makeTenants(installation, tenants)
  return { side, tenants, database, installation }
}

const account = (server) => ({
  server: cpuMicros(server.node.pid),
  database: server.database ? cpuMicros(server.database.pid) : 0,
})

const between = (before, after) => ({
  server: after.server - before.server,
  database: after.database - before.database,
})

/**
 * All servers at the same time, since none does anything worth speaking of. Two halves: the minute's look falls into
 * the second.
 */
export async function watchIdle(program, directory, tell) {
  const servers = []
  for (const tenants of [1, settings.idleTenants]) {
    for (const side of ['SQLite', 'PostgreSQL']) {
      tell(`idle: making ${tenants} tenants on ${side}`)
      servers.push(await makeIdle(program, directory, side, tenants))
    }
  }
  const began = performance.now()
  for (const server of servers) server.node = await startNode(server.installation)
  tell(`idle: watching for ${2 * settings.idleSeconds} s`)
  await pause(SETTLE_SECONDS * 1000 - (performance.now() - began))
  const accounts = [servers.map(account)]
  for (let half = 0; half < 2; half += 1) {
    await pause(settings.idleSeconds * 1000)
    accounts.push(servers.map(account))
  }
  const found = servers.map((server, index) => ({
    side: server.side,
    tenants: server.tenants,
    // Counted from its start, so with the start itself and what it leaves to do.
    begun: accounts[0][index].server,
    halves: [0, 1].map((half) => between(accounts[half][index], accounts[half + 1][index])),
    server: memory(server.node.pid),
    database: server.database && memory(server.database.pid),
  }))
  for (const server of servers) {
    await stop(server.node.child)
    await server.database?.stop()
  }
  const [first, last] = [SETTLE_SECONDS + settings.idleSeconds, SETTLE_SECONDS + 2 * settings.idleSeconds]
  const looked = first < LOOK_SECONDS && LOOK_SECONDS < last
  return { settled: SETTLE_SECONDS, seconds: settings.idleSeconds, looked, servers: found }
}
