import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import * as management from '../src/management/index.js'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const load = createRequire(join(root, 'package.json'))

const EXPRESS = [
  'AuthError',
  'ConfigurationError',
  'IntelliAuthError',
  'intelliAuth',
  'optionalSession',
  'requireScope',
  'requireSession',
]

const PUBLIC: Record<string, string[]> = {
  '@intelliauth/node-sdk': [...EXPRESS, ...Object.keys(management), 'Verifier'],
  '@intelliauth/node-sdk/express': [...EXPRESS, 'default'],
  '@intelliauth/node-sdk/testing': ['TestClock', 'generateTestKey', 'signCompact', 'startTestIssuer'],
}

for (const [name, names] of Object.entries(PUBLIC)) {
  test(`${name} exports this and nothing else, as a module and as CommonJS`, () => {
    const print = `console.log(JSON.stringify(Object.keys(all).sort()))`
    const flags = ['--input-type=module', '-e', `import * as all from '${name}'; ${print}`]
    const asModule: string[] = JSON.parse(
      execFileSync(process.execPath, flags, { cwd: root, encoding: 'utf8' }),
    )
    assert.deepEqual(asModule, [...names].sort())
    assert.deepEqual(Object.keys(load(name)).sort(), [...names].sort())
  })
}

test('the default export is requireSession', () => {
  const express = load('@intelliauth/node-sdk/express')
  assert.equal(express.default, express.requireSession)
})

test('nothing behind the doors can be imported', () => {
  assert.throws(() => load('@intelliauth/node-sdk/dist/cjs/verifier/verifier.cjs'), {
    code: 'ERR_PACKAGE_PATH_NOT_EXPORTED',
  })
})

test('under the browser condition the root has the same names, and a management client that refuses', () => {
  const ask = (condition: string) =>
    execFileSync(
      process.execPath,
      [
        `--conditions=${condition}`,
        '--input-type=module',
        '-e',
        `import * as all from '@intelliauth/node-sdk'
         import { createRequire } from 'node:module'
         const options = { tenantUrl: 'http://127.0.0.1:1', clientId: 'a', clientSecret: 'b', fetch: async () => new Response() }
         const said = [all, createRequire(import.meta.url)('@intelliauth/node-sdk')].map(({ ManagementClient }) => {
           try { return String(new ManagementClient(options)) && 'made' } catch (error) { return error.code }
         })
         console.log(JSON.stringify({ names: Object.keys(all).sort(), said }))`,
      ],
      { cwd: root, encoding: 'utf8' },
    )
  const names = [...(PUBLIC['@intelliauth/node-sdk'] ?? [])].sort()
  const refused = 'invalid_configuration'
  assert.deepEqual(JSON.parse(ask('browser')), { names, said: [refused, refused] })
  // Cloudflare's bundler sets both; a worker is a server.
  assert.deepEqual(JSON.parse(ask('workerd')), { names, said: ['made', 'made'] })
})
