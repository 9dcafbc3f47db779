import type { AuthError } from '../errors.js'
import type { HttpRequest, HttpResponse } from './messages.js'
import { requestIdOf } from './request-id.js'

/** Answers a refused request: status, challenge (RFC 6750 §3) and the documented body. */
export function answerRefusal(request: HttpRequest, response: HttpResponse, error: AuthError): void {
  if (response.headersSent) return
  const requestId = requestIdOf(request)
  response.statusCode = error.status
  response.setHeader('Content-Type', 'application/json; charset=utf-8')
  response.setHeader('Cache-Control', 'no-store')
  response.setHeader('X-Request-Id', requestId)
  const challenge = challengeFor(error)
  if (challenge !== null) response.setHeader('WWW-Authenticate', challenge)
  if (error.retryAfter !== undefined) response.setHeader('Retry-After', String(error.retryAfter))
  response.end(JSON.stringify({ error: error.code, message: error.message, request_id: requestId }))
}

/** RFC 6750 knows three codes; ours are finer and stay in the body. No credentials, no code. */
function challengeFor({ code, status, requiredScopes }: AuthError): string | null {
  if (code === 'missing_token') return 'Bearer'
  if (status === 401) return 'Bearer error="invalid_token"'
  if (code === 'invalid_request') return 'Bearer error="invalid_request"'
  if (code !== 'insufficient_scope') return null
  return `Bearer error="insufficient_scope", scope="${requiredScopes?.join(' ') ?? ''}"`
}
