import { createHash, generateKeyPair, type JsonWebKey, type KeyObject, sign } from 'node:crypto'
import { promisify } from 'node:util'
import type { Algorithm } from '../verifier/algorithm.js'

const generate = promisify(generateKeyPair)

/** A key pair of the test issuer. */
export interface TestKey {
  readonly kid: string
  readonly algorithm: Algorithm
  readonly privateKey: KeyObject
  /** The public half as the issuer publishes it. */
  readonly publicJwk: JsonWebKey & { readonly kid: string }
}

/** Makes a key pair; its `kid` is the RFC 7638 thumbprint, as a tenant's is. */
export async function generateTestKey(algorithm: Algorithm = 'RS256'): Promise<TestKey> {
  const { publicKey, privateKey } = await pairFor(algorithm)
  const jwk = publicKey.export({ format: 'jwk' })
  const kid = thumbprint(jwk)
  return { kid, algorithm, privateKey, publicJwk: { ...jwk, kid, alg: algorithm, use: 'sig' } }
}

/** A compact JWS over exactly these members: nothing is added, so that tests can leave out and invent at will. */
export function signCompact(
  key: Pick<TestKey, 'algorithm' | 'privateKey'>,
  header: Record<string, unknown>,
  payload: Record<string, unknown> | string,
): string {
  const body = typeof payload === 'string' ? payload : JSON.stringify(payload)
  const input = `${encode(JSON.stringify(header))}.${encode(body)}`
  const digest = key.algorithm === 'EdDSA' ? null : 'sha256'
  const signature = sign(digest, Buffer.from(input), { key: key.privateKey, dsaEncoding: 'ieee-p1363' })
  return `${input}.${signature.toString('base64url')}`
}

function pairFor(algorithm: Algorithm): Promise<{ publicKey: KeyObject; privateKey: KeyObject }> {
  if (algorithm === 'RS256') return generate('rsa', { modulusLength: 2048 })
  if (algorithm === 'ES256') return generate('ec', { namedCurve: 'P-256' })
  return generate('ed25519')
}

function thumbprint({ kty, crv, e, n, x, y }: JsonWebKey): string {
  const members = kty === 'RSA' ? { e, kty, n } : kty === 'EC' ? { crv, kty, x, y } : { crv, kty, x }
  return createHash('sha256').update(JSON.stringify(members)).digest('base64url')
}

function encode(text: string): string {
  return Buffer.from(text).toString('base64url')
}
