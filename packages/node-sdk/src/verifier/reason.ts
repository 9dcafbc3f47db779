/** Why something failed, for a log. `fetch failed` alone helps nobody: the system's own code is in the cause. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown reason'
  const cause = error.cause as { code?: unknown } | undefined
  return typeof cause?.code === 'string' ? `${error.message} (${cause.code})` : error.message
}
