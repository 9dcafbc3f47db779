// A PostgreSQL of the bench's own, durable, and what it says of itself.
import { readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from '../scripts/local/children.mjs'
import { startPostgres } from '../scripts/local/postgres.mjs'

/** `name` tells several of one bench apart. The directory is short, for a socket's path may not be long. */
export async function startDatabase(name) {
  const directory = join(process.env.BENCH_DIR ?? tmpdir(), `intelliauth-bench-${name}-${process.pid}`)
  const server = await startPostgres(directory)
  const pid = Number(readFileSync(join(directory, 'data/postmaster.pid'), 'utf8').split('\n')[0])
  const value = async (sql) => {
    const words = [server.url, '--quiet', '--no-psqlrc', '--tuples-only', '--no-align', '--command', sql]
    return (await run('psql', words)).trim()
  }
  return { url: server.url, pid, value, stop: server.stop }
}
