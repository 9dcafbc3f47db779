import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import { ALGORITHMS, addon, imported, jwkOf, signer } from './addon.mjs'

const rsa = (bits, exponent) =>
  jwkOf(generateKeyPairSync('rsa', { modulusLength: bits, publicExponent: exponent }).publicKey)
const ed = signer('EdDSA').jwk
const ec = signer('ES256').jwk

const UNSUITABLE = {
  'an RSA key of 1024 bits': rsa(1024, 65537),
  'another curve': jwkOf(generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey),
  Ed448: jwkOf(generateKeyPairSync('ed448').publicKey),
  X25519: jwkOf(generateKeyPairSync('x25519').publicKey),
  'an algorithm of another family': { ...ec, alg: 'RS256' },
  'a key for encryption': { ...ed, use: 'enc' },
  'key_ops without verify': { ...ed, key_ops: ['encrypt'] },
  'a point off the curve': { ...ec, y: ec.x },
  'no kty': { x: ed.x },
  'an object without anything': {},
}

const NOT_PUBLIC = {
  'a symmetric key': { kty: 'oct', k: 'AAAA', alg: 'HS256' },
  'a private key': generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' }),
}

const MALFORMED = {
  'a missing coordinate': { kty: 'EC', crv: 'P-256', x: ec.x },
  'a padded coordinate': { ...ed, x: `${ed.x}=` },
  'a short Ed25519 key': { ...ed, x: 'AAAA' },
  'a number for a coordinate': { ...ed, x: 7 },
}

for (const algorithm of Object.keys(ALGORITHMS)) {
  test(`${algorithm} is taken in, with and without alg and use`, () => {
    const { jwk } = signer(algorithm)
    const { alg: _alg, use: _use, ...bare } = jwk
    assert.equal(imported(jwk).algorithm, algorithm)
    assert.equal(imported(bare).algorithm, algorithm)
    assert.equal(imported({ ...jwk, kid: 'k', key_ops: ['verify'] }).algorithm, algorithm)
  })
}

test('an RSA key of 4096 bits, and one with the exponent 3, are taken in', () => {
  assert.equal(imported(rsa(4096, 65537)).algorithm, 'RS256')
  assert.equal(imported(rsa(2048, 3)).algorithm, 'RS256')
})

for (const [code, keys] of Object.entries({
  unsuitable_key: UNSUITABLE,
  not_a_public_key: NOT_PUBLIC,
  malformed_key: MALFORMED,
})) {
  for (const [what, jwk] of Object.entries(keys)) {
    test(`${what} is refused as ${code}`, () => {
      assert.throws(() => imported(jwk), { name: 'Error', code })
    })
  }
}

for (const [what, bytes] of [
  ['nothing', ''],
  ['half an object', '{"kty":'],
  ['an array', '[]'],
  ['null', 'null'],
  ['bytes that are no UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
  ['a member named twice', JSON.stringify(ed).replace('{', `{"x":"${ec.x}",`)],
  ['something after the object', `${JSON.stringify(ed)} {}`],
  ['16 MiB of padding', JSON.stringify({ ...ed, kid: 'x'.repeat(16 * 1024 * 1024) })],
  ['a deep nest', `{"kty":${'['.repeat(8_000)}${']'.repeat(8_000)}}`],
]) {
  test(`${what} is refused as malformed_key`, () => {
    assert.throws(() => addon.importKey(Buffer.from(bytes)), { code: 'malformed_key' })
  })
}

test('an error repeats nothing of the key', () => {
  const jwk = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' })
  assert.throws(
    () => imported(jwk),
    (error) => !error.message.includes(jwk.d) && !error.message.includes(jwk.x),
  )
})
