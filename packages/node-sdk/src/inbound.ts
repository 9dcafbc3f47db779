/** The inbound half of the SDK: trusting the tokens that requests bring. */
export { AuthError, type AuthErrorCode, ConfigurationError, IntelliAuthError } from './errors.js'
export {
  type Handler,
  intelliAuth,
  optionalSession,
  requireScope,
  requireSession,
  type SessionMiddleware,
  type SessionOptions,
  type TokenExtractor,
} from './express/index.js'
export type { Logger } from './logger.js'
export type { Fetch } from './net/fetch.js'
export type { Algorithm } from './verifier/algorithm.js'
export type { Claims } from './verifier/claims.js'
export type { RevocationOptions, VerifierOptions } from './verifier/options.js'
export type { RevocationStatus } from './verifier/revocation-poll.js'
export type { Session } from './verifier/verdict-cache.js'
export { Verifier } from './verifier/verifier.js'
