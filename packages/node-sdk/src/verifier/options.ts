import type { EngineChoice } from '../engines/select.js'
import { ConfigurationError } from '../errors.js'
import { defaultLogger, type Logger } from '../logger.js'
import { defaultFetch, type Fetch } from '../net/fetch.js'
import { refuseUnknownNames } from '../option-names.js'
import { readTenantUrl } from '../tenant-url.js'
import { ALGORITHMS, type Algorithm, isAlgorithm } from './algorithm.js'

/** How revocations are learned, and what happens when they cannot be. */
export interface RevocationOptions {
  /** `poll` asks the tenant every 5 seconds; `off` trusts a token until it expires. */
  readonly mode?: 'poll' | 'off'
  /** How old the state may get. Default 60. */
  readonly maxStalenessSeconds?: number
  /** Past that: refuse with 503, or go on with what is known. Default `reject`. */
  readonly onStale?: 'reject' | 'accept'
}

/** What a verifier is made from. */
export interface VerifierOptions {
  /** Your tenant's base URL (`INTELLIAUTH_TENANT_URL`). */
  readonly tenantUrl: string
  /** What tokens for this API carry as `aud` (`INTELLIAUTH_API_AUDIENCE`); of a list, one must match. */
  readonly audience: string | readonly string[]
  /** What tokens carry as `iss`. Default: `tenantUrl`. */
  readonly issuer?: string
  /** The longest the tenant's keys count as fresh. Default 900. */
  readonly jwksCacheTtlSeconds?: number
  /** How long past that they serve while the tenant cannot be reached. Default 3600. */
  readonly jwksMaxStaleSeconds?: number
  /** Seconds of skew allowed on time claims. Default 30. */
  readonly clockTolerance?: number
  /** Signature algorithms accepted. Default: RS256, ES256 and EdDSA. */
  readonly algorithms?: readonly Algorithm[]
  /** Used instead of the global `fetch`. */
  readonly fetch?: Fetch
  readonly revocation?: RevocationOptions
  readonly logger?: Logger
  /** Default `auto`: the native engine where its package is installed, else the portable one. */
  readonly engine?: EngineChoice
  /** Unix time in seconds. For tests. */
  readonly clock?: () => number
}

/** The names above, for telling a misspelt option from one we know. */
export const VERIFIER_OPTION_NAMES: readonly (keyof VerifierOptions)[] = [
  'tenantUrl',
  'audience',
  'issuer',
  'jwksCacheTtlSeconds',
  'jwksMaxStaleSeconds',
  'clockTolerance',
  'algorithms',
  'fetch',
  'revocation',
  'logger',
  'engine',
  'clock',
]

/** Options with every default filled in and every value checked. */
export interface ResolvedOptions {
  readonly tenantUrl: string
  readonly audiences: readonly string[]
  readonly issuer: string
  readonly jwksCacheTtlSeconds: number
  readonly jwksMaxStaleSeconds: number
  readonly clockTolerance: number
  readonly algorithms: readonly Algorithm[]
  readonly fetch: Fetch
  readonly revocation: Required<RevocationOptions>
  readonly logger: Logger
  readonly engine: EngineChoice
  readonly clock: (() => number) | undefined
}

/** Checks everything at construction; the error names the option and, where there is one, its environment variable. */
export function resolveOptions(options: VerifierOptions): ResolvedOptions {
  if (typeof options !== 'object' || options === null) {
    throw new ConfigurationError('options', 'options are missing: { tenantUrl, audience } at least')
  }
  refuseUnknownNames(options, VERIFIER_OPTION_NAMES)
  const tenantUrl = readTenantUrl(options.tenantUrl)
  return {
    tenantUrl,
    audiences: readAudiences(options.audience),
    issuer: readIssuer(options.issuer, tenantUrl),
    jwksCacheTtlSeconds: readSeconds('jwksCacheTtlSeconds', options.jwksCacheTtlSeconds, 900, [1, 86_400]),
    jwksMaxStaleSeconds: readSeconds('jwksMaxStaleSeconds', options.jwksMaxStaleSeconds, 3600, [0, 604_800]),
    clockTolerance: readSeconds('clockTolerance', options.clockTolerance, 30, [0, 300]),
    algorithms: readAlgorithms(options.algorithms),
    fetch: readFetch(options.fetch),
    revocation: readRevocation(options.revocation),
    logger: readLogger(options.logger),
    engine: readChoice('engine', options.engine, ['auto', 'native', 'portable']),
    clock: readClock(options.clock),
  }
}

