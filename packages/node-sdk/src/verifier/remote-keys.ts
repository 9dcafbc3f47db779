import type { Engine } from '../engines/engine.js'
import { type Logger, log } from '../logger.js'
import type { Maybe } from '../maybe.js'
import type { Fetch } from '../net/fetch.js'
import { Alarm } from './alarm.js'
import { Backoff } from './backoff.js'
import { cacheAge } from './cache-age.js'
import { type Clock, elapsed, type Instant } from './clock.js'
import { fetchBounded } from './fetch-bounded.js'
import { importKeySet, type KeySet, type VerificationKey } from './key-set.js'
import { reasonOf } from './reason.js'
import { UnknownKids } from './unknown-kids.js'

const LIMITS = { timeoutMs: 5000, maxBytes: 256 * 1024 }
/** The share of its age after which a key set is renewed in the background. */
const RENEW_AT = 0.8
/** How often a waiting alarm looks at the clock again. */
const RECHECK_SECONDS = 1

/** What the driver needs. */
export interface RemoteKeysOptions {
  readonly url: string
  readonly fetch: Fetch
  readonly engine: Engine
  readonly clock: Clock
  readonly logger: Logger
  /** The longest a key set counts as fresh. */
  readonly ttlSeconds: number
  /** How long past its age a set may serve while the tenant cannot be reached. */
  readonly maxStaleSeconds: number
  readonly background: boolean
  readonly random: () => number
}

/** The key under a `kid`; or that there is none; or that nobody can tell at the moment. */
export type KeyAnswer =
  | { readonly state: 'found'; readonly key: VerificationKey }
  | { readonly state: 'unknown' }
  | { readonly state: 'unavailable'; readonly retryAfter: number }

interface Loaded {
  readonly keys: KeySet
  readonly at: Instant
  readonly freshFor: number
  readonly etag: string | null
}

const UNKNOWN: KeyAnswer = { state: 'unknown' }

/** The tenant's JWKS, kept warm: fetched at construction, renewed before it ages, served stale for a bounded time in an outage. */
export class RemoteKeys {
  readonly #options: RemoteKeysOptions
  readonly #backoff: Backoff
  readonly #unknown: UnknownKids
  readonly #alarm: Alarm
  readonly #closed = new AbortController()
  #loaded: Loaded | null = null
  #inFlight: Promise<void> | null = null

  constructor(options: RemoteKeysOptions) {
    this.#options = options
    this.#backoff = new Backoff(options.clock, options.random)
    this.#unknown = new UnknownKids(options.clock)
    this.#alarm = new Alarm(() => this.#onAlarm(), options.background)
    if (options.background) void this.#renew()
  }

  /** The key under this `kid`: at once when warm, after at most a bounded fetch when not. */
  find(kid: string): Maybe<KeyAnswer> {
    if (!this.#isUsable()) {
      if (!this.#mayAsk()) return this.#unavailable()
      return this.#renew().then(() => (this.#isUsable() ? this.#lookUp(kid) : this.#unavailable()))
    }
    if (this.#isAgeing() && this.#mayAsk()) void this.#renew()
    return this.#lookUp(kid)
  }

  /** Stops the alarm and lets go of a fetch under way. */
  close(): void {
    this.#alarm.stop()
    this.#closed.abort()
  }

  #lookUp(kid: string): Maybe<KeyAnswer> {
    const key = this.#loaded?.keys.get(kid)
    return key === undefined ? this.#findNew(kid) : { state: 'found', key }
  }

  /** A `kid` we do not have: forged, or so new that it was published after our last fetch. */
  async #findNew(kid: string): Promise<KeyAnswer> {
    for (;;) {
      if (this.#inFlight !== null) {
        await this.#inFlight
      } else {
        if (this.#unknown.wasLookedFor(kid)) return UNKNOWN
        if (this.#backoff.isFailing && !this.#backoff.isDue) return this.#unavailable()
        if (!this.#unknown.mayFetch()) return UNKNOWN
        // Past any cache between us: the whole point is to see what was published just now.
        await this.#renew({ 'cache-control': 'no-cache' })
        if (this.#backoff.isFailing) return this.#unavailable()
        if (this.#loaded?.keys.has(kid) === false) this.#unknown.remember(kid)
      }
      const key = this.#loaded?.keys.get(kid)
      if (key !== undefined) return { state: 'found', key }
    }
  }

  #age(loaded: Loaded): number {
    return elapsed(loaded.at, this.#options.clock.now())
  }

  #isUsable(): boolean {
    if (this.#loaded === null) return false
    const age = this.#age(this.#loaded)
    if (age < this.#loaded.freshFor) return true
    // Past its age a set serves only while the tenant is known to be unreachable, and not for ever.
    return this.#backoff.isFailing && age < this.#loaded.freshFor + this.#options.maxStaleSeconds
  }

  #isAgeing(): boolean {
    return this.#loaded !== null && this.#age(this.#loaded) >= this.#loaded.freshFor * RENEW_AT
  }

  #mayAsk(): boolean {
    return this.#inFlight !== null || this.#backoff.isDue
  }

  #unavailable(): KeyAnswer {
    return { state: 'unavailable', retryAfter: Math.max(1, Math.ceil(this.#backoff.secondsLeft)) }
  }

  #onAlarm(): void {
    const wanted = this.#loaded === null || this.#isAgeing()
    if (wanted && this.#backoff.isDue) void this.#renew()
    else this.#alarm.set(RECHECK_SECONDS)
  }

  /** Fetches, one at a time for everybody; never rejects. */
  #renew(headers: Record<string, string> = {}): Promise<void> {
    this.#inFlight ??= this.#load(headers)
      .then(
        (loaded) => this.#succeed(loaded),
        (error) => this.#fail(error),
      )
      .finally(() => {
        this.#inFlight = null
      })
    return this.#inFlight
  }

  async #load(extra: Record<string, string>): Promise<Loaded> {
    const { fetch, url, engine, clock, ttlSeconds } = this.#options
    const previous = this.#loaded
    const headers: Record<string, string> = { accept: 'application/json', ...extra }
    if (previous?.etag != null) headers['if-none-match'] = previous.etag
    // The moment we asked, not the moment the answer came: a slow answer is that much older.
    const at = clock.now()
    const answer = await fetchBounded(fetch, url, headers, LIMITS, this.#closed.signal)
    const freshFor = cacheAge(answer.headers, ttlSeconds)
    if (answer.status === 304 && previous !== null) return { ...previous, at, freshFor }
    if (answer.status !== 200) throw new Error(`the answer was HTTP ${answer.status}`)
    const keys = await importKeySet(answer.body, engine, previous?.keys ?? new Map())
    return { keys, at, freshFor, etag: answer.headers.get('etag') }
  }

  #succeed(loaded: Loaded): void {
    if (this.#backoff.isFailing)
      log(this.#options.logger, 'info', '[intelliauth] the key set can be fetched again')
    this.#loaded = loaded
    this.#backoff.succeeded()
    this.#alarm.set(loaded.freshFor * RENEW_AT)
  }

  #fail(error: unknown): void {
    if (this.#closed.signal.aborted) return
    if (!this.#backoff.isFailing) {
      const { logger, url } = this.#options
      log(logger, 'warn', `[intelliauth] cannot fetch ${url}: ${reasonOf(error)}`)
    }
    this.#backoff.failed()
    this.#alarm.set(this.#backoff.secondsLeft)
  }
}
