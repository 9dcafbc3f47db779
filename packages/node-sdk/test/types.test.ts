import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))
const resolve = createRequire(import.meta.url).resolve
const tsc = resolve('typescript/bin/tsc')

/** Compiles everything in `types/` against one major of Express's types and the built declarations. */
function compile(express: string, module: 'esm' | 'cjs'): string {
  // Inside the package, so that its own name leads to its own `exports`.
  const folder = mkdtempSync(join(here, '.types-'))
  try {
    const types = dirname(resolve(`@types/${express}/package.json`))
    writeFileSync(
      join(folder, 'package.json'),
      JSON.stringify({ type: module === 'esm' ? 'module' : 'commonjs' }),
    )
    writeFileSync(
      join(folder, 'tsconfig.json'),
      JSON.stringify({
        compilerOptions: {
          strict: true,
          noEmit: true,
          target: 'ES2022',
          module: module === 'esm' ? 'NodeNext' : 'CommonJS',
          moduleResolution: module === 'esm' ? 'NodeNext' : 'Node10',
          esModuleInterop: true,
          types: ['node'],
          paths: {
            express: [join(types, 'index.d.ts')],
            // The oldest way to look modules up knows no self-reference.
            ...(module === 'cjs' ? packagePaths() : {}),
          },
        },
        include: ['../types/*.ts'],
      }),
    )
    const { stdout, stderr } = spawnSync(process.execPath, [tsc, '-p', folder], { encoding: 'utf8' })
    return stdout + stderr
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function packagePaths(): Record<string, string[]> {
  const dist = join(here, '../dist/cjs')
  return {
    '@intelliauth/node-sdk': [join(dist, 'index.d.cts')],
    '@intelliauth/node-sdk/express': [join(dist, 'express/index.d.cts')],
    '@intelliauth/node-sdk/testing': [join(dist, 'testing/index.d.cts')],
  }
}

for (const express of ['express4', 'express5']) {
  for (const module of ['esm', 'cjs'] as const) {
    test(`@types/${express}, ${module}: good uses compile under --strict, bad ones do not`, () => {
      assert.equal(compile(express, module), '')
    })
  }
}
