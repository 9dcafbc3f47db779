// What every module of cases uses: a good token's header and claims, and ways to sign whatever text stands
// in for them. A forgery should differ from a good token in one thing only, so that it is that thing which
// gets it refused.
import { constants, createHash, createHmac, sign } from 'node:crypto'

export const NOW = 1_800_000_000
export const TOLERANCE = 30
export const ISSUER = 'https://acme-bank.auth.example'
export const OTHER_ISSUER = 'https://rival-bank.auth.example'
export const AUDIENCE = 'api.banking.example'

export const CLAIMS = {
  iss: ISSUER,
  sub: 'usr_01JZX4T6W8Q0M2N4P6R8S0T2V4',
  aud: AUDIENCE,
  exp: NOW + 3000,
  iat: NOW - 600,
  jti: 'tok_01JZX4T6W8Q0M2N4P6R8S0T2V5',
  client_id: 'app_01JZX4T6W8Q0M2N4P6R8S0T2V6',
  scope: 'accounts:read payments:write',
  sid: 'ses_01JZX4T6W8Q0M2N4P6R8S0T2V7',
}

export const b64 = (value) => Buffer.from(value).toString('base64url')

/** Adds or replaces members; a member set to undefined is left out. */
export const json = (base, change = {}) => JSON.stringify({ ...base, ...change })

/** The header of a good token signed with `key`. */
export function header(key, change = {}) {
  return { alg: algorithmOf(key), typ: 'at+jwt', kid: key.kid ?? key.name, ...change }
}

export function algorithmOf(key) {
  const { kty, crv } = key.jwk
  if (kty === 'RSA') return 'RS256'
  return kty === 'OKP' ? 'EdDSA' : { 'P-256': 'ES256', 'P-384': 'ES384', secp256k1: 'ES256K' }[crv]
}

/** Signs a text the way the key's own algorithm says (RFC 7518 §3, RFC 8037 §3.1). */
export function signature(key, text) {
  const algorithm = algorithmOf(key)
  const digest = { RS256: 'sha256', ES256: 'sha256', ES256K: 'sha256', ES384: 'sha384' }[algorithm] ?? null
  return sign(digest, Buffer.from(text), { key: key.privateKey, dsaEncoding: 'ieee-p1363' })
}

/** PSS, for PS256 and for passing it off as RS256. */
export function pssSignature(key, text) {
  const padding = constants.RSA_PKCS1_PSS_PADDING
  return sign('sha256', Buffer.from(text), { key: key.privateKey, padding, saltLength: 32 })
}

export const hmac = (secret, text, digest = 'sha256') => createHmac(digest, secret).update(text).digest()

/** A token of two parts given as they are to stand in it, properly signed with `key`. */
export function signParts(key, headerPart, payloadPart) {
  const input = `${headerPart}.${payloadPart}`
  return `${input}.${signature(key, input).toString('base64url')}`
}

/** A token of two texts (or bytes), properly signed with `key`. */
export const signTexts = (key, headerText, payloadText) => signParts(key, b64(headerText), b64(payloadText))

/** A token that is good but for the changes, properly signed with `key`. */
export function token(key, claimChange = {}, headerChange = {}) {
  return signTexts(key, json(header(key), headerChange), json(CLAIMS, claimChange))
}

/** A token whose signature is what `make` returns for its signing input. */
export function tokenSignedBy(make, headerText, payloadText = json(CLAIMS)) {
  const input = `${b64(headerText)}.${b64(payloadText)}`
  return `${input}.${b64(make(input))}`
}

/** The published form of a key. */
export function published(key, change = {}) {
  return { kid: key.name, use: 'sig', alg: algorithmOf(key), ...key.jwk, ...change }
}

/** The revocation feed's name for an id. */
export function idHash(kind, id) {
  return createHash('sha256').update(`${kind}:${id}`).digest().subarray(0, 16).toString('base64url')
}

/** Reading big-endian numbers in and out of fixed-width bytes. */
export const toInt = (bytes) => BigInt(`0x${Buffer.from(bytes).toString('hex') || '0'}`)
export function toBytes(value, length) {
  return Buffer.from(value.toString(16).padStart(length * 2, '0'), 'hex')
}
