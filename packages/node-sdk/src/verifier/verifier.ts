import { runtime } from '#runtime'
import { AuthError } from '../errors.js'
import { andThen, type Maybe } from '../maybe.js'
import { judgeClaims, readClaims, scopesOf } from './claims.js'
import { type Compact, readPart, splitCompact } from './compact.js'
import { readHeader } from './header.js'
import type { VerificationKey } from './key-set.js'
import { type ResolvedOptions, resolveOptions, type VerifierOptions } from './options.js'
import type { KeyAnswer } from './remote-keys.js'
import { revocationIdsOf } from './revocation-ids.js'
import type { RevocationStatus } from './revocation-poll.js'
import { acquireTrust, type Trust } from './trust.js'
import type { GoodToken, Session } from './verdict-cache.js'

const DIGEST_BYTES = 32

/** Why a token did not hold, or could not be judged. */
export interface Refusal {
  readonly code:
    | 'invalid_token'
    | 'token_expired'
    | 'token_revoked'
    | 'invalid_audience'
    | 'temporarily_unavailable'
  readonly retryAfter?: number
}

/** The outcome for one token. */
export type Verdict =
  | { readonly session: Session; readonly refusal?: undefined }
  | { readonly session?: undefined; readonly refusal: Refusal }

const INVALID: Verdict = { refusal: { code: 'invalid_token' } }
const REVOKED: Verdict = { refusal: { code: 'token_revoked' } }

/** Judges access tokens of one tenant for one audience. Knows no web framework. */
export class Verifier {
  readonly #options: ResolvedOptions
  readonly #trust: Trust
  readonly #release: () => void

  constructor(options: VerifierOptions) {
    this.#options = resolveOptions(options)
    const { trust, release } = acquireTrust(this.#options)
    this.#trust = trust
    this.#release = release
  }

  /** The verified token, or an {@link AuthError}. */
  async verify(token: string): Promise<Session> {
    const { session, refusal } = await this.judge(token)
    if (session !== undefined) return session
    throw new AuthError(refusal.code, { retryAfter: refusal.retryAfter })
  }

  /** The verdict as a value, at once where nothing has to be waited for. Never throws for a bad token. */
  judge(token: string): Maybe<Verdict> {
    // The shape comes before the cache: a token has one spelling there, or none.
    const compact = typeof token === 'string' ? splitCompact(token) : null
    if (compact === null) return INVALID
    return andThen(runtime.sha256(token, DIGEST_BYTES), (digest) => {
      const known = this.#trust.verdicts.get(digest)
      return known === undefined ? this.#judgeNew(compact, digest) : this.#judgeKnown(known, compact, digest)
    })
  }

  /** How fresh the knowledge of revocations is. */
  revocationStatus(): RevocationStatus {
    return (
      this.#trust.revocations?.status() ?? {
        mode: 'off',
        state: 'off',
        ageSeconds: null,
        lagSeconds: null,
        seq: null,
        entries: 0,
      }
    )
  }

  /** Which engine checks signatures. */
  get engine(): 'native' | 'portable' | 'webcrypto' {
    return this.#trust.engine.name
  }

  /** Lets go of the tenant; the last verifier to do so stops its timers and requests under way. */
  close(): void {
    this.#release()
  }

  #judgeKnown(known: GoodToken, compact: Compact, digest: string): Maybe<Verdict> {
    const { keys, verdicts } = this.#trust
    return andThen(keys.find(known.key.kid), (answer) => {
      if (answer.state === 'unavailable') return unavailable(answer.retryAfter)
      if (answer.state === 'unknown' || answer.key !== known.key) {
        // Withdrawn, or another key under the old name: what it vouched for counts no more.
        verdicts.delete(digest)
        return answer.state === 'unknown' ? INVALID : this.#judgeNew(compact, digest)
      }
      const code = judgeClaims(known.session.claims, this.#options, this.#now())
      if (code === 'token_expired') verdicts.delete(digest)
      return code === null ? this.#judgeRevocation(known, digest) : { refusal: { code } }
    })
  }

  #judgeNew(compact: Compact, digest: string): Maybe<Verdict> {
    const raw = readPart(compact.header)
    const header = raw === null ? null : readHeader(raw, 'at+jwt', this.#options.algorithms)
    if (header === null) return INVALID
    return andThen(this.#trust.keys.find(header.kid), (answer: KeyAnswer): Maybe<Verdict> => {
      if (answer.state === 'unavailable') return unavailable(answer.retryAfter)
      // The key's algorithm decides, not the token's: they must agree (RFC 8725 §3.1).
      if (answer.state === 'unknown' || answer.key.algorithm !== header.algorithm) return INVALID
      const { key } = answer
      const signature = runtime.fromBase64url(compact.signature)
      const holds = this.#trust.engine.check(key.handle, compact.signingInput, signature)
      return andThen(holds, (good) => (good === true ? this.#judgePayload(compact, key, digest) : INVALID))
    })
  }

  #judgePayload(compact: Compact, key: VerificationKey, digest: string): Maybe<Verdict> {
    const payload = readPart(compact.payload)
    const claims = payload === null ? null : readClaims(payload)
    if (claims === null) return INVALID
    const code = judgeClaims(claims, this.#options, this.#now())
    if (code !== null) return { refusal: { code } }
    seal(claims)
    return andThen(revocationIdsOf(claims), (revocationIds) => {
      const session = { claims, scopes: Object.freeze(scopesOf(claims.scope)) }
      const good = { session, key, revocationIds }
      this.#trust.verdicts.set(digest, good)
      return this.#judgeRevocation(good, digest)
    })
  }

  #judgeRevocation(good: GoodToken, digest: string): Maybe<Verdict> {
    const { revocations, verdicts } = this.#trust
    if (revocations === null) return { session: good.session }
    return andThen(revocations.find(good.revocationIds, good.session.claims.iat), (answer): Verdict => {
      if (answer === 'clear') return { session: good.session }
      if (answer === 'unavailable') return unavailable(revocations.retryAfter)
      verdicts.delete(digest)
      return REVOKED
    })
  }

  #now(): number {
    return this.#trust.clock.now().wall
  }
}

function unavailable(retryAfter: number): Verdict {
  return { refusal: { code: 'temporarily_unavailable', retryAfter } }
}

/**
 * Claims are shared by all requests with this token; one handler must not be able to change another's. A member named
 * `__proto__` is dropped: JSON makes it an ordinary one, but a handler's `Object.assign` would make it a prototype.
 */
function seal(value: unknown): void {
  if (typeof value !== 'object' || value === null) return
  if (Object.hasOwn(value, '__proto__')) Reflect.deleteProperty(value, '__proto__')
  for (const member of Object.values(value)) seal(member)
  Object.freeze(value)
}
