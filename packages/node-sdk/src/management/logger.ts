/** Where the client reports retries; `console` fits. Secrets, tokens and bodies are never passed to it. */
export interface ManagementLogger {
  debug?(message: string, fields?: Record<string, unknown>): void
  warn?(message: string, fields?: Record<string, unknown>): void
}

/** Calls the logger; a logger that throws must not fail the call it reports on. */
export function log(
  logger: ManagementLogger | undefined,
  level: 'debug' | 'warn',
  message: string,
  fields: Record<string, unknown>,
): void {
  try {
    logger?.[level]?.(message, fields)
  } catch {
    // There is nobody left to tell.
  }
}
