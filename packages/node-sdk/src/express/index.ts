import { AuthError, ConfigurationError } from '../errors.js'
import { answerRefusal } from '../http/answer.js'
import type { HttpRequest, HttpResponse } from '../http/messages.js'
import { andThen, isPending, type Maybe } from '../maybe.js'
import type { Claims } from '../verifier/claims.js'
import type { RevocationStatus } from '../verifier/revocation-poll.js'
import type { Session } from '../verifier/verdict-cache.js'
import { Verifier } from '../verifier/verifier.js'
import { areScopes, readSettings, type SessionOptions, verifierOptionsOf } from './options.js'

export { AuthError, type AuthErrorCode, ConfigurationError, IntelliAuthError } from '../errors.js'
export type { Claims } from '../verifier/claims.js'
export type { RevocationStatus } from '../verifier/revocation-poll.js'
export type { SessionOptions, TokenExtractor } from './options.js'

declare global {
  namespace Express {
    interface Request {
      /** The verified claims. Unset where no session middleware ran, or `optionalSession` saw no token. */
      user: Claims
      /** The token's scopes. */
      scopes: string[]
    }
  }
}

/** What Express calls a request handler; written out so that the SDK needs no Express. */
export type Handler = (request: HttpRequest, response: HttpResponse, next: (error?: unknown) => void) => void

/** The middleware, with what an application needs at shutdown and for its health page. */
export interface SessionMiddleware extends Handler {
  /** Lets go of the tenant; the last middleware to do so stops its timers and requests under way. */
  close(): void
  /** How fresh the knowledge of revocations is. */
  revocationStatus(): RevocationStatus
}

/** Shared by the ESM and CommonJS copies of this file, which may both live in one process. */
const SESSION = Symbol.for('@intelliauth/node-sdk/session')

interface SessionRequest extends HttpRequest {
  user?: unknown
  scopes?: unknown
  [SESSION]?: Session
}

/** Middleware that lets only requests with a valid access token through, and puts its claims on `req.user`. */
export function requireSession(options: SessionOptions): SessionMiddleware {
  const { locate, allowUnauthenticated, requiredScopes } = readSettings(options)
  const verifier = new Verifier(verifierOptionsOf(options))

  const judge = (request: SessionRequest): Maybe<AuthError | null> =>
    andThen(locate(request), (credentials): Maybe<AuthError | null> => {
      if ('refused' in credentials) return new AuthError(credentials.refused)
      if (credentials.token === null) return allowUnauthenticated ? null : new AuthError('missing_token')
      return andThen(verifier.judge(credentials.token), ({ session, refusal }) => {
        if (refusal !== undefined) return new AuthError(refusal.code, { retryAfter: refusal.retryAfter })
        establish(request, session)
        return missingScope(session, requiredScopes)
      })
    })

  const middleware: Handler = (request, response, next) => {
    const settle = (error: AuthError | null) =>
      error === null ? next() : answerRefusal(request, response, error)
    run(() => judge(request), settle, next)
  }
  return Object.assign(middleware, {
    close: () => verifier.close(),
    revocationStatus: () => verifier.revocationStatus(),
  })
}

/** {@link requireSession} that lets requests without a token through; a bad token is refused all the same. */
export function optionalSession(options: Omit<SessionOptions, 'allowUnauthenticated'>): SessionMiddleware {
  return requireSession({ ...options, allowUnauthenticated: true })
}

/** Middleware for after {@link requireSession}: the token must have all of these scopes, else 403. */
export function requireScope(...scopes: [string | readonly string[], ...string[]]): Handler {
  const required = scopes.flat()
  if (required.length === 0 || !areScopes(required)) {
    throw new ConfigurationError('scopes', 'requireScope needs at least one scope name, e.g. "users:read"')
  }
  return (request: SessionRequest, response, next) => {
    const session = request[SESSION]
    const error = session === undefined ? new AuthError('missing_token') : missingScope(session, required)
    if (error === null) next()
    else answerRefusal(request, response, error)
  }
}

export { requireSession as intelliAuth, requireSession as default }

/** Gives each request its own objects, so that what one handler writes stays with its request. */
function establish(request: SessionRequest, session: Session): void {
  request[SESSION] = session
  request.user = { ...session.claims }
  request.scopes = [...session.scopes]
}

function missingScope(session: Session, required: readonly string[]): AuthError | null {
  const holds = required.every((scope) => session.scopes.includes(scope))
  return holds ? null : new AuthError('insufficient_scope', { requiredScopes: required })
}

/** Settles at once where it can. Errors of the extractor go to Express; those of later handlers are not ours to catch. */
function run(
  judge: () => Maybe<AuthError | null>,
  settle: (error: AuthError | null) => void,
  fail: (error: unknown) => void,
): void {
  let outcome: Maybe<AuthError | null>
  try {
    outcome = judge()
  } catch (error) {
    fail(error)
    return
  }
  if (isPending(outcome)) outcome.then(settle, fail)
  else settle(outcome)
}
