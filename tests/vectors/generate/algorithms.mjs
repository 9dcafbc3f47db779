// The header's `alg`: nobody but the verifier chooses the algorithm (RFC 8725 §3.1).
import { sign } from 'node:crypto'
import {
  b64,
  CLAIMS,
  header,
  hmac,
  json,
  pssSignature,
  signature,
  signTexts,
  token,
  tokenSignedBy,
} from './forge.mjs'

export function algorithms(catalogue, keys) {
  none(catalogue, keys)
  malformed(catalogue, keys)
  offTheList(catalogue, keys)
  narrowed(catalogue, keys)
}

function none(catalogue, keys) {
  const why = 'an unsigned token is nobody’s word (CVE-2015-9235 and its many spellings)'
  const unsigned = (alg) => `${b64(json({ alg, typ: 'at+jwt', kid: 'a-ed' }))}.${b64(json(CLAIMS))}`
  for (const alg of ['none', 'None', 'NONE', 'nOnE', 'none ', ' none', 'non\u0000e', '']) {
    catalogue.bad('alg-none', `alg ${JSON.stringify(alg)}, empty signature`, `${unsigned(alg)}.`, why)
  }
  catalogue.bad('alg-none', 'alg none in two parts', unsigned('none'), why)
  catalogue.bad('alg-none', 'alg none, one byte as signature', `${unsigned('none')}.AA`, why)
  for (const alg of ['none', 'nOnE', 'NONE']) {
    const old = token(keys['a-ed']).split('.')[2]
    catalogue.bad('alg-none', `alg ${alg} with a good token’s signature`, `${unsigned(alg)}.${old}`, why)
    const signed = token(keys['a-ed'], {}, { alg })
    catalogue.bad('alg-none', `alg ${alg}, truly signed with Ed25519`, signed, 'none is not on the list')
  }
}

function malformed(catalogue, keys) {
  const key = keys['a-rsa']
  const why = 'without a readable alg there is nothing to agree with the key'
  const values = {
    missing: undefined,
    null: null,
    number: 256,
    true: true,
    array: ['RS256'],
    object: { RS256: 1 },
  }
  for (const [name, alg] of Object.entries(values)) {
    catalogue.bad('alg-malformed', `alg ${name}`, token(key, {}, { alg }), why)
  }
  for (const alg of ['rs256', 'RS256 ', 'RS256\u0000', 'RSA-SHA256', 'sha256WithRSAEncryption']) {
    const why = 'algorithm names are case-sensitive and exact (RFC 7515 §4.1.1)'
    catalogue.bad('alg-malformed', `alg ${JSON.stringify(alg)}`, token(key, {}, { alg }), why)
  }
  const ed = token(keys['a-ed'], {}, { alg: 'Ed25519' })
  catalogue.bad('alg-malformed', 'alg Ed25519', ed, 'the name of RFC 9864 is not on the list')
  catalogue.bad('alg-malformed', 'header without members', signTexts(key, '{}', json(CLAIMS)), why)
}

function offTheList(catalogue, keys) {
  const why = 'properly signed, but the algorithm is not on the list'
  const { 'a-rsa': rsa, 'a-ec': ec, 'ec-p384': p384, 'ec-k256': k256 } = keys
  const rsaWith = (digest) => (text) => sign(digest, Buffer.from(text), rsa.privateKey)
  const add = (alg, key, make) => {
    const forged = tokenSignedBy(make, json(header(key), { alg }))
    catalogue.bad('alg-off-list', `alg ${alg}`, forged, why, { key_set: 'off_list' })
  }
  add('RS384', rsa, rsaWith('sha384'))
  add('RS512', rsa, rsaWith('sha512'))
  add('RS1', rsa, rsaWith('sha1'))
  add('PS256', rsa, (text) => pssSignature(rsa, text))
  add('ES384', p384, (text) => signature(p384, text))
  add('ES256K', k256, (text) => signature(k256, text))
  add('HS512', ec, (text) => hmac('secret', text, 'sha512'))
  const plain = (key) => ({ ...key.jwk, kid: key.name })
  catalogue.keySet('off_list', plain(rsa), plain(ec), plain(p384), plain(k256))
}

function narrowed(catalogue, keys) {
  const only = (...algorithms) => ({ algorithms })
  const why = 'this verifier allows fewer algorithms'
  catalogue.bad(
    'alg-narrowed',
    'RS256 where ES256 alone is allowed',
    token(keys['a-rsa']),
    why,
    only('ES256'),
  )
  catalogue.bad(
    'alg-narrowed',
    'ES256 where RS256 and EdDSA are allowed',
    token(keys['a-ec']),
    why,
    only('RS256', 'EdDSA'),
  )
  catalogue.bad('alg-narrowed', 'EdDSA where RS256 alone is allowed', token(keys['a-ed']), why, only('RS256'))
  catalogue.good(
    'alg-narrowed',
    'EdDSA where EdDSA alone is allowed',
    token(keys['a-ed']),
    'the narrowed list names it',
    only('EdDSA'),
  )
}
