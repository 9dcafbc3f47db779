import { IntelliAuthError } from '../errors.js'

/** What {@link IntelliAuthApiError} is made of. */
export interface ApiErrorFacts {
  readonly status: number
  readonly code: string
  readonly message: string
  readonly details?: Readonly<Record<string, unknown>> | undefined
  readonly requestId?: string | undefined
  readonly retryAfterSeconds?: number | undefined
}

/**
 * The tenant answered, and the answer is not a success. `code` is the tenant's stable code, such as `not_found`, or
 * `invalid_response` when the answer made no sense.
 */
export class IntelliAuthApiError extends IntelliAuthError {
  override readonly name = 'IntelliAuthApiError'
  /** The HTTP status of the answer. */
  readonly status: number
  /** What the tenant adds to the code, such as the fields it refused. */
  readonly details: Readonly<Record<string, unknown>> | undefined
  /** The id under which the tenant logged the request. */
  readonly requestId: string | undefined
  /** How long the tenant asked to be left alone, when it did. */
  readonly retryAfterSeconds: number | undefined

  constructor(facts: ApiErrorFacts) {
    super(facts.code, facts.message)
    this.status = facts.status
    this.details = facts.details
    this.requestId = facts.requestId
    this.retryAfterSeconds = facts.retryAfterSeconds
  }

  toJSON(): Record<string, unknown> {
    const { name, message, status, code, details, requestId, retryAfterSeconds } = this
    return { name, message, status, code, details, requestId, retryAfterSeconds }
  }
}

/** Why no answer could be had. */
export type NetworkErrorCode = 'network_error' | 'timeout' | 'redirect_refused' | 'response_too_large'

/** What {@link IntelliAuthNetworkError} is made of. */
export interface NetworkErrorFacts {
  readonly code: NetworkErrorCode
  readonly message: string
  readonly neverSent?: boolean
  readonly cause?: unknown
}

/** No usable answer arrived. Unless `neverSent` is true, the tenant may still have done what was asked. */
export class IntelliAuthNetworkError extends IntelliAuthError {
  override readonly name = 'IntelliAuthNetworkError'
  declare readonly code: NetworkErrorCode
  /** True when the connection itself failed, so that the tenant cannot have seen the request. */
  readonly neverSent: boolean

  constructor(facts: NetworkErrorFacts) {
    super(facts.code, facts.message, facts.cause)
    this.neverSent = facts.neverSent ?? false
  }

  toJSON(): Record<string, unknown> {
    const { name, message, code, neverSent } = this
    return { name, message, code, neverSent }
  }
}
