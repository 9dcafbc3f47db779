import { log } from '../logger.js'
import { IntelliAuthNetworkError } from './errors.js'
import type { Answer, Result } from './exchange.js'
import type { Settings } from './options.js'
import { retryAfterMs } from './retry-after.js'

/** Nobody waits longer between two attempts; a tenant that asks for more gets its error passed on at once. */
const MAX_WAIT_MS = 30_000
const PASSING = new Set([408, 429, 500, 502, 503, 504])

/** What to repeat and what to call it in the log. */
export interface Plan {
  readonly method: string
  readonly path: string
  /**
   * `safe`: performing it twice is performing it once (GET, PUT, DELETE, and POST with an idempotency key).
   * `unseen_only`: repeat only if the tenant did not act: no connection could be made, or it said "later" with
   * 429 and `Retry-After`. That is PATCH: between two attempts somebody else may have changed the object. A 503
   * is not enough, since it may be a change that was made and whose confirmation the tenant's database lost.
   */
  readonly repeat: 'safe' | 'unseen_only'
  readonly signal: AbortSignal | undefined
}

/** The answer that ended the attempts. */
export interface Outcome {
  readonly answer: Answer
  /** Whether an earlier attempt may have been performed although its answer was a failure or got lost. */
  readonly mayHaveActed: boolean
}

/** Attempts until an answer is final or the attempts are used up. What `attempt` throws ends it at once. */
export async function withRetries(
  settings: Settings,
  plan: Plan,
  attempt: () => Promise<Result>,
): Promise<Outcome> {
  let mayHaveActed = false
  for (let tried = 1; ; tried += 1) {
    const result = await attempt()
    const failed = result instanceof IntelliAuthNetworkError
    const waitMs = tried < settings.attempts ? waitBeforeNext(settings, plan, result, tried) : undefined
    if (waitMs === undefined) {
      if (failed) throw result
      return { answer: result, mayHaveActed }
    }
    mayHaveActed ||= failed ? !result.neverSent : result.status >= 500
    const reason = failed ? result.code : result.status
    const { method, path, signal } = plan
    log(settings.logger, 'warn', 'intelliauth: call is tried again', { method, path, tried, reason, waitMs })
    // An abort ends the sleep; the attempt after it then refuses to start.
    await settings.runtime.sleep(waitMs, signal)
  }
}

/** The wait before the next attempt, or undefined if there shall be none. */
function waitBeforeNext(settings: Settings, plan: Plan, result: Result, tried: number): number | undefined {
  const { runtime, baseMs } = settings
  // Half of the back-off is chance, so that clients that failed together do not come back together.
  const backOff = Math.min(baseMs * 2 ** (tried - 1), MAX_WAIT_MS) * (0.5 + runtime.random() / 2)
  if (result instanceof IntelliAuthNetworkError) {
    if (result.code !== 'network_error' && result.code !== 'timeout') return undefined
    return plan.repeat === 'safe' || result.neverSent ? Math.round(backOff) : undefined
  }
  if (!PASSING.has(result.status)) return undefined
  const asked = retryAfterMs(result.headers, runtime.wallClock())
  if (plan.repeat === 'unseen_only') {
    if (asked === undefined || result.status !== 429) return undefined
  }
  if (asked === undefined) return Math.round(backOff)
  if (asked > MAX_WAIT_MS) return undefined
  return Math.round(Math.max(backOff, asked + runtime.random() * baseMs))
}
