// Key confusion: the header names another algorithm than the key is for. A public key is no secret, so an
// HMAC keyed with any spelling of it is anybody's to make (CVE-2016-10555, CVE-2023-48223, CVE-2026-34950).
import { b64, header, hmac, json, published, signature, tokenSignedBy } from './forge.mjs'

export function confusion(catalogue, keys) {
  hmacWithPublicKey(catalogue, keys)
  hmacWithNothing(catalogue, keys)
  otherKind(catalogue, keys)
}

function hmacWithPublicKey(catalogue, keys) {
  const key = keys['a-rsa']
  const pem = key.publicKey.export({ type: 'spki', format: 'pem' })
  const pkcs1 = key.publicKey.export({ type: 'pkcs1', format: 'pem' })
  const spellings = {
    'SPKI PEM': pem,
    'SPKI PEM without the last newline': pem.trimEnd(),
    'SPKI PEM with a newline before': `\n${pem}`,
    'SPKI PEM with CRLF': pem.replaceAll('\n', '\r\n'),
    'PKCS#1 PEM': pkcs1,
    'PKCS#1 PEM without the last newline': pkcs1.trimEnd(),
    'SPKI DER': key.publicKey.export({ type: 'spki', format: 'der' }),
    'PKCS#1 DER': key.publicKey.export({ type: 'pkcs1', format: 'der' }),
    'modulus bytes': Buffer.from(key.jwk.n, 'base64url'),
    'modulus text': key.jwk.n,
    'JWK text': JSON.stringify(key.jwk),
    'published JWK text': JSON.stringify(published(key)),
    'JWKS text': JSON.stringify({ keys: [published(key)] }),
  }
  for (const [name, secret] of Object.entries(spellings)) {
    const forged = tokenSignedBy((text) => hmac(secret, text), json(header(key), { alg: 'HS256' }))
    catalogue.bad('hmac-confusion', `HS256 keyed with the ${name}`, forged, 'a public key is not a secret')
  }
  const point = Buffer.concat(['x', 'y'].map((name) => Buffer.from(keys['a-ec'].jwk[name], 'base64url')))
  const ec = tokenSignedBy((text) => hmac(point, text), json(header(keys['a-ec']), { alg: 'HS256' }))
  catalogue.bad('hmac-confusion', 'HS256 keyed with the EC point', ec, 'a public key is not a secret')
  const x = Buffer.from(keys['a-ed'].jwk.x, 'base64url')
  const ed = tokenSignedBy((text) => hmac(x, text), json(header(keys['a-ed']), { alg: 'HS256' }))
  catalogue.bad(
    'hmac-confusion',
    'HS256 keyed with the Ed25519 public key',
    ed,
    'a public key is not a secret',
  )
  const kept = tokenSignedBy((text) => hmac(pem, text), json(header(key)))
  catalogue.bad('hmac-confusion', 'an HMAC under the header RS256', kept, 'an HMAC is no RSA signature')
}

function hmacWithNothing(catalogue, keys) {
  const head = json(header(keys['a-rsa']), { alg: 'HS256' })
  const empty = tokenSignedBy((text) => hmac('', text), head)
  catalogue.bad('hmac-confusion', 'HS256 keyed with nothing', empty, 'CVE-2026-45363: an empty key is no key')
  const kid = tokenSignedBy((text) => hmac('a-rsa', text), head)
  catalogue.bad('hmac-confusion', 'HS256 keyed with the kid', kid, 'a kid is not a secret')
  const oct = {
    kty: 'oct',
    kid: 'shared',
    alg: 'HS256',
    use: 'sig',
    k: b64('published by mistake, so known'),
  }
  catalogue.keySet('oct', oct)
  const head2 = json({ alg: 'HS256', typ: 'at+jwt', kid: 'shared' })
  const known = tokenSignedBy((text) => hmac('published by mistake, so known', text), head2)
  catalogue.bad('hmac-confusion', 'HS256 with a published oct key', known, 'symmetric keys never count', {
    key_set: 'oct',
  })
  for (const alg of ['RS256', 'EdDSA']) {
    const forged = tokenSignedBy(
      (text) => hmac('published by mistake, so known', text),
      json({
        alg,
        typ: 'at+jwt',
        kid: 'shared',
      }),
    )
    catalogue.bad(
      'hmac-confusion',
      `${alg} naming a published oct key`,
      forged,
      'symmetric keys never count',
      {
        key_set: 'oct',
      },
    )
  }
}

function otherKind(catalogue, keys) {
  const names = { RS256: 'a-rsa', ES256: 'a-ec', EdDSA: 'a-ed' }
  for (const [alg, own] of Object.entries(names)) {
    for (const kid of Object.values(names).filter((name) => name !== own)) {
      const forged = tokenSignedBy((text) => signature(keys[own], text), json({ alg, typ: 'at+jwt', kid }))
      catalogue.bad('key-mismatch', `${alg} with the kid of ${kid}`, forged, 'one key, one algorithm')
    }
    for (const other of Object.keys(names).filter((name) => name !== alg)) {
      const head = json({ alg: other, typ: 'at+jwt', kid: own })
      const forged = tokenSignedBy((text) => signature(keys[own], text), head)
      catalogue.bad(
        'key-mismatch',
        `${alg} signature of ${own} called ${other}`,
        forged,
        'the key decides what checks it, and must agree with the header',
      )
    }
  }
}
