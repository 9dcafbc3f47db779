// Builds the addon: `node build.mjs [--platform NAME] [--dev] [--into DIR]`.
//
// Leaves `intelliauth.NAME.node` here (and in DIR, from where an SDK in a source tree loads it) and a package
// ready for `npm publish` in `npm/NAME/`. `--dev` builds quickly and runs slowly. CARGO_TARGET_DIR is honoured.
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { writePlatformPackage } from './platform-package.mjs'
import { hostPlatform, PLATFORMS } from './platforms.mjs'

const CRATE = 'intelliauth-node-binding'
const HERE = dirname(fileURLToPath(import.meta.url))

const { values: options } = parseArgs({
  options: {
    platform: { type: 'string', default: hostPlatform() },
    dev: { type: 'boolean', default: false },
    into: { type: 'string' },
  },
})

const platform = PLATFORMS[options.platform]
if (platform === undefined) {
  fail(`no addon is built for ${options.platform}; there is one for ${Object.keys(PLATFORMS).join(', ')}`)
}

const { library, version } = cargoBuild()
const name = `intelliauth.${options.platform}.node`
const addon = join(HERE, name)
copyFileSync(library, addon)
if (options.into !== undefined) {
  mkdirSync(resolve(options.into), { recursive: true })
  copyFileSync(library, join(resolve(options.into), name))
}
const folder = writePlatformPackage({ root: HERE, name: options.platform, platform, version, addon })
console.log(`${name} (${options.dev ? 'dev' : 'release'}), package in ${folder}`)

/** Builds and says where the library is and which version it has. */
function cargoBuild() {
  const args = ['build', '-p', CRATE, '--message-format', 'json-render-diagnostics']
  if (!options.dev) args.push('--release')
  // Named only when it differs: with `--target` cargo would build what it has already built once more.
  if (options.platform !== hostPlatform()) args.push('--target', platform.target)
  const built = spawnSync('cargo', args, {
    cwd: HERE,
    env: { ...process.env, ...rustFlags() },
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  if (built.error !== undefined) fail(`cargo could not be started: ${built.error.message}`)
  if (built.status !== 0) fail('cargo build failed')
  for (const line of built.stdout.split('\n')) {
    if (!line.startsWith('{"reason":"compiler-artifact"')) continue
    const artifact = JSON.parse(line)
    if (!artifact.target.kind.includes('cdylib') || !artifact.package_id.includes('bindings/node')) continue
    const library = artifact.filenames.find((file) => /\.(?:so|dylib|dll)$/.test(file))
    const version = /[@#](\d+\.\d+\.\d+[^@#]*)$/.exec(artifact.package_id)?.[1]
    if (library !== undefined && version !== undefined) return { library, version }
  }
  return fail(`cargo built no library for ${CRATE}`)
}

/** Rust links musl statically unless told otherwise, and a static library cannot be loaded. */
function rustFlags() {
  if (platform.libc !== 'musl') return {}
  const given = process.env.RUSTFLAGS
  return { RUSTFLAGS: `${given === undefined ? '' : `${given} `}-C target-feature=-crt-static` }
}

function fail(message) {
  console.error(message)
  process.exit(1)
}
