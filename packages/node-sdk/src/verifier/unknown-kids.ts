import { type Clock, elapsed, type Instant } from './clock.js'

/** A name nobody published is not asked for again this long. */
const REMEMBER_SECONDS = 30
/** Names come from whoever sends us a token, so only so many are kept. */
const MAX_REMEMBERED = 1000
/** How often unknown names may cause a fetch, whoever sends them. */
const REFILL_SECONDS = 10

/**
 * Decides whether an unknown `kid` is worth a fetch. A key published a moment ago must be found at once; a hundred
 * invented names must not become a hundred fetches. So: one prompt fetch from a bucket that holds one and refills slowly, and
 * none for a name that has just been looked for.
 */
export class UnknownKids {
  readonly #clock: Clock
  readonly #lookedFor = new Map<string, Instant>()
  #lastFetch: Instant | null = null

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Takes the one prompt fetch, if it is there. */
  mayFetch(): boolean {
    const now = this.#clock.now()
    if (this.#lastFetch !== null && elapsed(this.#lastFetch, now) < REFILL_SECONDS) return false
    this.#lastFetch = now
    return true
  }

  wasLookedFor(kid: string): boolean {
    const at = this.#lookedFor.get(kid)
    return at !== undefined && elapsed(at, this.#clock.now()) < REMEMBER_SECONDS
  }

  /** Remembers that a fresh key set did not have this name. */
  remember(kid: string): void {
    this.#lookedFor.delete(kid)
    this.#lookedFor.set(kid, this.#clock.now())
    if (this.#lookedFor.size > MAX_REMEMBERED) {
      const oldest = this.#lookedFor.keys().next().value
      if (oldest !== undefined) this.#lookedFor.delete(oldest)
    }
  }
}
