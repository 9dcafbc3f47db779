// One run of the load tool. It is wrk, in C: it shares the cores with the servers, and what it takes of them is
// small beside what they take (the report says how much). A request that never changes is made once and enters
// Lua no more.
import { fileURLToPath } from 'node:url'
import { run } from '../scripts/local/children.mjs'

const LUA = fileURLToPath(new URL('lua', import.meta.url))
const MARK = /^BENCH (\{.*\})$/m

/**
 * Sends `request` (`method`, `path`, `host`, `authorization`, `type`, `body`) over `connections` connections.
 * `script` names the file that makes the requests, `more` are variables for it. Throws if any answer was none,
 * or one of failure.
 */
export async function load({ port, request, connections, seconds, script = 'request', more = {} }) {
  const variables = {
    BENCH_LUA: LUA,
    BENCH_METHOD: request.method,
    BENCH_PATH: request.path,
    BENCH_HOST: request.host,
    BENCH_AUTHORIZATION: request.authorization,
    BENCH_TYPE: request.type,
    BENCH_BODY: request.body,
    ...more,
  }
  const given = Object.entries(variables).filter(([, value]) => value !== undefined)
  const words = ['-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '10s', '-s', `${LUA}/${script}.lua`]
  const output = await run('wrk', [...words, `http://127.0.0.1:${port}${request.path}`], {
    env: { PATH: process.env.PATH, ...Object.fromEntries(given) },
  })
  const found = MARK.exec(output)
  if (!found) throw new Error(`wrk said nothing of its run\n${output}`)
  const told = JSON.parse(found[1])
  const failed = told.refused + told.connect + told.read + told.write + told.timeout
  if (failed > 0) throw new Error(`${failed} of ${told.requests} requests failed: ${found[1]}\n${output}`)
  if (told.ranOut) throw new Error('the tokens to revoke ran out before the time')
  if (told.requests === 0) throw new Error('no request was answered')
  return { ...told, perSecond: told.requests / (told.micros / 1e6) }
}
