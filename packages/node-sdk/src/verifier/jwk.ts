import { runtime } from '#runtime'
import { type Algorithm, isAlgorithm } from './algorithm.js'
import { isCanonicalBase64url } from './base64url.js'
import { isKid } from './header.js'
import type { JsonObject } from './strict-json.js'

const MIN_RSA_BITS = 2048
/** Larger keys buy nothing but our CPU time. */
const MAX_RSA_BITS = 8192
const MAX_RSA_EXPONENT_BYTES = 4
const COORDINATE_BYTES = 32

/** A published key that carries one of these has leaked; trusting its signatures would trust whoever read it. */
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'] as const

/** A public key we can use, reduced to the members that make it, for exactly one algorithm. */
export interface PublicJwk {
  readonly kid: string
  readonly alg: Algorithm
  readonly kty: 'RSA' | 'EC' | 'OKP'
  readonly n?: string
  readonly e?: string
  readonly crv?: 'P-256' | 'Ed25519'
  readonly x?: string
  readonly y?: string
}

/** The usable public key in a JWK (RFC 7517), or `null` when it is of another kind or use, weak, or malformed. */
export function readJwk(jwk: unknown): PublicJwk | null {
  if (typeof jwk !== 'object' || jwk === null || Array.isArray(jwk)) return null
  const members = jwk as JsonObject
  const { kid } = members
  if (!isKid(kid)) return null
  if (PRIVATE_MEMBERS.some((name) => Object.hasOwn(members, name))) return null
  if (!isForVerifying(members)) return null
  const key = readRsa(kid, members) ?? readEc(kid, members) ?? readOkp(kid, members)
  if (key === null) return null
  const { alg } = members
  return alg === undefined || (isAlgorithm(alg) && alg === key.alg) ? key : null
}

function isForVerifying(jwk: JsonObject): boolean {
  if (jwk.use !== undefined && jwk.use !== 'sig') return false
  return jwk.key_ops === undefined || (Array.isArray(jwk.key_ops) && jwk.key_ops.includes('verify'))
}

function readRsa(kid: string, { kty, n, e }: JsonObject): PublicJwk | null {
  if (kty !== 'RSA') return null
  const modulus = unsigned(n)
  const exponent = unsigned(e)
  if (modulus === null || exponent === null) return null
  const bits = modulus.length * 8 - Math.clz32(modulus[0] ?? 0) + 24
  if (bits < MIN_RSA_BITS || bits > MAX_RSA_BITS) return null
  if (exponent.length > MAX_RSA_EXPONENT_BYTES) return null
  const isOne = exponent.length === 1 && exponent[0] === 1
  if (isOne || !isOdd(exponent) || !isOdd(modulus)) return null
  return { kid, alg: 'RS256', kty, n: n as string, e: e as string }
}

function isOdd(number: Uint8Array): boolean {
  return ((number[number.length - 1] ?? 0) & 1) === 1
}

function readEc(kid: string, { kty, crv, x, y }: JsonObject): PublicJwk | null {
  if (kty !== 'EC' || crv !== 'P-256' || !isCoordinate(x) || !isCoordinate(y)) return null
  return { kid, alg: 'ES256', kty, crv, x, y }
}

function readOkp(kid: string, { kty, crv, x }: JsonObject): PublicJwk | null {
  if (kty !== 'OKP' || crv !== 'Ed25519' || !isCoordinate(x)) return null
  return { kid, alg: 'EdDSA', kty, crv, x }
}

function isCoordinate(value: unknown): value is string {
  return bytes(value)?.length === COORDINATE_BYTES
}

/** A number in the form RFC 7518 §2 asks for: no leading zero byte. */
function unsigned(value: unknown): Uint8Array | null {
  const decoded = bytes(value)
  return decoded === null || decoded[0] === 0 ? null : decoded
}

function bytes(value: unknown): Uint8Array | null {
  return typeof value === 'string' && isCanonicalBase64url(value) ? runtime.fromBase64url(value) : null
}
