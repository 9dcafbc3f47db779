// What the JWKS publishes decides which keys count (RFC 7517 §4, RFC 8725 §3.1).
import { createHash } from 'node:crypto'
import { CLAIMS, header, json, published, signature, toBytes, token, tokenSignedBy } from './forge.mjs'

export function publishedKeys(catalogue, keys) {
  purposes(catalogue, keys)
  secrets(catalogue, keys)
  weakRsa(catalogue, keys)
  otherCurves(catalogue, keys)
  twice(catalogue, keys)
  sound(catalogue, keys)
}

/** One key set per case, named after it. */
function withSet(catalogue, keySet, jwks, name, token_, why) {
  catalogue.keySet(keySet, ...jwks)
  catalogue.bad('published-key', name, token_, why, { key_set: keySet })
}

function purposes(catalogue, keys) {
  const { 'a-rsa': rsa, 'a-ed': ed, 'a-ec': ec } = keys
  const why = 'the key is not for checking signatures'
  const add = (keySet, key, change, name) =>
    withSet(catalogue, keySet, [published(key, change)], name, token(key), why)
  add('rsa_use_enc', rsa, { use: 'enc', alg: undefined }, 'RSA key of use enc')
  add('ec_use_enc', ec, { use: 'enc', alg: undefined }, 'EC key of use enc')
  add('ed_use_null', ed, { use: null }, 'Ed25519 key of use null')
  add('rsa_use_upper', rsa, { use: 'SIG' }, 'RSA key of use SIG')
  add('rsa_alg_oaep', rsa, { alg: 'RSA-OAEP-256' }, 'RSA key whose alg is RSA-OAEP-256')
  add('rsa_alg_ps256', rsa, { alg: 'PS256' }, 'RSA key whose alg is PS256')
  add('rsa_alg_rs512', rsa, { alg: 'RS512' }, 'RSA key whose alg is RS512')
  add('ec_alg_ecdh', ec, { alg: 'ECDH-ES' }, 'EC key whose alg is ECDH-ES')
  add('ed_ops_sign', ed, { use: undefined, key_ops: ['sign'] }, 'key_ops sign alone')
  add('ed_ops_empty', ed, { use: undefined, key_ops: [] }, 'key_ops empty')
  add('rsa_ops_encrypt', rsa, { key_ops: ['encrypt', 'wrapKey'] }, 'key_ops encrypt and wrapKey')
  add('ed_without_kid', ed, { kid: undefined }, 'published key without a kid')
  withSet(catalogue, 'empty', [], 'no key published', token(ed), 'no such key is published')
}

function secrets(catalogue, keys) {
  const why = 'a key whose private half is published is everybody’s'
  for (const name of ['a-rsa', 'a-ec', 'a-ed']) {
    const key = keys[name]
    const leaked = published(key, key.privateJwk)
    withSet(catalogue, `private_${name}`, [leaked], `private JWK of ${name} published`, token(key), why)
  }
}

function weakRsa(catalogue, keys) {
  const { 'rsa-1024': small, 'a-rsa': rsa } = keys
  withSet(
    catalogue,
    'rsa_1024',
    [published(small)],
    'RSA key of 1024 bits',
    token(small),
    'RSA keys have 2048 bits or more (RFC 7518 §3.3)',
  )
  const exponent = (e) => published(rsa, { e: toBytes(e, 1).toString('base64url') })
  const one = tokenSignedBy((text) => paddedBlock(text), json(header(rsa)))
  withSet(
    catalogue,
    'rsa_e1',
    [exponent(1n)],
    'RSA key with e=1',
    one,
    'with e=1 the padded hash is its own signature',
  )
  withSet(
    catalogue,
    'rsa_e2',
    [exponent(2n)],
    'RSA key with even e',
    token(rsa),
    'an even exponent is no RSA key',
  )
  const zero = Buffer.concat([Buffer.alloc(1), Buffer.from(rsa.jwk.n, 'base64url')]).toString('base64url')
  withSet(
    catalogue,
    'rsa_n_zero',
    [published(rsa, { n: zero })],
    'RSA modulus with a leading zero',
    token(rsa),
    'no extra zero octet is allowed (RFC 7518 §6.3.1.1)',
  )
  withSet(
    catalogue,
    'rsa_n_padded',
    [published(rsa, { n: `${rsa.jwk.n}==` })],
    'RSA modulus with base64 padding',
    token(rsa),
    'base64url without padding (RFC 7515 §2)',
  )
}

/** What an RSA signature opens to: the block of RFC 8017 §9.2. */
function paddedBlock(text) {
  const info = Buffer.from('3031300d060960864801650304020105000420', 'hex')
  const hash = createHash('sha256').update(text).digest()
  return Buffer.concat([Buffer.from([0, 1]), Buffer.alloc(202, 0xff), Buffer.alloc(1), info, hash])
}

