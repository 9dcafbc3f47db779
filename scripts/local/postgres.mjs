// A PostgreSQL of one's own for the demo and the tests, gone with the process that asked for it.
import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from './children.mjs'
import { ROOT } from './products.mjs'

const SCRIPT = join(ROOT, 'scripts/postgres.sh')
const ROLE = 'intelliauth'

/**
 * Starts a server in `directory` (absolute, empty or not there) with a database and a role that owns it and
 * nothing else. Gives the role's URL and ways to trouble it. With `tls` it listens on 127.0.0.1 as well, where it
 * shows a certificate and asks for the role's password.
 */
export async function startPostgres(directory, { tls = false } = {}) {
  const more = ['--durable', ...(tls ? ['--tls'] : []), '--owner', String(process.pid)]
  const printed = await run(SCRIPT, ['start', directory, ...more])
  const superuser = printed.trim()
  const sql = (statement) => run('psql', [superuser, '--quiet', '--no-psqlrc', '--command', statement])
  const password = randomBytes(16).toString('hex')
  await sql(`CREATE ROLE ${ROLE} LOGIN NOSUPERUSER PASSWORD '${password}'`)
  await sql(`CREATE DATABASE ${ROLE} OWNER ${ROLE}`)
  const url = superuser.replace('//postgres@', `//${ROLE}@`).replace(/\/postgres$/, `/${ROLE}`)
  const inside = superuser.replace(/\/postgres$/, `/${ROLE}`)
  const query = [inside, '--quiet', '--no-psqlrc', '--tuples-only', '--no-align', '--command']
  const act = (action) => () => run(SCRIPT, [action, directory])
  return {
    url,
    role: ROLE,
    password,
    tls: tls && {
      port: new URL(await readFile(join(directory, 'tls-url'), 'utf8')).port,
      authority: join(directory, 'ca.pem'),
    },
    restart: act('restart'),
    crash: act('crash'),
    /** What the database really holds: the rows as lines, columns apart by `|`, no fence in the way. */
    rows: async (statement) => (await run('psql', [...query, statement])).split('\n').filter(Boolean),
    stop: act('stop'),
    /** Ends every connection the servers have, as a failover would. */
    cutConnections: () =>
      sql(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '${ROLE}'`),
  }
}
