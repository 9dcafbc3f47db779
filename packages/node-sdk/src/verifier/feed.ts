import { runtime } from '#runtime'
import type { Engine } from '../engines/engine.js'
import type { Algorithm } from './algorithm.js'
import { readPart, splitCompact } from './compact.js'
import { readHeader } from './header.js'
import type { RemoteKeys } from './remote-keys.js'
import type { JsonObject } from './strict-json.js'

/** The largest feed that is read; a tenant drops what has expired, so real ones are far smaller. */
export const MAX_FEED_BYTES = 16 * 1024 * 1024

/** What a revocation kills. */
export type RevocationKind = 'token' | 'session' | 'user' | 'client' | 'tenant'

/** One revocation. The id is a truncated hash, so the public feed names nobody. */
export interface RevocationEntry {
  readonly seq: number
  /** A {@link RevocationKind}, or one that a newer tenant knows and we have no token part for. */
  readonly kind: string
  readonly id_hash: string
  readonly not_before: number
  readonly expires_at: number
}

/** A signed statement of the tenant's revocations: all of them, or those after `since`. */
export interface Feed {
  readonly type: 'snapshot' | 'delta'
  readonly iss: string
  readonly iat: number
  readonly since: number
  readonly seq: number
  readonly entries: readonly RevocationEntry[]
}

/** Checks signature and form of a feed against the tenant's own keys; throws when it is not one of the tenant's. */
export async function verifyFeed(
  body: Uint8Array,
  trust: { keys: RemoteKeys; engine: Engine; algorithms: readonly Algorithm[] },
): Promise<Feed> {
  const compact = splitCompact(new TextDecoder().decode(body).trim(), MAX_FEED_BYTES)
  const rawHeader = compact === null ? null : readPart(compact.header)
  const header = rawHeader === null ? null : readHeader(rawHeader, 'revocations+jwt', trust.algorithms)
  if (compact === null || header === null) throw new Error('the revocation feed is malformed')
  const answer = await trust.keys.find(header.kid)
  if (answer.state !== 'found') throw new Error('the revocation feed is signed with a key we cannot get')
  const { key } = answer
  const good =
    key.algorithm === header.algorithm &&
    (await trust.engine.check(key.handle, compact.signingInput, runtime.fromBase64url(compact.signature))) ===
      true
  if (!good) throw new Error('the signature of the revocation feed does not hold')
  const payload = readPart(compact.payload)
  const feed = payload === null ? null : readFeed(payload)
  if (feed === null) throw new Error('the revocation feed is malformed')
  return feed
}

/** The feed in a payload, or `null`. One entry we cannot read spoils it all: skipping it might keep a token alive. */
export function readFeed(payload: JsonObject): Feed | null {
  const { iss, iat, type, seq, entries } = payload
  if (typeof iss !== 'string' || !isCount(iat) || !isCount(seq) || !Array.isArray(entries)) return null
  if (type !== 'snapshot' && type !== 'delta') return null
  const since = type === 'delta' ? payload.since : 0
  if (!isCount(since) || !entries.every(isEntry)) return null
  return { type, iss, iat, since, seq, entries }
}

function isEntry(value: unknown): value is RevocationEntry {
  if (typeof value !== 'object' || value === null) return false
  const entry = value as JsonObject
  return (
    isCount(entry.seq) &&
    typeof entry.kind === 'string' &&
    typeof entry.id_hash === 'string' &&
    isCount(entry.not_before) &&
    isCount(entry.expires_at)
  )
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}
