import { randomBytes } from 'node:crypto'
import type { TestKey } from './signing-key.js'

/** What a token of the test issuer is made from; everything has a default. */
export interface MintOptions {
  /** The key that signs. Default: the issuer's current one. */
  readonly key?: TestKey
  readonly audience?: string | readonly string[]
  readonly scope?: string
  readonly lifetimeSeconds?: number
  readonly clientId?: string
  /** Claims laid over the usual ones; `undefined` takes one away. */
  readonly claims?: Record<string, unknown>
  /** Header members laid over the usual ones; `undefined` takes one away. */
  readonly header?: Record<string, unknown>
}

/** {@link MintOptions} of a user's token. */
export interface MintUserOptions extends MintOptions {
  readonly sub?: string
  readonly sessionId?: string
  readonly email?: string
  readonly name?: string
}

const DEFAULT_CLIENT = 'app_01TESTCLIENT00000000000000'

/** What every access token has (RFC 9068 §2.2). */
export function baseClaims(options: MintOptions, issuer: string, audience: string, now: number) {
  return {
    iss: issuer,
    aud: options.audience ?? audience,
    iat: now,
    exp: now + (options.lifetimeSeconds ?? 3600),
    jti: testId('tok'),
    client_id: options.clientId ?? DEFAULT_CLIENT,
    scope: options.scope ?? '',
  }
}

/** What a user's token has beside. */
export function userClaims(options: MintUserOptions) {
  return {
    sub: options.sub ?? 'usr_01TESTUSER0000000000000000',
    sid: options.sessionId ?? testId('ses'),
    acr: 'aal1',
    amr: ['pwd'],
    auth_level: 'AAL1',
    email: options.email ?? 'user@example.com',
    email_verified: true,
    name: options.name ?? 'Test User',
  }
}

function testId(prefix: string): string {
  return `${prefix}_${randomBytes(13).toString('hex').toUpperCase()}`
}
