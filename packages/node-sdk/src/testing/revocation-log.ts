import { createHash } from 'node:crypto'
import type { RevocationEntry, RevocationKind } from '../verifier/feed.js'

/** How long the test issuer keeps an entry; longer than any token it mints by default. */
const KEEP_SECONDS = 86_400

/** The strictly ordered list of revocations. */
export class RevocationLog {
  readonly #entries: RevocationEntry[] = []
  #seq = 0

  get seq(): number {
    return this.#seq
  }

  append(kind: RevocationKind, id: string, now: number): void {
    this.#seq += 1
    const hash = createHash('sha256').update(`${kind}:${id}`).digest().subarray(0, 16)
    this.#entries.push({
      seq: this.#seq,
      kind,
      id_hash: hash.toString('base64url'),
      not_before: now,
      expires_at: now + KEEP_SECONDS,
    })
  }

  /** The payload of the feed: everything, or what came after `since`. */
  feed(issuer: string, now: number, since: number | null): Record<string, unknown> {
    const known = since !== null && since <= this.#seq
    const entries = known ? this.#entries.filter(({ seq }) => seq > since) : this.#entries
    const form = known ? { type: 'delta', since } : { type: 'snapshot' }
    return { iss: issuer, iat: now, ...form, seq: this.#seq, entries }
  }
}
