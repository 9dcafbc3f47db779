import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConfigurationError } from '../../src/errors.js'
import { ManagementClient, type ManagementClientOptions } from '../../src/management/index.js'

const GOOD = {
  tenantUrl: 'http://127.0.0.1:9',
  clientId: 'app_1',
  clientSecret: 's3cr3t-value',
  retry: { attempts: 1 },
  fetch: () => Promise.reject(new Error('no network in this test')),
}

const REQUIRED = [
  ['tenantUrl', 'INTELLIAUTH_TENANT_URL'],
  ['clientId', 'INTELLIAUTH_M2M_CLIENT_ID'],
  ['clientSecret', 'INTELLIAUTH_M2M_CLIENT_SECRET'],
] as const

function refusal(options: unknown): ConfigurationError {
  try {
    new ManagementClient(options as ManagementClientOptions)
  } catch (error) {
    assert.ok(error instanceof ConfigurationError)
    return error
  }
  return assert.fail('the options were accepted')
}

for (const [option, variable] of REQUIRED) {
  for (const absent of [undefined, null, '']) {
    test(`${option} ${JSON.stringify(absent)} is refused, naming option and variable`, () => {
      const error = refusal({ ...GOOD, [option]: absent })
      assert.equal(error.option, option)
      assert.equal(error.code, 'invalid_configuration')
      assert.match(error.message, new RegExp(`${option}.*${variable}`))
    })
  }
}

test('no options at all are refused, not a crash', () => {
  assert.equal(refusal(undefined).option, 'tenantUrl')
})

for (const tenantUrl of [
  'http://tenant.example',
  'http://localhost.evil.example',
  'http://127.0.0.1.evil.example',
  'ftp://localhost',
  'banking.example',
  'https://user:pa55word@tenant.example',
  'https://tenant.example/path',
  'https://tenant.example?x=1',
  'https://tenant.example#x',
]) {
  test(`tenantUrl ${tenantUrl} is refused`, () => {
    const error = refusal({ ...GOOD, tenantUrl })
    assert.equal(error.option, 'tenantUrl')
    assert.ok(!error.message.includes('pa55word'))
  })
}

for (const tenantUrl of [
  'https://tenant.example',
  'https://tenant.example/',
  'http://localhost:8480',
  'http://banking-acme.localhost:8480/',
  'http://[::1]:8480',
  'http://127.0.0.53',
]) {
  test(`tenantUrl ${tenantUrl} is accepted`, () => {
    new ManagementClient({ ...GOOD, tenantUrl })
  })
}

for (const [option, value] of [
  ['clientId', 7],
  ['clientSecret', 'ends-in-a-newline\n'],
  ['audience', ''],
  ['fetch', 'not a function'],
  ['timeoutMs', 0],
  ['timeoutMs', 2 ** 31],
  ['timeoutMs', Number.NaN],
] as const) {
  test(`${option} ${JSON.stringify(value)} is refused without being repeated`, () => {
    const error = refusal({ ...GOOD, [option]: value })
    assert.equal(error.option, option)
    assert.ok(!error.message.includes('ends-in'))
  })
}

for (const retry of [{ attempts: 0 }, { attempts: 1.5 }, { attempts: 11 }, { baseMs: -1 }]) {
  test(`retry ${JSON.stringify(retry)} is refused`, () => {
    assert.match(refusal({ ...GOOD, retry }).option, /^retry\./)
  })
}

test('a misspelt scope, which would limit nothing, is refused', () => {
  assert.equal(refusal({ ...GOOD, scopes: 'users:read' }).option, 'scopes')
})
