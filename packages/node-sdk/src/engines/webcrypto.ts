import type { Algorithm } from '../verifier/algorithm.js'
import type { PublicJwk } from '../verifier/jwk.js'
import type { Engine, KeyHandle } from './engine.js'

type Subtle = typeof globalThis.crypto.subtle
type ImportedKey = Awaited<ReturnType<Subtle['importKey']>>

interface WebKey {
  readonly key: ImportedKey
  readonly algorithm: Algorithm
}

const IMPORT = {
  RS256: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
  ES256: { name: 'ECDSA', namedCurve: 'P-256' },
  EdDSA: { name: 'Ed25519' },
} as const

const VERIFY = {
  RS256: { name: 'RSASSA-PKCS1-v1_5' },
  ES256: { name: 'ECDSA', hash: 'SHA-256' },
  EdDSA: { name: 'Ed25519' },
} as const

/** Signatures by WebCrypto, for runtimes without Node's crypto. */
export class WebCryptoEngine implements Engine {
  readonly name = 'webcrypto'
  readonly #encoder = new TextEncoder()

  async importKey({ kid: _kid, alg, ...jwk }: PublicJwk): Promise<WebKey> {
    const key = await crypto.subtle.importKey('jwk', { ...jwk }, IMPORT[alg], false, ['verify'])
    return { key, algorithm: alg }
  }

  check(handle: KeyHandle, signingInput: string, signature: Uint8Array): Promise<boolean> {
    const { key, algorithm } = handle as WebKey
    const message = this.#encoder.encode(signingInput)
    return crypto.subtle.verify(VERIFY[algorithm], key, signature, message).catch(() => false)
  }
}
