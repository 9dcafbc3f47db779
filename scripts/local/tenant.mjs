// A real `intelliauth dev` process.
import { firstLine, run, start, stop } from './children.mjs'

/**
 * Starts a tenant and waits for its line. Gives what the line says (`info`), how long it took, the process, and
 * ways to end it: `stop` as an operator would, `kill` as a power cut would.
 */
export async function startTenant({ binary, data, databaseUrl, port, envFile, args = [] }) {
  const began = performance.now()
  const where = databaseUrl ? ['--database-url', databaseUrl] : []
  const more = [...where, ...(envFile ? ['--env-file', envFile] : []), ...args]
  const child = start(binary, ['dev', '--listen', `127.0.0.1:${port}`, '--data', data, '--json', ...more])
  const line = await firstLine(child)
  const readyMs = performance.now() - began
  const info = JSON.parse(line)
  return {
    info,
    line,
    readyMs,
    child,
    port,
    binary,
    data,
    authority: new URL(info.tenant_url).host,
    stop: () => stop(child),
    kill: async () => {
      child.kill('SIGKILL')
      return child.gone
    },
  }
}

/** A user's access token, minted by the command line beside the running server. */
export async function userToken(tenant, { audience, email, scope } = {}) {
  const args = ['token', '--data', tenant.data, '--user', email ?? tenant.info.user.email]
  args.push('--audience', audience ?? tenant.info.audience, '--json')
  if (scope) args.push('--scope', scope)
  return JSON.parse(await run(tenant.binary, args))
}
