import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { tenant } from './support/tenant.js'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const run = promisify(execFile)

/** Runs a script against the built package, as an application would. */
function script(code: string, ...flags: string[]) {
  return run(process.execPath, [...flags, '-e', code], { cwd: root, timeout: 30_000 })
}

test('a process ends though its middleware was never closed', async (t) => {
  const issuer = await tenant(t)
  const { stdout } = await script(`
    const { Verifier } = require('@intelliauth/node-sdk')
    const verifier = new Verifier({ tenantUrl: '${issuer.url}', audience: 'a' })
    verifier.verify('${issuer.mintUserToken({ audience: 'a' })}').then(({ claims }) => console.log(claims.sub))
  `)
  assert.equal(stdout.trim(), 'usr_01TESTUSER0000000000000000')
})

test('auto falls back with one line, native does not fall back', async (t) => {
  const issuer = await tenant(t)
  // `--no-addons` is a machine without our addon, wherever this test runs.
  const { stdout } = await script(
    `
    const { Verifier, ConfigurationError } = require('@intelliauth/node-sdk')
    const lines = []
    const logger = { info: (line) => lines.push(line) }
    const options = { tenantUrl: '${issuer.url}', audience: 'a', logger }
    const engines = [new Verifier(options), new Verifier({ ...options, audience: 'b' })].map((one) => one.engine)
    try { new Verifier({ ...options, engine: 'native' }) } catch (error) { engines.push(error instanceof ConfigurationError) }
    console.log(JSON.stringify({ engines, lines: lines.filter((line) => line.includes('portable')).length }))
  `,
    '--no-addons',
  )
  assert.deepEqual(JSON.parse(stdout), { engines: ['portable', 'portable', true], lines: 1 })
})

test('a tenant that is away takes no process down', async () => {
  const { stdout } = await script(`
    const { requireSession } = require('@intelliauth/node-sdk/express')
    requireSession({ tenantUrl: 'http://127.0.0.1:9', audience: 'a', logger: {} })
    setTimeout(() => console.log('alive'), 300)
  `)
  assert.equal(stdout.trim(), 'alive')
})

test('bundled for Node as an ES module it starts, without the addon it cannot carry along', async (t) => {
  const issuer = await tenant(t)
  // The bundler that `tsx` brings; no dependency of our own for one test.
  const { build } = createRequire(createRequire(import.meta.url).resolve('tsx'))('esbuild')
  const contents = `
    import { Verifier } from '@intelliauth/node-sdk'
    const options = { tenantUrl: '${issuer.url}', audience: 'a', logger: {} }
    console.log(new Verifier(options).engine)`
  const stdin = { contents, resolveDir: root }
  const built = await build({
    stdin,
    bundle: true,
    platform: 'node',
    format: 'esm',
    write: false,
    logLevel: 'error',
  })
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', built.outputFiles[0].text], {
    cwd: root,
  })
  assert.equal(stdout.trim(), 'portable')
})
