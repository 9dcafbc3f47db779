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

/** Judges the claims of a token whose signature held; the first failure decides. */
export function judgeClaims(claims: JsonObject, expected: Expectations, now: number): ClaimsRefusal | null {
  if (claims.iss !== expected.issuer) return 'invalid_token'
  if (!isAudience(claims.aud)) return 'invalid_token'
  if (!isMeantFor(claims.aud, expected.audiences)) return 'invalid_audience'
  const dated = judgeDates(claims, expected.clockTolerance, now)
  if (dated !== null) return dated
  return isComplete(claims) ? null : 'invalid_token'
}

/** The part of the judgement that can change while a verdict is cached, or from one middleware to another. */
export function judgeAgain(claims: Claims, expected: Expectations, now: number): ClaimsRefusal | null {
  if (!isMeantFor(claims.aud, expected.audiences)) return 'invalid_audience'
  return judgeDates(claims, expected.clockTolerance, now)
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

function judgeDates(
  { exp, nbf, iat }: { readonly [claim: string]: unknown },
  tolerance: number,
  now: number,
): ClaimsRefusal | null {
  if (!isNumericDate(exp) || !isNumericDate(iat)) return 'invalid_token'
  if (nbf !== undefined && !isNumericDate(nbf)) return 'invalid_token'
  if (Math.floor(exp) <= now - tolerance) return 'token_expired'
  if (nbf !== undefined && Math.floor(nbf) > now + tolerance) return 'invalid_token'
  return Math.floor(iat) > now + tolerance ? 'invalid_token' : null
}

function isNumericDate(value: unknown): value is number {
  return typeof value === 'number' && Math.abs(value) <= MAX_NUMERIC_DATE
}

function isComplete(claims: JsonObject): boolean {
  // A sender-constrained token (DPoP, mTLS) shown as a plain bearer token is a stolen one.
  if (Object.hasOwn(claims, 'cnf')) return false
  return (
    isText(claims.sub) &&
    isText(claims.jti) &&
    isText(claims.client_id) &&
    isTextIfThere(claims, 'scope') &&
    isTextIfThere(claims, 'sid')
  )
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}

function isTextIfThere(claims: JsonObject, name: string): boolean {
  return !Object.hasOwn(claims, name) || typeof claims[name] === 'string'
}
