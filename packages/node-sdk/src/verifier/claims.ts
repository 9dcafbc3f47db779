import type { JsonObject } from './strict-json.js'

/** Beyond this a double no longer counts seconds one by one. */
const MAX_NUMERIC_DATE = 2 ** 53

/** The claims of a verified access token (RFC 9068). */
export interface Claims {
  readonly iss: string
  /** The user (`usr_…`), or the client itself for a machine. */
  readonly sub: string
  readonly aud: string | readonly string[]
  readonly exp: number
  readonly iat: number
  readonly nbf?: number
  readonly jti: string
  readonly client_id: string
  /** Space-separated; `req.scopes` has them as a list. */
  readonly scope?: string
  readonly sid?: string
  readonly acr?: string
  readonly amr?: readonly string[]
  readonly auth_level?: string
  readonly email?: string
  readonly email_verified?: boolean
  readonly name?: string
  readonly [claim: string]: unknown
}

/** Why claims were refused. */
export type ClaimsRefusal = 'invalid_token' | 'token_expired' | 'invalid_audience'

/** What claims are held against. */
export interface Expectations {
  readonly issuer: string
  readonly audiences: readonly string[]
  readonly clockTolerance: number
}

/** The claims in a payload, or `null` when one is missing or of the wrong kind. Says nothing about what they mean. */
export function readClaims(payload: JsonObject): Claims | null {
  // A sender-constrained token (DPoP, mTLS) shown as a plain bearer token is a stolen one.
  if (Object.hasOwn(payload, 'cnf')) return null
  const isComplete =
    isText(payload.iss) &&
    isText(payload.sub) &&
    isAudience(payload.aud) &&
    isNumericDate(payload.exp) &&
    isNumericDate(payload.iat) &&
    (payload.nbf === undefined || isNumericDate(payload.nbf)) &&
    isText(payload.jti) &&
    isText(payload.client_id) &&
    (payload.scope === undefined || typeof payload.scope === 'string') &&
    (payload.sid === undefined || typeof payload.sid === 'string')
  return isComplete ? (payload as Claims) : null
}

/** Holds claims against what is expected, now; the first failure decides. */
export function judgeClaims(claims: Claims, expected: Expectations, now: number): ClaimsRefusal | null {
  if (claims.iss !== expected.issuer) return 'invalid_token'
  if (!isMeantFor(claims.aud, expected.audiences)) return 'invalid_audience'
  if (Math.floor(claims.exp) <= now - expected.clockTolerance) return 'token_expired'
  const latest = now + expected.clockTolerance
  if (claims.nbf !== undefined && Math.floor(claims.nbf) > latest) return 'invalid_token'
  return Math.floor(claims.iat) > latest ? 'invalid_token' : null
}

/** The scopes in a `scope` claim (RFC 8693 §4.2). */
export function scopesOf(scope: string | undefined): string[] {
  return scope === undefined ? [] : scope.split(' ').filter((name) => name !== '')
}

function isAudience(aud: unknown): aud is Claims['aud'] {
  if (typeof aud === 'string') return true
  return Array.isArray(aud) && aud.every((one) => typeof one === 'string')
}

function isMeantFor(aud: Claims['aud'], audiences: readonly string[]): boolean {
  if (typeof aud === 'string') return audiences.includes(aud)
  return aud.some((one) => audiences.includes(one))
}

function isNumericDate(value: unknown): value is number {
  return typeof value === 'number' && Math.abs(value) <= MAX_NUMERIC_DATE
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}
