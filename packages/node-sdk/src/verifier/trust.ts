import { runtime } from '#runtime'
import type { Engine } from '../engines/engine.js'
import { selectEngine } from '../engines/select.js'
import { type Clock, clockFrom, systemClock } from './clock.js'
import type { ResolvedOptions } from './options.js'
import { RemoteKeys } from './remote-keys.js'
import { RevocationPoll } from './revocation-poll.js'
import { VerdictCache } from './verdict-cache.js'

/** What is known of one tenant: its keys, its revocations, and the tokens that held. */
export interface Trust {
  readonly clock: Clock
  readonly engine: Engine
  readonly keys: RemoteKeys
  /** `null` when revocation is switched off. */
  readonly revocations: RevocationPoll | null
  readonly verdicts: VerdictCache
}

interface Shared {
  readonly trust: Trust
  users: number
}

const shared = new Map<string, Shared>()
const identities = new WeakMap<object, number>()
let nextIdentity = 1

/**
 * The trust these options ask for. Middlewares for one tenant share it, however many an application makes: one key fetch, one
 * poll, one cache. What differs between them (audience, tolerance, scopes) is judged per middleware on each request.
 */
export function acquireTrust(options: ResolvedOptions): { trust: Trust; release: () => void } {
  const name = nameOf(options)
  const entry = shared.get(name) ?? { trust: openTrust(options), users: 0 }
  shared.set(name, entry)
  entry.users += 1
  let held = true
  const release = () => {
    if (!held) return
    held = false
    entry.users -= 1
    if (entry.users > 0) return
    shared.delete(name)
    entry.trust.keys.close()
    entry.trust.revocations?.close()
  }
  return { trust: entry.trust, release }
}

function openTrust(options: ResolvedOptions): Trust {
  const { tenantUrl, issuer, algorithms, fetch, logger, revocation } = options
  const clock = options.clock === undefined ? systemClock : clockFrom(options.clock)
  const engine = selectEngine(options.engine, logger)
  const common = { fetch, engine, clock, logger, background: runtime.background }
  const keys = new RemoteKeys({
    ...common,
    url: `${tenantUrl}/.well-known/jwks.json`,
    ttlSeconds: options.jwksCacheTtlSeconds,
    maxStaleSeconds: options.jwksMaxStaleSeconds,
    random: Math.random,
  })
  const { mode, maxStalenessSeconds, onStale } = revocation
  const url = `${tenantUrl}/oauth2/revocations`
  const revocations =
    mode === 'off'
      ? null
      : new RevocationPoll({ ...common, url, issuer, keys, algorithms, maxStalenessSeconds, onStale })
  return { clock, engine, keys, revocations, verdicts: new VerdictCache() }
}

function nameOf(options: ResolvedOptions): string {
  const { tenantUrl, issuer, algorithms, engine, revocation, jwksCacheTtlSeconds, jwksMaxStaleSeconds } =
    options
  const own = [options.fetch, options.logger, options.clock].map(identityOf)
  return JSON.stringify([
    tenantUrl,
    issuer,
    algorithms,
    engine,
    revocation,
    jwksCacheTtlSeconds,
    jwksMaxStaleSeconds,
    own,
  ])
}

function identityOf(value: object | undefined): number {
  if (value === undefined) return 0
  const identity = identities.get(value) ?? nextIdentity++
  identities.set(value, identity)
  return identity
}
