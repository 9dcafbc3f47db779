// What the demo and the end-to-end tests run: the binary as cargo built it, the tarballs as npm packed them.
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { run } from './children.mjs'

export const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const TARBALLS = join(ROOT, 'dist-packages')

/**
 * The path of `intelliauth`, built if need be, with `release` as it is published. `INTELLIAUTH_BIN` names one
 * that is built already.
 */
export async function binary({ release = false } = {}) {
  if (process.env.INTELLIAUTH_BIN) return process.env.INTELLIAUTH_BIN
  const args = [
    'build',
    ...(release ? ['--release'] : []),
    '-p',
    'intelliauth-server',
    '--bin',
    'intelliauth',
    '--message-format=json-render-diagnostics',
  ]
  const stderr = process.stderr.isTTY ? 'inherit' : 'pipe'
  const output = await run('cargo', args, { cwd: ROOT, stdio: ['ignore', 'pipe', stderr] })
  // Cargo says where the binary is, so a target directory set elsewhere is no obstacle.
  const built = output
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line))
    .find((message) => message.reason === 'compiler-artifact' && message.executable)
  if (!built) throw new Error('cargo built intelliauth but did not say where it is')
  return built.executable
}

/** Builds the SDK and the addon and packs both. */
export async function packSdk() {
  for (const script of ['build:sdk', 'build:native', 'pack:local']) {
    await run('npm', ['run', '--silent', script], { cwd: ROOT })
  }
}

/** The packed SDK and the packed addon of this platform, as absolute paths. */
export async function tarballs() {
  let names
  try {
    names = (await readdir(TARBALLS)).filter((name) => name.endsWith('.tgz'))
  } catch {
    names = []
  }
  const isSdk = (name) => /^intelliauth-node-sdk-\d/.test(name)
  const sdk = names.filter(isSdk)
  const addon = names.filter((name) => !isSdk(name))
  if (sdk.length !== 1) {
    throw new Error(
      `expected one packed SDK in dist-packages/, found ${sdk.length}; run 'npm run pack:local'`,
    )
  }
  return { sdk: join(TARBALLS, sdk[0]), addon: addon.map((name) => join(TARBALLS, name)) }
}
