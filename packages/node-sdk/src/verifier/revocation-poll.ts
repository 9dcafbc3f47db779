import type { Engine } from '../engines/engine.js'
import { type Logger, log } from '../logger.js'
import type { Maybe } from '../maybe.js'
import type { Fetch } from '../net/fetch.js'
import { Alarm } from './alarm.js'
import type { Algorithm } from './algorithm.js'
import { type Clock, elapsed, type Instant } from './clock.js'
import { MAX_FEED_BYTES, verifyFeed } from './feed.js'
import { fetchBounded } from './fetch-bounded.js'
import { reasonOf } from './reason.js'
import type { RemoteKeys } from './remote-keys.js'
import { type RevocationIds, Revocations } from './revocations.js'

const POLL_SECONDS = 5
const LIMITS = { timeoutMs: 5000, maxBytes: MAX_FEED_BYTES }

/** What the driver needs. */
export interface RevocationPollOptions {
  readonly url: string
  readonly issuer: string
  readonly fetch: Fetch
  readonly keys: RemoteKeys
  readonly engine: Engine
  readonly algorithms: readonly Algorithm[]
  readonly clock: Clock
  readonly logger: Logger
  readonly maxStalenessSeconds: number
  readonly onStale: 'reject' | 'accept'
  readonly background: boolean
}

/** Whether a token is dead, or that nobody can tell at the moment. */
export type RevocationAnswer = 'clear' | 'revoked' | 'unavailable'

/** How fresh the knowledge of revocations is. */
export interface RevocationStatus {
  readonly mode: 'poll' | 'off'
  /** `waiting` before the first snapshot, `stale` past `maxStalenessSeconds`. */
  readonly state: 'off' | 'waiting' | 'current' | 'stale'
  /** Seconds since the state was known to be complete; `null` before the first snapshot. */
  readonly ageSeconds: number | null
  /** How old the last feed was when it came in, by the tenant's clock against ours. */
  readonly lagSeconds: number | null
  /** The last change taken in. */
  readonly seq: number | null
  readonly entries: number
}

/** Feeds the revocation state from the tenant every few seconds, so that no request pays for it. */
export class RevocationPoll {
  readonly #options: RevocationPollOptions
  readonly #state: Revocations
  readonly #alarm: Alarm
  readonly #closed = new AbortController()
  #inFlight: Promise<void> | null = null
  #lastAttempt: Instant | null = null
  #lastSuccess: { at: Instant; lag: number } | null = null
  #isFailing = false

  constructor(options: RevocationPollOptions) {
    this.#options = options
    this.#state = new Revocations(options.issuer)
    this.#alarm = new Alarm(() => this.#onAlarm(), options.background)
    if (options.background) void this.#poll()
  }

  /** Seconds after which asking again makes sense. */
  readonly retryAfter = POLL_SECONDS

  /** Looks a token up: at once when the state is fresh, after at most one bounded poll when it is not. */
  find(ids: RevocationIds, issuedAt: number): Maybe<RevocationAnswer> {
    if (!this.#options.background && this.#isDue()) void this.#poll()
    if (this.#isCurrent()) return this.#lookUp(ids, issuedAt)
    // Never fed yet, or asleep since: one wait may help. Asked a moment ago it would not, whether the tenant is away or
    // its clock is behind ours; each request would then be a request to the tenant.
    const worthWaiting = this.#inFlight !== null || this.#isDue()
    if (!worthWaiting) return this.#whenStale(ids, issuedAt)
    return this.#poll().then(() =>
      this.#isCurrent() ? this.#lookUp(ids, issuedAt) : this.#whenStale(ids, issuedAt),
    )
  }

  status(): RevocationStatus {
    const { seq, size } = this.#state
    const known = this.#lastSuccess !== null
    const state = known ? (this.#isCurrent() ? 'current' : 'stale') : 'waiting'
    const ageSeconds = known ? Math.max(0, this.#age()) : null
    return { mode: 'poll', state, ageSeconds, lagSeconds: this.#lastSuccess?.lag ?? null, seq, entries: size }
  }

  close(): void {
    this.#alarm.stop()
    this.#closed.abort()
  }

  #lookUp(ids: RevocationIds, issuedAt: number): RevocationAnswer {
    return this.#state.isRevoked(ids, issuedAt) ? 'revoked' : 'clear'
  }

  #whenStale(ids: RevocationIds, issuedAt: number): RevocationAnswer {
    // What is known to be dead stays dead, however old the news.
    if (this.#lookUp(ids, issuedAt) === 'revoked') return 'revoked'
    return this.#options.onStale === 'accept' ? 'clear' : 'unavailable'
  }

  #age(): number {
    if (this.#lastSuccess === null) return Number.POSITIVE_INFINITY
    // Never younger than nothing: a wall clock set back would otherwise lend the state the hours it lost.
    const ageThen = Math.max(0, this.#lastSuccess.at.wall - this.#state.asOf)
    return ageThen + elapsed(this.#lastSuccess.at, this.#options.clock.now())
  }

  #isCurrent(): boolean {
    return this.#age() <= this.#options.maxStalenessSeconds
  }

  #isDue(): boolean {
    return this.#lastAttempt === null || elapsed(this.#lastAttempt, this.#options.clock.now()) >= POLL_SECONDS
  }

  #onAlarm(): void {
    void this.#poll()
  }

  /** Asks, one at a time for everybody; never rejects. */
  #poll(): Promise<void> {
    this.#inFlight ??= this.#attempt()
      .then(
        () => this.#succeed(),
        (error) => this.#fail(error),
      )
      .finally(() => {
        this.#inFlight = null
        this.#alarm.set(POLL_SECONDS)
      })
    return this.#inFlight
  }

  async #attempt(): Promise<void> {
    this.#lastAttempt = this.#options.clock.now()
    const { seq } = this.#state
    if ((await this.#take(seq)) === 'needs_snapshot') await this.#take(null)
  }

  async #take(since: number | null): Promise<'applied' | 'needs_snapshot'> {
    const { url, fetch, clock } = this.#options
    const target = since === null ? url : `${url}?since=${since}`
    // No ETag: a 304 is not signed, so it could not vouch that nothing has changed.
    const headers = { accept: 'application/revocations+jwt' }
    const answer = await fetchBounded(fetch, target, headers, LIMITS, this.#closed.signal)
    if (answer.status !== 200) throw new Error(`the answer was HTTP ${answer.status}`)
    const feed = await verifyFeed(answer.body, this.#options)
    const at = clock.now()
    const applied = this.#state.apply(feed, at.wall)
    if (applied === 'needs_snapshot' && since !== null) return applied
    if (applied !== 'applied') throw new Error(`the revocation feed was refused: ${applied}`)
    this.#lastSuccess = { at, lag: Math.max(0, at.wall - feed.iat) }
    return applied
  }

  #succeed(): void {
    if (!this.#isCurrent()) {
      this.#fail(
        new Error('what it says is too old already; compare the clocks of this machine and the tenant'),
      )
      return
    }
    if (this.#isFailing)
      log(this.#options.logger, 'info', '[intelliauth] the revocation feed can be read again')
    this.#isFailing = false
  }

  #fail(error: unknown): void {
    if (this.#closed.signal.aborted) return
    if (!this.#isFailing) {
      log(this.#options.logger, 'warn', `[intelliauth] cannot read ${this.#options.url}: ${reasonOf(error)}`)
    }
    this.#isFailing = true
  }
}
