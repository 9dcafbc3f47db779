/** The `fetch` the SDK calls with. */
export type Fetch = typeof globalThis.fetch

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
  const wanted = response.status === 200
  const body = wanted ? await readBounded(response, limits.maxBytes) : new Uint8Array()
  return { status: response.status, headers: response.headers, body }
}

async function readBounded(response: Response, maxBytes: number): Promise<Uint8Array> {
  if (response.body === null) return new Uint8Array()
  const chunks: Uint8Array[] = []
  let size = 0
  const reader = response.body.getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    size += value.byteLength
    if (size > maxBytes) throw new Error(`the answer is larger than ${maxBytes} bytes`)
    chunks.push(value)
  }
  return concatenate(chunks, size)
}

function concatenate(chunks: Uint8Array[], size: number): Uint8Array {
  if (chunks.length === 1 && chunks[0] !== undefined) return chunks[0]
  const whole = new Uint8Array(size)
  let at = 0
  for (const chunk of chunks) {
    whole.set(chunk, at)
    at += chunk.byteLength
  }
  return whole
}