function otherCurves(catalogue, keys) {
  const { 'ec-p384': p384, 'ec-k256': k256, 'a-ec': ec, 'a-ed': ed } = keys
  const why = 'the curve is not on the list'
  const called = (key) => tokenSignedBy((text) => signature(key, text), json(header(key), { alg: 'ES256' }))
  withSet(
    catalogue,
    'ec_p384',
    [published(p384, { alg: undefined })],
    'P-384 key under ES256',
    called(p384),
    why,
  )
  withSet(
    catalogue,
    'ec_k256',
    [published(k256, { alg: 'ES256' })],
    'secp256k1 key under ES256',
    called(k256),
    why,
  )
  const off = published(ec, { y: ec.jwk.x })
  withSet(
    catalogue,
    'ec_off_curve',
    [off],
    'EC point that is not on the curve',
    token(ec),
    'no such key exists',
  )
  const x25519 = published(ed, { crv: 'X25519' })
  withSet(catalogue, 'okp_x25519', [x25519], 'the Ed25519 bytes as an X25519 key', token(ed), why)
  const lower = published(ed, { kty: 'okp' })
  withSet(
    catalogue,
    'okp_lower',
    [lower],
    'kty in lower case',
    token(ed),
    'kty is case-sensitive (RFC 7517 §4.1)',
  )
}

function twice(catalogue, keys) {
  const { 'a-ed': ed, 'attacker-ed': other, 'a-rsa': rsa, 'a-ec': ec } = keys
  const why = 'of two keys with one kid neither counts'
  const same = { kid: 'a-ed' }
  const add = (keySet, jwks, name, signed = token(ed)) => withSet(catalogue, keySet, jwks, name, signed, why)
  add('twice_ours_first', [published(ed), published(other, same)], 'two keys with one kid, ours first')
  add('twice_ours_last', [published(other, same), published(ed)], 'two keys with one kid, ours last')
  add('twice_same_key', [published(ed), published(ed)], 'one key published twice')
  add('twice_other_kind', [published(ed), published(rsa, same)], 'two kinds of key with one kid')
  const enc = published(ec, { kid: 'a-ed', use: 'enc', alg: undefined })
  add('twice_one_enc', [published(ed), enc], 'a signing and an encryption key with one kid')
}

function sound(catalogue, keys) {
  const { 'a-rsa': rsa, 'a-ec': ec, 'a-ed': ed, 'rsa-4096': large } = keys
  const ok = (keySet, jwks, name, key, why) => {
    catalogue.keySet(keySet, ...jwks)
    catalogue.good('published-key', name, token(key), why, { key_set: keySet })
  }
  catalogue.keySet('main', published(rsa), published(ec), published(ed))
  ok(
    'bare',
    [rsa, ec, ed].map((key) => published(key, { use: undefined, alg: undefined })),
    'RSA key without use and alg',
    rsa,
    'both are optional (RFC 7517 §4)',
  )
  for (const [name, key] of [
    ['EC', ec],
    ['Ed25519', ed],
  ]) {
    catalogue.good(
      'published-key',
      `${name} key without use and alg`,
      token(key),
      'both are optional (RFC 7517 §4)',
      { key_set: 'bare' },
    )
  }
  ok(
    'ops_verify',
    [published(ed, { use: undefined, key_ops: ['sign', 'verify'] })],
    'key_ops with verify',
    ed,
    'the key may check signatures',
  )
  ok('rsa_4096', [published(large)], 'RSA key of 4096 bits', large, 'larger than asked for')
  const strangers = [
    { kty: 'AKP', kid: 'pq', alg: 'ML-DSA-65', pub: 'AA' },
    { kty: 'oct', kid: 'mac', k: 'AAAA' },
    { kid: 'nothing' },
    published(ec, { kid: 'half', y: undefined }),
    published(rsa, { kid: undefined }),
    published(rsa, { kid: 'enc', use: 'enc', alg: undefined }),
    published(rsa, { kid: 7 }),
    'text',
    null,
    7,
  ]
  ok(
    'strangers',
    [...strangers, published(ed)],
    'a good key after unusable ones',
    ed,
    'unusable keys are passed over (RFC 7517 §5)',
  )
  const extra = published(ed, { x5c: ['AA=='], x5t: 'AA', exp: 1, unknown: { a: [1] } })
  ok('extra_members', [extra], 'JWK with members of others', ed, 'unknown members are ignored (RFC 7517 §4)')
  for (const name of ['mac', 'enc', 'half']) {
    catalogue.bad(
      'published-key',
      `the unusable key ${name} among good ones`,
      tokenSignedBy((text) => signature(ed, text), json(header(ed), { kid: name }), json(CLAIMS)),
      'a key passed over is not there',
      { key_set: 'strangers' },
    )
  }
}
