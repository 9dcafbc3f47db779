/** What the SDK needs of a logger; `console`, pino and winston fit. Tokens, keys, secrets and bodies are never passed to it. */
export interface Logger {
  debug?(message: string, fields?: Record<string, unknown>): void
  info?(message: string, fields?: Record<string, unknown>): void
  warn?(message: string, fields?: Record<string, unknown>): void
  error?(message: string, fields?: Record<string, unknown>): void
}

/** Without a logger of yours only trouble is told. */
export const defaultLogger: Logger = {
  warn: (message) => console.warn(message),
  error: (message) => console.error(message),
}

/** Calls the logger. One that throws must not fail what it reports on: in background work that would end the process. */
export function log(
  logger: Logger | undefined,
  level: keyof Logger,
  message: string,
  fields?: Record<string, unknown>,
): void {
  try {
    if (fields === undefined) logger?.[level]?.(message)
    else logger?.[level]?.(message, fields)
  } catch {
    // There is nobody left to tell.
  }
}
