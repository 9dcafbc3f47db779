// A PostgreSQL of one's own for the demo and the tests, gone with the process that asked for it.
import { join } from 'node:path'
import { run } from './children.mjs'
import { ROOT } from './products.mjs'

const SCRIPT = join(ROOT, 'scripts/postgres.sh')
const ROLE = 'intelliauth'

/**
 * Starts a server in `directory` (absolute, empty or not there) with a database and a role that owns it and
 * nothing else. Gives the role's URL and ways to trouble it.
 */
export async function startPostgres(directory) {
  const printed = await run(SCRIPT, ['start', directory, '--durable', '--owner', String(process.pid)])
  const superuser = printed.trim()
  const sql = (statement) => run('psql', [superuser, '--quiet', '--no-psqlrc', '--command', statement])
  await sql(`CREATE ROLE ${ROLE} LOGIN NOSUPERUSER`)
  await sql(`CREATE DATABASE ${ROLE} OWNER ${ROLE}`)
  const url = superuser.replace('//postgres@', `//${ROLE}@`).replace(/\/postgres$/, `/${ROLE}`)
  const inside = superuser.replace(/\/postgres$/, `/${ROLE}`)
  const query = [inside, '--quiet', '--no-psqlrc', '--tuples-only', '--no-align', '--command']
  const act = (action) => () => run(SCRIPT, [action, directory])
  return {
    url,
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
