import { MAX_TOKEN_LENGTH } from '../verifier/compact.js'
import type { HttpRequest } from './messages.js'

/** What a request offers: a token, nothing, or something that is refused unread. */
export type Credentials =
  | { readonly token: string }
  | { readonly token: null }
  | { readonly refused: 'invalid_request' | 'invalid_token' }

const NONE: Credentials = { token: null }
/** RFC 6750 §2.1. */
const BEARER = /^Bearer +([A-Za-z0-9\-._~+/]+=*)$/i
const TOKEN = /^[A-Za-z0-9\-._~+/]+=*$/

/**
 * The bearer token in the one Authorization header. Two headers are refused: a proxy may have judged one of them and we the
 * other. Query and body are never looked at, since URLs end up in logs.
 */
export function bearerOf(request: HttpRequest): Credentials {
  const { authorization } = request.headers
  if (Array.isArray(authorization) || countOf('authorization', request) > 1) {
    return { refused: 'invalid_request' }
  }
  if (authorization === undefined || !/^Bearer(?:\s|$)/i.test(authorization)) return NONE
  const token = BEARER.exec(authorization)?.[1]
  return token === undefined ? { refused: 'invalid_token' } : checked(token)
}

/** The token in the cookie of this name. Two of one name are refused: a sub-domain could have planted one of them. */
export function cookieOf(request: HttpRequest, name: string): Credentials {
  const { cookie } = request.headers
  const header = Array.isArray(cookie) ? cookie.join(';') : cookie
  if (header === undefined) return NONE
  const values = header
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1))
  const [value] = values
  if (value === undefined || (value === '' && values.length === 1)) return NONE
  return values.length > 1 ? { refused: 'invalid_request' } : checked(value)
}

/** What an extractor of the application's own gave. */
export function extracted(value: unknown): Credentials {
  if (value === undefined || value === null || value === '') return NONE
  if (typeof value === 'string') return checked(value)
  throw new TypeError('the tokenLocation function must give a string, or nothing')
}

function checked(token: string): Credentials {
  return token.length <= MAX_TOKEN_LENGTH && TOKEN.test(token) ? { token } : { refused: 'invalid_token' }
}

function countOf(name: string, { rawHeaders = [] }: HttpRequest): number {
  let count = 0
  for (let at = 0; at < rawHeaders.length; at += 2) {
    if (rawHeaders[at]?.length === name.length && rawHeaders[at]?.toLowerCase() === name) count += 1
  }
  return count
}
