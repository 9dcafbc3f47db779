import type { Claims } from './claims.js'
import type { VerificationKey } from './key-set.js'
import type { RevocationIds } from './revocations.js'

/** Entries kept before the least recently used gives way. */
const MAX_ENTRIES = 10_000

/** A token that held. */
export interface Session {
  readonly claims: Claims
  readonly scopes: readonly string[]
}

/** A token whose signature and form held once. Time, audience, key and revocation are judged anew on each use. */
export interface GoodToken {
  readonly session: Session
  readonly key: VerificationKey
  readonly revocationIds: RevocationIds
}

/**
 * Tokens that held, by SHA-256 of the whole token: a part of it would let two tokens share a verdict, and the text itself
 * would leave credentials in memory. Only good ones are kept, so forgeries cannot push them out.
 */
export class VerdictCache {
  readonly #entries = new Map<string, GoodToken>()

  get(digest: string): GoodToken | undefined {
    const entry = this.#entries.get(digest)
    if (entry !== undefined) {
      this.#entries.delete(digest)
      this.#entries.set(digest, entry)
    }
    return entry
  }

  set(digest: string, entry: GoodToken): void {
    this.#entries.set(digest, entry)
    if (this.#entries.size > MAX_ENTRIES) {
      const oldest = this.#entries.keys().next().value
      if (oldest !== undefined) this.#entries.delete(oldest)
    }
  }

  delete(digest: string): void {
    this.#entries.delete(digest)
  }

  get size(): number {
    return this.#entries.size
  }
}
