/** The stable codes of a refusal; branch on these, never on the message. */
export type AuthErrorCode =
  | 'missing_token'
  | 'invalid_request'
  | 'invalid_token'
  | 'token_expired'
  | 'token_revoked'
  | 'invalid_audience'
  | 'insufficient_scope'
  | 'temporarily_unavailable'

const ANSWERS: Record<AuthErrorCode, { status: number; message: string }> = {
  missing_token: { status: 401, message: 'This resource needs an access token.' },
  invalid_request: { status: 400, message: 'The request carries more than one set of credentials.' },
  invalid_token: { status: 401, message: 'The access token is not valid.' },
  token_expired: { status: 401, message: 'The access token has expired.' },
  token_revoked: { status: 401, message: 'The access token has been revoked.' },
  invalid_audience: { status: 401, message: 'The access token is meant for another audience.' },
  insufficient_scope: { status: 403, message: 'The access token lacks a scope this resource needs.' },
  temporarily_unavailable: {
    status: 503,
    message: 'The access token cannot be checked at the moment. Try again shortly.',
  },
}

/** Everything the SDK throws of its own. Branch on `code`. */
export class IntelliAuthError extends Error {
  override readonly name: string = 'IntelliAuthError'
  readonly code: string

  constructor(code: string, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
  }
}

/**
 * An option or argument is missing or malformed. Thrown at construction, so that a wrong deployment never starts to serve,
 * or before anything is sent.
 */
export class ConfigurationError extends IntelliAuthError {
  override readonly name = 'ConfigurationError'
  /** The option or argument at fault. */
  readonly option: string

  constructor(option: string, message: string) {
    super('invalid_configuration', message)
    this.option = option
  }
}

/** A token was refused, or could not be judged (`temporarily_unavailable`). */
export class AuthError extends IntelliAuthError {
  override readonly name = 'AuthError'
  declare readonly code: AuthErrorCode
  /** The HTTP status this refusal is answered with. */
  readonly status: number
  /** Seconds to wait, where waiting helps. */
  readonly retryAfter: number | undefined
  /** The scopes that were asked for, where they were the reason. */
  readonly requiredScopes: readonly string[] | undefined

  constructor(
    code: AuthErrorCode,
    details: { retryAfter?: number | undefined; requiredScopes?: readonly string[] | undefined } = {},
  ) {
    super(code, ANSWERS[code].message)
    this.status = ANSWERS[code].status
    this.retryAfter = details.retryAfter
    this.requiredScopes = details.requiredScopes
  }
}
