import { type Clock, elapsed, type Instant } from './clock.js'

const FIRST_WAIT_SECONDS = 1
/** Also how long a tenant that is back may go unnoticed. */
const LONGEST_WAIT_SECONDS = 10
/** Spreads a fleet that lost its tenant at one moment. */
const JITTER = 0.25

/** When to ask again after failures: 1 s, 2 s, 4 s … 10 s, each a little longer by chance. */
export class Backoff {
  readonly #clock: Clock
  readonly #random: () => number
  #failures = 0
  #since: Instant | null = null
  #wait = 0

  constructor(clock: Clock, random: () => number) {
    this.#clock = clock
    this.#random = random
  }

  get isFailing(): boolean {
    return this.#since !== null
  }

  /** Whether another attempt may be made now. */
  get isDue(): boolean {
    return this.secondsLeft <= 0
  }

  get secondsLeft(): number {
    return this.#since === null ? 0 : this.#wait - elapsed(this.#since, this.#clock.now())
  }

  failed(): void {
    const step = Math.min(LONGEST_WAIT_SECONDS, FIRST_WAIT_SECONDS * 2 ** this.#failures)
    this.#failures += 1
    this.#since = this.#clock.now()
    this.#wait = step * (1 + JITTER * this.#random())
  }

  succeeded(): void {
    this.#failures = 0
    this.#since = null
  }
}
