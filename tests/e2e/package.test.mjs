// The packed tarball, installed as a stranger installs it, in every cell of the promise: Express 4 and 5; ES modules,
// CommonJS and TypeScript; Node 18 to 24; with and without the native addon.
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { cp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { run } from '../../scripts/local/children.mjs'
import { ROOT, tarballs } from '../../scripts/local/products.mjs'
import { installProject, scratch } from '../../scripts/local/project.mjs'

const HERE = fileURLToPath(new URL('.', import.meta.url))
const CONSUMERS = join(HERE, 'consumers')
const PROGRAMS = ['issuer.cjs', 'scenario.cjs', 'consume.mjs', 'consume.cjs']
const SNIPPETS = ['app-wide.ts', 'per-route.ts', 'management.ts']
const END_WITHIN_MS = 60_000

/** The Node versions at hand: those of package.json where this platform has them, else the one running this. */
function nodeVersions() {
  const found = ['18', '20', '22', '24'].flatMap((major) => {
    const path = join(HERE, 'node_modules', `node${major}-${process.platform}-${process.arch}`, 'bin/node')
    return existsSync(path) ? [{ name: `Node ${major}`, path }] : []
  })
  if (found.length === 4) return found
  console.log(
    `${4 - found.length} Node versions are not installed in tests/e2e; testing Node ${process.versions.node} too`,
  )
  return [...found, { name: `Node ${process.versions.node}`, path: process.execPath }]
}

const NODES = nodeVersions()
const TARBALLS = await tarballs()

/** One installed project per Express version and addon choice. */
function cell(express, withAddon) {
  const what = `${express}, ${withAddon ? 'with' : 'without'} the addon`
  describe(what, () => {
    let project
    before(async () => {
      project = await scratch(`consumer-${express}`)
      const packages = [TARBALLS.sdk, ...(withAddon ? TARBALLS.addon : [])]
      await installProject(join(CONSUMERS, express), project.path, packages)
      await Promise.all(PROGRAMS.map((name) => cp(join(CONSUMERS, name), join(project.path, name))))
    })
    after(() => project?.remove())

    for (const node of NODES) {
      for (const format of ['mjs', 'cjs']) {
        test(`${node.name}, consume.${format}`, async () => {
          const args = [`consume.${format}`, ...(withAddon ? ['--native'] : [])]
          const output = await run(node.path, args, { cwd: project.path, timeout: END_WITHIN_MS })
          assert.equal(JSON.parse(output.trim().split('\n').at(-1)).ok, true)
        })
      }
    }
    // Types do not depend on the addon.
    if (withAddon) typeTests(() => project.path)
  })
}

function typeTests(path) {
  for (const module of ['NodeNext', 'CommonJS']) {
    test(`tsc --strict, ${module}`, async () => {
      const directory = join(path(), `types-${module}`)
      const esm = module === 'NodeNext'
      // Top-level await, which the management snippet uses, exists in ES modules only.
      const snippets = esm ? SNIPPETS : SNIPPETS.filter((name) => name !== 'management.ts')
      await cp(join(CONSUMERS, 'typed.ts'), join(directory, 'typed.ts'))
      await Promise.all(
        snippets.map((name) => cp(join(ROOT, 'examples/express-api', name), join(directory, name))),
      )
      await writeFile(join(directory, 'package.json'), JSON.stringify({ type: esm ? 'module' : 'commonjs' }))
      await writeFile(
        join(directory, 'tsconfig.json'),
        JSON.stringify({ compilerOptions: compilerOptions(module) }),
      )
      await run(process.execPath, [join(path(), 'node_modules/typescript/bin/tsc'), '-p', directory])
    })
  }
}

const compilerOptions = (module) => ({
  strict: true,
  noEmit: true,
  target: 'ES2022',
  types: ['node'],
  // Our declarations are checked too, not only their use.
  skipLibCheck: false,
  esModuleInterop: true,
  module,
  moduleResolution: module === 'NodeNext' ? 'NodeNext' : 'Node10',
})

test('the addon of this platform is packed', () => {
  assert.equal(TARBALLS.addon.length, 1, `found ${TARBALLS.addon}`)
})

test('the tarball carries what it must and nothing else', async () => {
  const listing = await run('tar', ['-tzf', TARBALLS.sdk])
  const names = listing.trim().split('\n')
  for (const wanted of ['package/package.json', 'package/README.md', 'package/LICENSE']) {
    assert.ok(names.includes(wanted), `${wanted} is packed`)
  }
  const strange = names.filter((name) => /\.(test|spec)\.|node_modules|\.env|\.node$|tsbuildinfo/.test(name))
  assert.deepEqual(strange, [])
})

for (const express of ['express4', 'express5']) {
  for (const withAddon of [true, false]) cell(express, withAddon)
}
