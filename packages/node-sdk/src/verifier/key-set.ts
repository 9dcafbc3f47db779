import type { Engine, KeyHandle } from '../engines/engine.js'
import type { Algorithm } from './algorithm.js'
import { type PublicJwk, readJwk } from './jwk.js'
import { parseStrictObject } from './strict-json.js'

/** More keys than this is not a key rotation. */
export const MAX_KEYS = 64

/** One imported key. Its identity is what a cached verdict remembers. */
export interface VerificationKey {
  readonly kid: string
  readonly algorithm: Algorithm
  readonly handle: KeyHandle
  /** The key's own members, to tell an unchanged key from a new one under an old name. */
  readonly source: string
}

/** The tenant's keys by `kid`. */
export type KeySet = ReadonlyMap<string, VerificationKey>

/**
 * Imports the usable keys of a JWKS document; throws when it is not one. Keys of other kinds are skipped, and two under one
 * `kid` are both dropped. A key that has not changed stays the very object it was.
 */
export async function importKeySet(body: Uint8Array, engine: Engine, previous: KeySet): Promise<KeySet> {
  const keys = parseStrictObject(body)?.keys
  if (!Array.isArray(keys)) throw new Error('the document is not a JSON Web Key Set')
  if (keys.length > MAX_KEYS) throw new Error(`the key set has more than ${MAX_KEYS} keys`)
  const set = new Map<string, VerificationKey>()
  for (const jwk of withoutTwins(keys)) {
    const key = await importKey(jwk, engine, previous)
    if (key !== null) set.set(jwk.kid, key)
  }
  return set
}

function withoutTwins(keys: unknown[]): PublicJwk[] {
  const seen = new Map<unknown, number>()
  for (const key of keys) {
    const kid = (key as { kid?: unknown } | null)?.kid
    seen.set(kid, (seen.get(kid) ?? 0) + 1)
  }
  return keys.map(readJwk).filter((key): key is PublicJwk => key !== null && seen.get(key.kid) === 1)
}

async function importKey(jwk: PublicJwk, engine: Engine, previous: KeySet): Promise<VerificationKey | null> {
  const source = JSON.stringify(jwk)
  const known = previous.get(jwk.kid)
  if (known?.source === source) return known
  try {
    return { kid: jwk.kid, algorithm: jwk.alg, handle: await engine.importKey(jwk), source }
  } catch {
    return null
  }
}
