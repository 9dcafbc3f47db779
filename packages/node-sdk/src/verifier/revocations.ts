import type { Feed, RevocationEntry } from './feed.js'

/** How much later than it was signed a feed may vouch for; replaying an old one buys no more freshness than this. */
export const FEED_VALIDITY_SECONDS = 30
/** An entry outlives its last token by this, so that clock skew never revives one. */
const KEEP_AFTER_EXPIRY_SECONDS = 300

/** What became of a feed: taken in, or refused, and for what. */
export type Applied = 'applied' | 'wrong_issuer' | 'runs_backwards' | 'needs_snapshot'

/** The hashed ids under which a token may have been revoked; made once per token by `revocationIdsOf`. */
export interface RevocationIds {
  readonly token: string
  readonly session: string | null
  readonly user: string
  readonly client: string
  readonly tenant: string
}

interface Held {
  notBefore: number
  expiresAt: number
}

/**
 * What is revoked, as far as the tenant has told us. A state machine without I/O: feeds and times come in as arguments.
 * Polling and streaming drive the same one.
 */
export class Revocations {
  readonly #issuer: string
  #held = new Map<string, Held>()
  #seq: number | null = null
  #asOf = Number.NEGATIVE_INFINITY

  constructor(issuer: string) {
    this.#issuer = issuer
  }

  /** The last change we know of; `null` before the first snapshot. */
  get seq(): number | null {
    return this.#seq
  }

  /** The time up to which this state is known to be complete. */
  get asOf(): number {
    return this.#asOf
  }

  get size(): number {
    return this.#held.size
  }

  /** Takes in a feed whose signature has been checked. */
  apply(feed: Feed, receivedAt: number): Applied {
    if (feed.iss !== this.#issuer) return 'wrong_issuer'
    if (feed.type === 'delta' && (this.#seq === null || feed.since > this.#seq)) return 'needs_snapshot'
    // An older statement, replayed: taking it in would bring the dead back.
    if (this.#seq !== null && feed.seq < this.#seq) return 'runs_backwards'
    if (feed.type === 'snapshot') this.#held = new Map()
    for (const entry of feed.entries) this.#hold(entry)
    this.#seq = feed.seq
    this.#asOf = Math.max(this.#asOf, Math.min(receivedAt, feed.iat + FEED_VALIDITY_SECONDS))
    // By both clocks: ours may be far ahead for a moment, and what is forgotten then would live again when it is put right.
    this.#prune(Math.min(receivedAt, feed.iat))
    return 'applied'
  }

  /** Whether a token with these ids, issued then, is dead. */
  isRevoked(ids: RevocationIds, issuedAt: number): boolean {
    return (
      this.#held.has(ids.token) ||
      (ids.session !== null && this.#held.has(ids.session)) ||
      this.#isBefore(ids.user, issuedAt) ||
      this.#isBefore(ids.client, issuedAt) ||
      this.#isBefore(ids.tenant, issuedAt)
    )
  }

  #isBefore(id: string, issuedAt: number): boolean {
    const held = this.#held.get(id)
    return held !== undefined && Math.floor(issuedAt) <= held.notBefore
  }

  #hold(entry: RevocationEntry): void {
    const id = `${entry.kind}:${entry.id_hash}`
    const known = this.#held.get(id)
    this.#held.set(id, {
      notBefore: Math.max(entry.not_before, known?.notBefore ?? 0),
      expiresAt: Math.max(entry.expires_at, known?.expiresAt ?? 0),
    })
  }

  #prune(now: number): void {
    for (const [id, { expiresAt }] of this.#held) {
      if (expiresAt + KEEP_AFTER_EXPIRY_SECONDS < now) this.#held.delete(id)
    }
  }
}
