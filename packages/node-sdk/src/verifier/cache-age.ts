/** Answers are kept at least this long, or a tenant could have itself asked on every request. */
const MIN_AGE_SECONDS = 30

/** How long an answer stays fresh: as its `Cache-Control` and `Age` say (RFC 9111), between our bounds. */
export function cacheAge(headers: { get(name: string): string | null }, maxAge: number): number {
  const floor = Math.min(MIN_AGE_SECONDS, maxAge)
  const control = headers.get('cache-control') ?? ''
  if (/(?:^|[\s,])no-(?:store|cache)\b/i.test(control)) return floor
  const stated = /(?:^|[\s,])max-age="?(\d{1,9})/i.exec(control)?.[1]
  if (stated === undefined) return maxAge
  const spent = Number(/^\d{1,9}$/.exec(headers.get('age') ?? '')?.[0] ?? 0)
  return Math.min(maxAge, Math.max(floor, Number(stated) - spent))
}
