import type { Fetch } from '../net/fetch.js'
import { readBounded } from '../net/read-bounded.js'

/** What one bounded GET may cost. */
export interface FetchLimits {
  readonly timeoutMs: number
  readonly maxBytes: number
}

/** What came back. */
export interface BoundedAnswer {
  readonly status: number
  readonly headers: { get(name: string): string | null }
  readonly body: Uint8Array
}

/**
 * A GET that always ends: capped in time and size, and without following redirects, which could lead a
 * server inside the network to places its caller chose.
 */
export async function fetchBounded(
  fetch: Fetch,
  url: string,
  headers: Record<string, string>,
  limits: FetchLimits,
  closed?: AbortSignal,
): Promise<BoundedAnswer> {
  const abort = new AbortController()
  const stop = () => abort.abort()
  const timer = setTimeout(stop, limits.timeoutMs)
  closed?.addEventListener('abort', stop)
  // Raced as well as signalled: a `fetch` given by the application may not heed the signal.
  const expired = new Promise<never>((_, reject) => {
    abort.signal.addEventListener('abort', () =>
      reject(new Error(closed?.aborted ? 'closed' : `no answer within ${limits.timeoutMs} ms`)),
    )
  })
  try {
    if (closed?.aborted) stop()
    return await Promise.race([get(fetch, url, headers, limits, abort.signal), expired])
  } finally {
    clearTimeout(timer)
    closed?.removeEventListener('abort', stop)
    // Lets go of a body that was too large, or not wanted.
    abort.abort()
  }
}

async function get(
  fetch: Fetch,
  url: string,
  headers: Record<string, string>,
  limits: FetchLimits,
  signal: AbortSignal,
): Promise<BoundedAnswer> {
  const response = await fetch(url, { headers, redirect: 'manual', signal })
  // A `fetch` given by the application may follow them all the same.
  if (response.redirected) throw new Error('the answer was a redirect')
  const wanted = response.status === 200
  const body = wanted ? await readBounded(response, limits.maxBytes) : new Uint8Array()
  if (body === null) throw new Error(`the answer is larger than ${limits.maxBytes} bytes`)
  return { status: response.status, headers: response.headers, body }
}
