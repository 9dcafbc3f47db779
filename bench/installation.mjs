// An installation of the tenant server as `serve` runs it in production: one database, one configuration, and
// as many nodes as are started.
import { randomBytes } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { run, start } from '../scripts/local/children.mjs'
import { ask } from '../scripts/local/http.mjs'
import { freePort } from '../scripts/local/ports.mjs'
import { REQUESTS_PER_MINUTE, SCOPE } from './settings.mjs'

const READY_WITHIN_MS = 60_000
const ASK_AGAIN_MS = 2

/** Makes the configuration in `directory` (which is made). Without `databaseUrl` the database is SQLite. */
export async function install(program, directory, databaseUrl) {
  const data = join(directory, 'data')
  await mkdir(data, { recursive: true })
  const key = join(directory, 'data.key')
  await writeFile(key, randomBytes(32).toString('base64'), { mode: 0o600 })
  const settings = {
    public_url: 'https://auth.example.com',
    ...(databaseUrl ? { database_url: databaseUrl } : { data }),
    data_key_file: key,
    trusted_proxies: [],
    requests_per_minute: REQUESTS_PER_MINUTE,
    operations_listen: 'off',
  }
  const config = join(directory, 'intelliauth.toml')
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${JSON.stringify(value)}\n`)
  await writeFile(config, lines.join(''))
  const cli = async (words) => JSON.parse(await run(program, [...words, '--config', config, '--json']))
  return { program, config, data, cli }
}

/** A tenant that signs with `algorithm`, and a machine client of it. */
export async function makeTenant({ cli }, slug, algorithm) {
  const tenant = await cli(['tenant', 'create', '--org', 'bench', '--slug', slug, '--algorithm', algorithm])
  const host = new URL(tenant.url).host
  return { slug, algorithm, issuer: tenant.url, host, client: await makeClient({ cli }, tenant.url) }
}

export function makeClient({ cli }, tenant, words = []) {
  const scopes = SCOPE.split(' ').flatMap((scope) => ['--scope', scope])
  const what = ['--name', 'Machine', '--type', 'm2m', '--audience', 'api', ...scopes]
  return cli(['client', 'create', '--tenant', tenant, ...what, ...words])
}

/**
 * Starts a node and waits until it is ready; `readyMs` is how long that took. It logs as it does by default;
 * the lines go to /dev/null, so their making is measured and a disk full of them is not.
 */
export async function startNode({ program, config }, variables = {}) {
  const port = await freePort()
  const env = { ...process.env, INTELLIAUTH_LISTEN: `127.0.0.1:${port}`, ...variables }
  const began = performance.now()
  const child = start(program, ['serve', '--config', config], { env, stdio: 'ignore' })
  for (;;) {
    const answer = await ask({ port, path: '/readyz' }).catch(() => undefined)
    const readyMs = performance.now() - began
    if (answer?.status === 200) return { child, pid: child.pid, port, readyMs }
    if (child.exitCode !== null || readyMs > READY_WITHIN_MS) {
      throw new Error(`a node did not start; try: ${program} serve --config ${config}`)
    }
    await pause(ASK_AGAIN_MS)
  }
}
