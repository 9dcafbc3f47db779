/** Milliseconds the answer asks to wait (RFC 9110 §10.2.3): seconds or an HTTP date. */
export function retryAfterMs(headers: Headers, wallClock: number): number | undefined {
  const value = headers.get('retry-after')?.trim()
  if (value === undefined) return undefined
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1000
  // Date.parse reads far more than HTTP dates, "1.5" among them.
  if (!value.endsWith(' GMT')) return undefined
  const date = Date.parse(value)
  return Number.isNaN(date) ? undefined : Math.max(0, date - wallClock)
}
