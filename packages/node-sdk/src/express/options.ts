import { ConfigurationError } from '../errors.js'
import { bearerOf, type Credentials, cookieOf, extracted } from '../http/credentials.js'
import type { HttpRequest } from '../http/messages.js'
import { andThen, type Maybe } from '../maybe.js'
import { refuseUnknownNames } from '../option-names.js'
import { VERIFIER_OPTION_NAMES, type VerifierOptions } from '../verifier/options.js'

/** Takes the token from wherever the application keeps it. */
// biome-ignore lint/suspicious/noExplicitAny: an extractor is written against the framework's own request type
export type TokenExtractor = (request: any) => Maybe<string | null | undefined>

/** What {@link requireSession} takes. */
export interface SessionOptions extends VerifierOptions {
  /** Where the token is: the Authorization header (default), a cookie, or wherever your function finds it. */
  readonly tokenLocation?: 'header' | 'cookie' | TokenExtractor
  /** The cookie, with `tokenLocation: 'cookie'`. Default `access_token`. */
  readonly cookieName?: string
  /** Lets a request without a token through. One with a bad token is refused all the same. */
  readonly allowUnauthenticated?: boolean
  /** Scopes every token must have; 403 otherwise. */
  readonly requiredScopes?: readonly string[]
}

const OPTION_NAMES: readonly string[] = [
  ...VERIFIER_OPTION_NAMES,
  'tokenLocation',
  'cookieName',
  'allowUnauthenticated',
  'requiredScopes',
]

/** RFC 6265 §4.1.1: a cookie's name is a token. */
const COOKIE_NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
/** RFC 6749 §3.3. */
const SCOPE = /^[\x21\x23-\x5B\x5D-\x7E]+$/

/** What the middleware keeps of its own options. */
export interface MiddlewareSettings {
  readonly locate: (request: HttpRequest) => Maybe<Credentials>
  readonly allowUnauthenticated: boolean
  readonly requiredScopes: readonly string[]
}

/** Checks the options that are the middleware's own, and that there are no others. */
export function readSettings(options: SessionOptions): MiddlewareSettings {
  if (typeof options !== 'object' || options === null) {
    throw new ConfigurationError('options', 'requireSession needs options: { tenantUrl, audience } at least')
  }
  refuseUnknownNames(options, OPTION_NAMES)
  const { allowUnauthenticated = false, requiredScopes = [] } = options
  if (typeof allowUnauthenticated !== 'boolean') {
    throw new ConfigurationError(
      'allowUnauthenticated',
      'option "allowUnauthenticated" must be true or false',
    )
  }
  if (!Array.isArray(requiredScopes) || !areScopes(requiredScopes)) {
    throw new ConfigurationError('requiredScopes', 'option "requiredScopes" must be a list of scope names')
  }
  if (allowUnauthenticated && requiredScopes.length > 0) {
    throw new ConfigurationError(
      'requiredScopes',
      'options "requiredScopes" and "allowUnauthenticated" exclude each other: a request without a token has no scopes',
    )
  }
  return { locate: locatorFor(options), allowUnauthenticated, requiredScopes: [...requiredScopes] }
}

/** The options without the middleware's own. */
export function verifierOptionsOf(options: SessionOptions): VerifierOptions {
  const given = VERIFIER_OPTION_NAMES.filter((name) => options[name] !== undefined)
  return Object.fromEntries(given.map((name) => [name, options[name]])) as unknown as VerifierOptions
}

/** Whether all of these can be scope names at all. */
export function areScopes(values: readonly unknown[]): values is readonly string[] {
  return values.every((value) => typeof value === 'string' && SCOPE.test(value))
}

function locatorFor({ tokenLocation = 'header', cookieName = 'access_token' }: SessionOptions) {
  if (typeof cookieName !== 'string' || !COOKIE_NAME.test(cookieName)) {
    throw new ConfigurationError('cookieName', 'option "cookieName" must be the name of a cookie')
  }
  if (tokenLocation === 'header') return bearerOf
  if (tokenLocation === 'cookie') return (request: HttpRequest) => cookieOf(request, cookieName)
  if (typeof tokenLocation === 'function') {
    return (request: HttpRequest) => andThen(tokenLocation(request), extracted)
  }
  throw new ConfigurationError(
    'tokenLocation',
    `option "tokenLocation" must be 'header', 'cookie' or a function`,
  )
}
