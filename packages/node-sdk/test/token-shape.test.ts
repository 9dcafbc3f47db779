import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isCanonicalBase64url } from '../src/verifier/base64url.js'
import { splitCompact } from '../src/verifier/compact.js'
import { readHeader } from '../src/verifier/header.js'
import { parseStrictObject } from '../src/verifier/strict-json.js'

const bytes = (text: string) => new TextEncoder().encode(text)

test('JSON that readers could differ on is refused', () => {
  const deep = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`
  for (const good of [
    '{}',
    ' {"a": [1, {"b": null}], "c": "\\u00e9\\ud83d\\ude00"} ',
    '{"a":{"x":1},"b":{"x":1}}',
    '{"a":["a","a"],"b":"a"}',
    '{"a":"\\"","b":"}{,:"}',
    '{"a":-0.5e-3,"b":1E3}',
    '{"__proto__":1}',
    deep(16),
  ]) {
    assert.notEqual(parseStrictObject(bytes(good)), null, good)
  }
  for (const bad of [
    '',
    'null',
    '[]',
    '"a"',
    '{}x',
    '{"a":1,"a":1}',
    '{"a":1,"\\u0061":2}',
    '{"\\\\":1,"\\u005c":2}',
    '{"a":{"b":1,"b":2}}',
    '{"a":[{"b":1,"b":2}]}',
    '{"__proto__":1,"__proto__":2}',
    '{"a":1e999}',
    '{"a":-1e999}',
    '{"a":"\\ud800"}',
    '{"\\udc00":1}',
    '{"a":"\\ud800\\ud800"}',
    '{"a":NaN}',
    "{'a':1}",
    '{"a":1,}',
    '{"a":01}',
    '\ufeff{}',
    deep(17),
    `{"a":${'['.repeat(16)}${']'.repeat(16)}}`,
  ]) {
    assert.equal(parseStrictObject(bytes(bad)), null, bad)
  }
  assert.equal(parseStrictObject(new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])), null)
})

test('base64url has one spelling', () => {
  for (const good of ['AA', 'AAA', 'AAAA', '-_8', '_w']) assert.ok(isCanonicalBase64url(good), good)
  for (const bad of ['', 'A', 'AB', 'AAB', 'AA=', 'AA==', 'A+', 'A/', ' AA', 'AA\n', 'AAAAA', 'ÄA']) {
    assert.ok(!isCanonicalBase64url(bad), bad)
  }
})

test('a compact JWS has three full parts', () => {
  assert.deepEqual(splitCompact('AA.AAA.AAAA'), {
    signingInput: 'AA.AAA',
    header: 'AA',
    payload: 'AAA',
    signature: 'AAAA',
  })
  const bad = [
    '',
    '.',
    '..',
    'AA.AA',
    'AA..AA',
    '.AA.AA',
    'AA.AA.',
    'AA.AA.AA.AA',
    'AB.AA.AA',
    'AA.AB.AA',
    'AA.AA.AB',
  ]
  for (const token of [...bad, 'AA.AA.AA\n', ' AA.AA.AA', `${'A'.repeat(16 * 1024)}.AA.AA`]) {
    assert.equal(splitCompact(token), null, token.slice(0, 20))
  }
})

test('a header says its algorithm, type and key, and nothing that changes its meaning', () => {
  const good = { alg: 'RS256', typ: 'at+jwt', kid: 'k' }
  const read = (change: object) => readHeader({ ...good, ...change }, 'at+jwt', ['RS256', 'EdDSA'])
  assert.deepEqual(read({}), { algorithm: 'RS256', kid: 'k' })
  for (const typ of ['AT+JWT', 'application/at+jwt', 'Application/At+Jwt'])
    assert.notEqual(read({ typ }), null)
  // Never followed, so their presence is nobody's harm.
  for (const name of ['jku', 'jwk', 'x5u', 'x5c', 'x5t'])
    assert.notEqual(read({ [name]: 'http://evil' }), null)
  for (const change of [
    ...['crit', 'b64', 'zip', 'cty', 'enc', 'epk'].map((name) => ({ [name]: null })),
    ...['none', 'nOnE', 'HS256', 'rs256', 'RS384', 'ES256', '', null, ['RS256'], undefined].map((alg) => ({
      alg,
    })),
    ...['JWT', 'jwt', 'id+jwt', '', null, ['at+jwt'], 'application/application/at+jwt', undefined].map(
      (typ) => ({ typ }),
    ),
    ...['', 1, null, ['k'], {}, 'k'.repeat(257), undefined].map((kid) => ({ kid })),
  ]) {
    assert.equal(read(change), null, JSON.stringify(change))
  }
})
