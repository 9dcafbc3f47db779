// Builds the package twice from one source: ES modules and CommonJS, each with its own declarations.
import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc')
const dist = join(root, 'dist')

const imports = { '#runtime': { node: './runtime/node.js', default: './runtime/web.js' } }

rmSync(dist, { recursive: true, force: true })
for (const [folder, type, config] of [
  ['esm', 'module', 'tsconfig.json'],
  ['cjs', 'commonjs', 'tsconfig.cjs.json'],
]) {
  // Decides how Node reads every file below it, and which runtime `#runtime` means there: the nearest manifest counts.
  mkdirSync(join(dist, folder), { recursive: true })
  writeFileSync(join(dist, folder, 'package.json'), `${JSON.stringify({ type, imports }, null, 2)}\n`)
  execFileSync(process.execPath, [tsc, '-p', join(root, config)], { stdio: 'inherit' })
}
