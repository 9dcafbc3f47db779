// Builds the package twice from one source: ES modules and CommonJS, each with its own declarations.
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc')
const dist = join(root, 'dist')

rmSync(dist, { recursive: true, force: true })
for (const config of ['tsconfig.json', 'tsconfig.cjs.json']) {
  execFileSync(process.execPath, [tsc, '-p', join(root, config)], { stdio: 'inherit' })
}
nameCommonJs(join(dist, 'cjs'))

/**
 * Gives CommonJS files the endings that say so. A nested package.json with a type would do it too, but would
 * also hide the `imports` of the real one.
 */
function nameCommonJs(folder) {
  for (const name of readdirSync(folder, { recursive: true })) {
    const path = join(folder, name)
    const [, stem, ending] = /^(.*?)(\.d\.ts|\.js)$/.exec(path) ?? []
    if (stem === undefined) continue
    const text = readFileSync(path, 'utf8')
    // Every relative name in our source ends in `.js`; `require("./a.js")`, `from './a.js'` and `import('./a.js')` alike.
    const renamed = text.replace(/((?:require\(|from |import\()["']\.{1,2}\/[^"']+)\.js(["'])/g, '$1.cjs$2')
    writeFileSync(`${stem}${ending === '.js' ? '.cjs' : '.d.cts'}`, renamed)
    rmSync(path)
  }
}
