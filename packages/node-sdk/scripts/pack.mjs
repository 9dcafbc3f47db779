// Packs the SDK, and this platform's addon where one has been built, into dist-packages/.
// `--release` names every platform package as an optional dependency, as the published SDK does.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { PACKAGE, ROOT, stage } from './stage.mjs'

const BINDING = join(ROOT, 'bindings', 'node')
const OUT = join(ROOT, 'dist-packages')

rmSync(OUT, { recursive: true, force: true })
mkdirSync(OUT, { recursive: true })

const staged = join(PACKAGE, 'dist-staged')
stage(staged, process.argv.includes('--release') ? await platformPackages() : [])
pack(staged)
rmSync(staged, { recursive: true, force: true })

const addons = join(BINDING, 'npm')
const built = existsSync(addons) ? readdirSync(addons) : []
for (const platform of built) pack(join(addons, platform))
if (built.length === 0) console.log('no addon is built (npm run build:native): packed the portable SDK only')

async function platformPackages() {
  const { PLATFORMS } = await import(join(BINDING, 'platforms.mjs'))
  return Object.keys(PLATFORMS).map((platform) => `@intelliauth/node-sdk-${platform}`)
}

function pack(folder) {
  const name = execFileSync('npm', ['pack', '--silent', '--pack-destination', OUT], {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  }).trim()
  console.log(`dist-packages/${name}`)
}
