import { IntelliAuthApiError } from './errors.js'
import type { Answer } from './exchange.js'
import { retryAfterMs } from './retry-after.js'
import { redact, type Secret } from './secret.js'

const CODE = /^[A-Za-z0-9_.-]{1,64}$/
const REQUEST_ID = /^[\x21-\x7e]{1,128}$/
const MAX_MESSAGE_LENGTH = 500
// biome-ignore lint/suspicious/noControlCharactersInRegex: they could forge lines in a log
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g

/** The JSON object of a successful answer. */
export function objectOf(answer: Answer): Record<string, unknown> {
  const value = parsed(answer.text)
  if (isObject(value)) return value
  throw invalidResponse(answer, 'the answer is not a JSON object')
}

/** The object inside the envelope `{ "data", "meta" }` that the API puts around every success. */
export function dataOf(answer: Answer): Record<string, unknown> {
  const { data } = objectOf(answer)
  if (isObject(data)) return data
  throw invalidResponse(answer, 'the answer has no object in data')
}

/** The error for an answer that makes no sense: the tenant's fault or that of something in between. */
export function invalidResponse(answer: Answer, message: string): IntelliAuthApiError {
  const { status } = answer
  return new IntelliAuthApiError({ status, code: 'invalid_response', message, requestId: requestId(answer) })
}

/** The error for an answer that is not a success: the API's shape or that of OAuth (RFC 6749 §5.2). */
export function apiError(answer: Answer, secrets: readonly Secret[], wallClock: number): IntelliAuthApiError {
  const { status } = answer
  const value = parsed(redact(answer.text, secrets))
  const body = isObject(value) ? value : {}
  const waitMs = retryAfterMs(answer.headers, wallClock)
  return new IntelliAuthApiError({
    status,
    code: typeof body['error'] === 'string' && CODE.test(body['error']) ? body['error'] : codeFor(status),
    message: messageFrom(body) ?? `the tenant answered with status ${status}`,
    details: isObject(body['details']) ? body['details'] : undefined,
    requestId: requestId(answer, body),
    retryAfterSeconds: waitMs === undefined ? undefined : Math.ceil(waitMs / 1000),
  })
}

function codeFor(status: number): string {
  if (status === 404) return 'not_found'
  if (status === 429) return 'rate_limited'
  return status >= 500 ? 'server_error' : 'invalid_response'
}

function messageFrom(body: Record<string, unknown>): string | undefined {
  const said = body['message'] ?? body['error_description']
  if (typeof said !== 'string' || said === '') return undefined
  return said.slice(0, MAX_MESSAGE_LENGTH).replace(CONTROL, ' ')
}

function requestId(answer: Answer, body: Record<string, unknown> = {}): string | undefined {
  const id = body['request_id'] ?? answer.headers.get('x-request-id')
  return typeof id === 'string' && REQUEST_ID.test(id) ? id : undefined
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
