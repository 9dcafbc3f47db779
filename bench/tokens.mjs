// Whether what is signed is what it should be: signed by a published key with the algorithm that was wanted.
import assert from 'node:assert/strict'
import { createPublicKey, verify } from 'node:crypto'

const DIGEST = { RS256: 'sha256', ES256: 'sha256', EdDSA: null }
const decode = (part) => JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))

/** Gives header and payload; throws if the signature is not one of a published key by `algorithm`. */
export function checkSigned(text, { keys, algorithm }) {
  const [head, body, signature] = text.split('.')
  const header = decode(head)
  assert.equal(header.alg, algorithm)
  const jwk = keys.find((key) => key.kid === header.kid)
  assert.ok(jwk, `no published key is ${header.kid}`)
  const key = createPublicKey({ key: jwk, format: 'jwk' })
  if (algorithm === 'RS256') assert.equal(key.asymmetricKeyDetails.modulusLength, 2048)
  const bytes = Buffer.from(signature, 'base64url')
  const signed = Buffer.from(`${head}.${body}`)
  assert.ok(verify(DIGEST[algorithm], signed, { key, dsaEncoding: 'ieee-p1363' }, bytes), 'the signature')
  return { header, payload: decode(body) }
}

/** An access token: type and claims as well. */
export function checkToken(token, { keys, algorithm, issuer, audience, scope }) {
  const { header, payload } = checkSigned(token, { keys, algorithm })
  assert.equal(header.typ.toLowerCase(), 'at+jwt')
  assert.deepEqual([payload.iss, payload.aud, payload.scope], [issuer, audience, scope])
  assert.ok(payload.exp > Date.now() / 1000 && payload.jti && payload.client_id && payload.sub)
}