/** One of a few words; the first is the default. */
export function readChoice<T extends string>(
  name: string,
  value: T | undefined,
  words: readonly [T, ...T[]],
): T {
  if (value === undefined) return words[0]
  if (words.includes(value)) return value
  throw new ConfigurationError(name, `option "${name}" must be one of ${words.join(', ')}`)
}

function readAudiences(value: unknown): readonly string[] {
  const list = typeof value === 'string' ? [value] : value
  const isGood =
    Array.isArray(list) && list.length > 0 && list.every((one) => typeof one === 'string' && one !== '')
  if (isGood) return [...list]
  const what = value === undefined || value === '' ? 'is missing' : 'must be a string or a list of strings'
  throw new ConfigurationError(
    'audience',
    `option "audience" ${what}. Set INTELLIAUTH_API_AUDIENCE to your API's audience, e.g. api.banking.example.com, and pass it.`,
  )
}

function readIssuer(value: unknown, tenantUrl: string): string {
  if (value === undefined) return tenantUrl
  if (typeof value === 'string' && value !== '') return value
  throw new ConfigurationError('issuer', 'option "issuer" must be a string that is not empty')
}

function readSeconds(name: string, value: unknown, usual: number, [least, most]: [number, number]): number {
  if (value === undefined) return usual
  if (typeof value === 'number' && value >= least && value <= most) return value
  throw new ConfigurationError(name, `option "${name}" must be a number of seconds from ${least} to ${most}`)
}

function readAlgorithms(value: unknown): readonly Algorithm[] {
  if (value === undefined) return ALGORITHMS
  if (Array.isArray(value) && value.length > 0 && value.every(isAlgorithm)) return [...value]
  throw new ConfigurationError(
    'algorithms',
    `option "algorithms" must be a list out of ${ALGORITHMS.join(', ')}; "none" and HMAC are never accepted`,
  )
}

function readFetch(value: unknown): Fetch {
  if (value === undefined && typeof globalThis.fetch === 'function') return defaultFetch
  if (typeof value === 'function') return value as Fetch
  throw new ConfigurationError(
    'fetch',
    `option "fetch" must be a function${value === undefined ? '; this runtime has no fetch of its own' : ''}`,
  )
}

function readLogger(value: unknown): Logger {
  if (value === undefined) return defaultLogger
  if (typeof value === 'object' && value !== null) return value
  throw new ConfigurationError('logger', 'option "logger" must be an object with info, warn and error')
}

function readClock(value: unknown): (() => number) | undefined {
  if (value === undefined || typeof value === 'function') return value as (() => number) | undefined
  throw new ConfigurationError('clock', 'option "clock" must be a function that gives Unix time in seconds')
}

function readRevocation(value: RevocationOptions | undefined): Required<RevocationOptions> {
  const options = value ?? {}
  if (typeof options !== 'object') {
    throw new ConfigurationError('revocation', 'option "revocation" must be an object')
  }
  refuseUnknownNames(options, ['mode', 'maxStalenessSeconds', 'onStale'])
  const mode: string = options.mode ?? 'poll'
  if (mode === 'stream' || mode === 'introspect') {
    throw new ConfigurationError(
      'revocation.mode',
      `option "revocation.mode": '${mode}' is not available yet`,
    )
  }
  return {
    mode: readChoice('revocation.mode', options.mode, ['poll', 'off']),
    maxStalenessSeconds: readSeconds(
      'revocation.maxStalenessSeconds',
      options.maxStalenessSeconds,
      60,
      [10, 86_400],
    ),
    onStale: readChoice('revocation.onStale', options.onStale, ['reject', 'accept']),
  }
}
