/** What the SDK needs of a logger; `console`, pino and winston fit. Tokens, keys and secrets are never passed to it. */
export interface Logger {
  info?(message: string): void
  warn?(message: string): void
  error?(message: string): void
}

/** Without a logger of yours only trouble is told. */
export const defaultLogger: Logger = {
  warn: (message) => console.warn(message),
  error: (message) => console.error(message),
}
