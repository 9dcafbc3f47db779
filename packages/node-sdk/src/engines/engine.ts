import type { Maybe } from '../maybe.js'
import type { PublicJwk } from '../verifier/jwk.js'

/** A key as its engine holds it; opaque to everybody else. */
export type KeyHandle = object

/** Whoever checks signatures. Policy never comes here: an engine sees bytes and keys. */
export interface Engine {
  readonly name: 'native' | 'portable' | 'webcrypto'
  /** Takes a key in once; throws when it is not a key after all (a point off its curve, say). */
  importKey(jwk: PublicJwk): Maybe<KeyHandle>
  /** Whether the signature over the ASCII text is this key's. Never throws for bad signatures. */
  check(key: KeyHandle, signingInput: string, signature: Uint8Array): Maybe<boolean>
}
