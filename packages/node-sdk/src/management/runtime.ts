/** Time and chance, which tests replace. */
export interface Runtime {
  /** Milliseconds on a clock that never runs backwards. */
  now(): number
  /** Milliseconds since 1970, only to read an HTTP date. */
  wallClock(): number
  /** A number in [0, 1). */
  random(): number
  /** A text that no other call has. Nobody needs to be unable to guess it: the tenant keeps clients apart. */
  uniqueKey(): string
  /** Resolves after `ms`, or at once when `signal` aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /** Calls `expired` after `ms`; the returned function calls it off. */
  deadline(ms: number, expired: () => void): () => void
}

/** Where tests put a {@link Runtime} among the options. Not exported from the package. */
export const RUNTIME: unique symbol = Symbol('intelliauth.management.runtime')

/** The real thing. */
export const systemRuntime: Runtime = {
  now: () => performance.now(),
  wallClock: () => Date.now(),
  random: () => Math.random(),
  uniqueKey,
  sleep,
  deadline(ms, expired) {
    const timer = setTimeout(expired, ms)
    return () => clearTimeout(timer)
  },
}

function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) {
      resolve()
      return
    }
    const finish = (): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', finish)
      resolve()
    }
    const timer = setTimeout(finish, ms)
    signal?.addEventListener('abort', finish, { once: true })
  })
}

/** Node 18 has no global `crypto`, and importing `node:crypto` would keep the package from running at the edge. */
function uniqueKey(): string {
  const crypto: { randomUUID?(): string } | undefined = globalThis.crypto
  if (typeof crypto?.randomUUID === 'function') return crypto.randomUUID()
  const part = (): string => Math.floor(Math.random() * 2 ** 52).toString(36)
  return `${Date.now().toString(36)}-${part()}-${part()}-${part()}`
}
