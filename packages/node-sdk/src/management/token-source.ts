import { log } from '../logger.js'
import { untilAborted } from './abort.js'
import { IntelliAuthApiError } from './errors.js'
import { requestGrant } from './grant.js'
import type { Settings } from './options.js'
import type { Secret } from './secret.js'

/** A token is renewed in the background this long before it ends (or for its last quarter, if shorter). */
const RENEW_BEFORE_MS = 60_000
/** A token this close to its end is not used: it might end on the way (or a tenth of its life, if shorter). */
const UNUSABLE_BEFORE_MS = 5_000
/** How long a refusal or a failed renewal stands before the tenant is asked again. */
const HOLD_MS = 5_000

interface Held {
  readonly token: Secret
  readonly renewAt: number
  readonly unusableAt: number
}

/**
 * The client's one access token. Concurrent calls share one grant. While the token is good, a failing token
 * endpoint goes unnoticed. Refused credentials are not tried again at once: a busy server with a wrong secret
 * must not become a flood of failed logins.
 */
export class TokenSource {
  readonly #settings: Settings
  #held: Held | undefined
  #pending: Promise<Secret> | undefined
  #refusal: { readonly error: IntelliAuthApiError; readonly until: number } | undefined
  #quietUntil = Number.NEGATIVE_INFINITY

  /** Starts the first grant at once; its failure shows in the first call. */
  constructor(settings: Settings) {
    this.#settings = settings
    void this.#renew()
  }

  /** A token that is good for now. An aborted caller stops waiting; the grant goes on for the others. */
  async token(signal: AbortSignal | undefined): Promise<Secret> {
    const now = this.#settings.runtime.now()
    const held = this.#held
    if (held !== undefined && now < held.unusableAt) {
      if (now >= held.renewAt && now >= this.#quietUntil) void this.#renew()
      return held.token
    }
    if (this.#pending === undefined && this.#refusal !== undefined && now < this.#refusal.until) {
      throw this.#refusal.error
    }
    return untilAborted(this.#renew(), signal)
  }

  /** Forgets a token the API refused, unless a newer one has taken its place already. */
  discard(refused: Secret): void {
    if (this.#held?.token === refused) this.#held = undefined
  }

  #renew(): Promise<Secret> {
    if (this.#pending === undefined) {
      const pending = this.#grant().finally(() => {
        this.#pending = undefined
      })
      // Perhaps nobody waits for it; whoever does sees the failure all the same.
      pending.catch(() => undefined)
      this.#pending = pending
    }
    return this.#pending
  }

  async #grant(): Promise<Secret> {
    const { runtime, logger } = this.#settings
    const begun = runtime.now()
    try {
      const { token, lifetimeMs } = await requestGrant(this.#settings)
      const end = begun + lifetimeMs
      const renewAt = end - Math.min(RENEW_BEFORE_MS, lifetimeMs / 4)
      this.#held = { token, renewAt, unusableAt: end - Math.min(UNUSABLE_BEFORE_MS, lifetimeMs / 10) }
      this.#refusal = undefined
      return token
    } catch (error) {
      const until = runtime.now() + HOLD_MS
      this.#quietUntil = until
      if (error instanceof IntelliAuthApiError && error.status < 500) this.#refusal = { error, until }
      const code = (error as { code?: unknown } | null)?.code
      log(logger, 'warn', 'intelliauth: no access token could be had', { code })
      throw error
    }
  }
}
