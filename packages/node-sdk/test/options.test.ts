import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConfigurationError, optionalSession, requireScope, requireSession } from '../src/express/index.js'
import { resolveOptions } from '../src/verifier/options.js'

const GOOD = { tenantUrl: 'https://banking-acme.example.com', audience: 'api' }

function refusal(options: object): ConfigurationError {
  try {
    requireSession(options as never).close()
  } catch (error) {
    assert.ok(error instanceof ConfigurationError)
    return error
  }
  return assert.fail(`accepted: ${JSON.stringify(options)}`)
}

test('what is missing is named, with its environment variable', () => {
  for (const tenantUrl of [undefined, '', null]) {
    const error = refusal({ ...GOOD, tenantUrl })
    assert.equal(error.option, 'tenantUrl')
    assert.match(error.message, /"tenantUrl" is missing.*INTELLIAUTH_TENANT_URL/)
  }
  for (const audience of [undefined, '']) {
    const error = refusal({ ...GOOD, audience })
    assert.equal(error.option, 'audience')
    assert.match(error.message, /"audience" is missing.*INTELLIAUTH_API_AUDIENCE/)
  }
  assert.throws(() => requireSession(undefined as never), ConfigurationError)
  assert.throws(() => optionalSession(undefined as never), ConfigurationError)
})

test('a tenant URL is HTTPS, or this very machine', () => {
  for (const [tenantUrl, issuer] of [
    ['https://t.example', 'https://t.example'],
    ['https://t.example/', 'https://t.example'],
    [' HTTPS://T.Example:443//\n', 'https://t.example'],
    ['http://localhost:8480', 'http://localhost:8480'],
    ['http://banking-acme.localhost:8480', 'http://banking-acme.localhost:8480'],
    ['http://127.0.0.1:1', 'http://127.0.0.1:1'],
    ['http://[::1]:1', 'http://[::1]:1'],
  ] as const) {
    const resolved = resolveOptions({ ...GOOD, tenantUrl })
    assert.deepEqual([resolved.tenantUrl, resolved.issuer], [issuer, issuer])
  }
  for (const tenantUrl of [
    'http://t.example',
    'http://localhost.evil.example',
    'http://127.0.0.1.evil.example',
    'http://localhost:80@evil.example',
    'https://user:password@t.example',
    'https://t.example/path',
    'https://t.example?x=1',
    'https://t.example#x',
    'ftp://localhost',
    'file:///etc/passwd',
    't.example',
    7,
    {},
  ]) {
    assert.equal(refusal({ ...GOOD, tenantUrl }).option, 'tenantUrl', String(tenantUrl))
  }
})

test('a malformed option is named', () => {
  for (const [option, values] of Object.entries({
    audience: [7, [], [''], ['a', 7], {}],
    issuer: ['', 7],
    jwksCacheTtlSeconds: [0, -1, Number.NaN, '900', 1e9],
    jwksMaxStaleSeconds: [-1, '1'],
    clockTolerance: [-1, 301, '30', Number.NaN],
    algorithms: [[], ['none'], ['HS256'], 'RS256', ['rs256'], ['RS256', 'HS256']],
    fetch: ['fetch', {}],
    logger: ['console', null],
    engine: ['fast', 1],
    tokenLocation: ['query', 'body', 1],
    cookieName: ['', 'a b', 'a=b', 1],
    allowUnauthenticated: ['true', 1],
    requiredScopes: ['a', [''], ['a b'], [1]],
    revocation: [7, 'off'],
    clock: [1, {}],
  })) {
    for (const value of values) {
      assert.equal(
        refusal({ ...GOOD, [option]: value }).option,
        option,
        `${option}: ${JSON.stringify(value)}`,
      )
    }
  }
})

test('revocation modes that are to come say so', () => {
  for (const mode of ['stream', 'introspect']) {
    assert.match(refusal({ ...GOOD, revocation: { mode } }).message, /not available yet/)
  }
  assert.equal(refusal({ ...GOOD, revocation: { mode: 'never' } }).option, 'revocation.mode')
  assert.equal(refusal({ ...GOOD, revocation: { onStale: 'ignore' } }).option, 'revocation.onStale')
  assert.equal(
    refusal({ ...GOOD, revocation: { maxStalenessSeconds: 0 } }).option,
    'revocation.maxStalenessSeconds',
  )
})

test('a misspelt option protects nothing, so it is refused', () => {
  assert.equal(refusal({ ...GOOD, requiredScope: ['a'] }).option, 'requiredScope')
  assert.equal(refusal({ ...GOOD, revocation: { modus: 'off' } }).option, 'modus')
})

test('scopes cannot be asked of requests without a token', () => {
  assert.equal(
    refusal({ ...GOOD, allowUnauthenticated: true, requiredScopes: ['a'] }).option,
    'requiredScopes',
  )
})

test('requireScope needs a scope', () => {
  for (const scopes of [[], [''], ['a b'], [[]], [7], ['"']]) {
    assert.throws(() => requireScope(...(scopes as [string])), ConfigurationError)
  }
})

test('the defaults are the documented ones', () => {
  const { fetch: _fetch, logger: _logger, ...resolved } = resolveOptions(GOOD)
  assert.deepEqual(resolved, {
    tenantUrl: 'https://banking-acme.example.com',
    audiences: ['api'],
    issuer: 'https://banking-acme.example.com',
    jwksCacheTtlSeconds: 900,
    jwksMaxStaleSeconds: 3600,
    clockTolerance: 30,
    algorithms: ['RS256', 'ES256', 'EdDSA'],
    revocation: { mode: 'poll', maxStalenessSeconds: 60, onStale: 'reject' },
    engine: 'auto',
    clock: undefined,
  })
})
