// Starts the peer under the Node it asks for, with keys as ours are: RSA of 2048 bits and P-256.
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { firstLine, run, start } from '../scripts/local/children.mjs'
import { freePort } from '../scripts/local/ports.mjs'
import { SCOPE, settings } from './settings.mjs'

const HERE = fileURLToPath(new URL('.', import.meta.url))
const NODE = `${HERE}node_modules/node24-linux-${process.arch}/bin/node`
/** As ours by default. */
const LIFETIME_SECONDS = 3600

const jwk = (alg, type, options) => ({
  ...generateKeyPairSync(type, options).privateKey.export({ format: 'jwk' }),
  alg,
  use: 'sig',
  kid: alg.toLowerCase(),
})

export async function startPeer() {
  const keys = [jwk('RS256', 'rsa', { modulusLength: 2048 }), jwk('ES256', 'ec', { namedCurve: 'P-256' })]
  const client = { client_id: 'machine', client_secret: randomBytes(32).toString('base64url') }
  const port = await freePort()
  const issuer = `http://127.0.0.1:${port}`
  const lifetime = LIFETIME_SECONDS
  const given = { port, workers: settings.cores, issuer, client, keys, scope: SCOPE, lifetime }
  const env = { PATH: process.env.PATH, NODE_ENV: 'production', BENCH_PEER: JSON.stringify(given) }
  const child = start(NODE, [`${HERE}peer-server.mjs`], { cwd: HERE, env })
  await firstLine(child)
  const version = (await run(NODE, ['--version'])).trim()
  return { child, pid: child.pid, port, issuer, client, version }
}
