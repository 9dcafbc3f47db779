// ECDSA signatures of the wrong form or content. JWS wants r and s, 32 bytes each (RFC 7518 §3.4).
import { sign } from 'node:crypto'
import { header, json, signature, toBytes, toInt, token, tokenSignedBy } from './forge.mjs'

const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
const LARGEST = 2n ** 256n - 1n

export function ecSignatures(catalogue, keys) {
  const key = keys['a-ec']
  const with_ = (make) => tokenSignedBy(make, json(header(key)))
  psychic(catalogue, with_)
  forms(catalogue, key, with_)
  others(catalogue, keys)
}

function psychic(catalogue, with_) {
  const why = 'r and s must lie in 1..n-1; else anything verifies (CVE-2022-21449)'
  const numbers = { 0: 0n, n: ORDER, max: LARGEST }
  for (const [nameR, r] of Object.entries(numbers)) {
    for (const [nameS, s] of Object.entries(numbers)) {
      const both = Buffer.concat([toBytes(r, 32), toBytes(s, 32)])
      catalogue.bad(
        'psychic-signature',
        `ES256 r=${nameR} s=${nameS}`,
        with_(() => both),
        why,
      )
    }
  }
  const more = { 'r=1 s=0': [1n, 0n], 'r=0 s=1': [0n, 1n], 'r=1 s=1': [1n, 1n], 'r=n s=1': [ORDER, 1n] }
  for (const [name, [r, s]] of Object.entries(more)) {
    const both = Buffer.concat([toBytes(r, 32), toBytes(s, 32)])
    catalogue.bad(
      'psychic-signature',
      `ES256 ${name}`,
      with_(() => both),
      why,
    )
  }
}

function forms(catalogue, key, with_) {
  const why = 'the signature is exactly 64 bytes, r before s'
  const reshaped = (shape) => with_((text) => shape(signature(key, text)))
  const zero = Buffer.alloc(1)
  const add = (name, shape) => catalogue.bad('ecdsa-form', `ES256 ${name}`, reshaped(shape), why)
  const der = (text) => sign('sha256', Buffer.from(text), { key: key.privateKey, dsaEncoding: 'der' })
  catalogue.bad('ecdsa-form', 'ES256 in DER', with_(der), why)
  add('of 65 bytes, a zero before', (both) => Buffer.concat([zero, both]))
  add('of 65 bytes, a zero behind', (both) => Buffer.concat([both, zero]))
  add('of 65 bytes, recoverable form', (both) => Buffer.concat([Buffer.from([27]), both]))
  add('of 66 bytes, each half padded', (both) =>
    Buffer.concat([zero, both.subarray(0, 32), zero, both.subarray(32)]),
  )
  add('of 63 bytes', (both) => both.subarray(0, 63))
  add('of 32 bytes, r alone', (both) => both.subarray(0, 32))
  add('of 96 bytes, P-384 width', (both) =>
    Buffer.concat([Buffer.alloc(16), both.subarray(0, 32), Buffer.alloc(16), both.subarray(32)]),
  )
  add('with r and s swapped', (both) => Buffer.concat([both.subarray(32), both.subarray(0, 32)]))
  add('twice in a row', (both) => Buffer.concat([both, both]))
  add('with s for r too', (both) => Buffer.concat([both.subarray(32), both.subarray(32)]))
  const twin = reshaped((both) => {
    const s = toInt(both.subarray(32))
    return Buffer.concat([both.subarray(0, 32), toBytes(ORDER - s, 32)])
  })
  catalogue.good(
    'ecdsa-form',
    'ES256 with n-s for s',
    twin,
    'the twin that anybody can make of a signature verifies: a token’s text is not its identity, its jti is',
  )
}

function others(catalogue, keys) {
  const { 'a-ec': key, 'ec-p384': p384, 'ec-k256': k256 } = keys
  const why = 'signed on another curve than the key’s'
  const foreign = (other) => tokenSignedBy((text) => signature(other, text), json(header(key)))
  catalogue.bad('ecdsa-curve', 'ES256 kid, signed with a P-384 key', foreign(p384), why)
  catalogue.bad('ecdsa-curve', 'ES256 kid, signed with a secp256k1 key', foreign(k256), why)
  const digest = tokenSignedBy(
    (text) => sign('sha384', Buffer.from(text), { key: key.privateKey, dsaEncoding: 'ieee-p1363' }),
    json(header(key)),
  )
  catalogue.bad('ecdsa-curve', 'ES256 over SHA-384', digest, 'ES256 is SHA-256 (RFC 7518 §3.4)')
  const payloadOnly = tokenSignedBy((text) => signature(key, text.split('.')[1]), json(header(key)))
  catalogue.bad('signing-input', 'ES256 over the payload alone', payloadOnly, 'the header is signed too')
  const decoded = tokenSignedBy(
    (text) => signature(key, Buffer.from(text.split('.')[1], 'base64url')),
    json(header(key)),
  )
  catalogue.bad(
    'signing-input',
    'ES256 over the decoded payload',
    decoded,
    'the encoded text is what is signed',
  )
  catalogue.good('good', 'ES256', token(key), 'a plain good token')
}
