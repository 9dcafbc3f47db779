// The example's PgBouncer, on a port of its own.
import { randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { run, stop } from '../../../scripts/local/children.mjs'
import { freePort } from '../../../scripts/local/ports.mjs'
import { ROOT } from '../../../scripts/local/products.mjs'
import { ordinaryDirectory, startDaemon } from './daemon.mjs'
import { substituted } from './example.mjs'
import { ASK_AGAIN_MS } from './nodes.mjs'

const EXAMPLE = join(ROOT, 'examples/pgbouncer/pgbouncer.ini')
const STARTED_WITHIN_MS = 10_000

/**
 * Starts PgBouncer with the example before `database`, with `size` connections to it. Gives the URL for nodes, what
 * `SHOW` of its console says (rows of columns), its log, and ways to end it and have it again.
 */
export async function startPgbouncer(place, size) {
  const { role, password, tls } = place.database
  const directory = join(place.directory, 'pgbouncer')
  await ordinaryDirectory(directory)
  const at = (name) => join(directory, name)
  const port = await freePort()
  const monitoring = randomBytes(16).toString('hex')
  const example = substituted(await readFile(EXAMPLE, 'utf8'), [
    ['host=10.0.0.21 port=5432', `host=127.0.0.1 port=${tls.port}`],
    ['listen_port = 6432', `listen_port = ${port}`],
    ['/var/log/postgresql/pgbouncer.log', at('log')],
    ['/var/run/postgresql/pgbouncer.pid', at('pid')],
    ['/etc/pgbouncer/userlist.txt', at('userlist.txt')],
    ['/etc/pgbouncer/postgresql-ca.pem', tls.authority],
    ['default_pool_size = 20', `default_pool_size = ${size}`],
  ])
  // Readable by PgBouncer's user; nobody else can enter the directory.
  await writeFile(at('pgbouncer.ini'), example)
  await writeFile(at('userlist.txt'), `"${role}" "${password}"\n"monitoring" "${monitoring}"\n`)
  const console = `postgresql://monitoring:${monitoring}@127.0.0.1:${port}/pgbouncer`
  const show = async (what) => {
    const rows = await run('psql', [console, '--no-psqlrc', '--no-align', '--command', `SHOW ${what}`])
    const [names, ...lines] = rows
      .trim()
      .split('\n')
      .map((line) => line.split('|'))
    return lines.map((line) => Object.fromEntries(names.map((name, index) => [name, line[index]])))
  }
  let child
  const begin = async () => {
    child = startDaemon('pgbouncer', [at('pgbouncer.ini')], { ordinary: true })
    child.stdout.resume()
    await answers(show, child)
  }
  await begin()
  return {
    url: `postgresql://${role}:${password}@127.0.0.1:${port}/${role}`,
    show,
    log: () => readFile(at('log'), 'utf8'),
    restart: async () => {
      await stop(child)
      await begin()
    },
  }
}

async function answers(show, child) {
  const deadline = performance.now() + STARTED_WITHIN_MS
  while (!(await show('VERSION').catch(() => undefined))) {
    if (performance.now() > deadline || child.exitCode !== null) {
      throw new Error(`PgBouncer did not start\n${child.complaints}`)
    }
    await pause(ASK_AGAIN_MS)
  }
}
