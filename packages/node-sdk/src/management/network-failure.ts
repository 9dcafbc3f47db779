import { IntelliAuthNetworkError } from './errors.js'
import { redact, type Secret } from './secret.js'

const ERROR_CODE = /^[A-Z0-9_]{1,64}$/
/** `fetch failed` wraps the system's error, which may be an AggregateError of one per address. */
const MAX_DEPTH = 4

/**
 * Describes what `fetch` threw. The thrown object itself is not kept: some HTTP libraries hang the whole
 * request on their errors, the Authorization header included.
 */
export function networkFailure(thrown: unknown, secrets: readonly Secret[]): IntelliAuthNetworkError {
  const origin = innermost(thrown)
  const code = textOf(origin, 'code')
  const shown = code !== undefined && ERROR_CODE.test(code) ? ` (${code})` : ''
  const description = redact(textOf(origin, 'message') ?? String(origin), secrets)
  const cause = new Error(description)
  delete cause.stack
  return new IntelliAuthNetworkError({
    code: 'network_error',
    message: `the tenant could not be reached${shown}`,
    neverSent: failedToConnect(origin),
    cause: code === undefined ? cause : Object.assign(cause, { code }),
  })
}

function innermost(thrown: unknown): unknown {
  let current = thrown
  for (let depth = 0; depth < MAX_DEPTH; depth += 1) {
    const cause = member(current, 'cause')
    if (cause === undefined || cause === null) break
    current = cause
  }
  return current
}

function failedToConnect(error: unknown): boolean {
  const several = member(error, 'errors')
  if (Array.isArray(several) && several.length > 0) return several.every(failedToConnect)
  const call = textOf(error, 'syscall')
  return call === 'connect' || call === 'getaddrinfo' || textOf(error, 'code') === 'UND_ERR_CONNECT_TIMEOUT'
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined
}

function textOf(value: unknown, name: string): string | undefined {
  const found = member(value, name)
  return typeof found === 'string' ? found : undefined
}
