import { ConfigurationError } from '../errors.js'
import type { Logger } from '../logger.js'
import { defaultFetch, type Fetch } from '../net/fetch.js'
import { refuseUnknownNames } from '../option-names.js'
import { readTenantUrl } from '../tenant-url.js'
import { RUNTIME, type Runtime, systemRuntime } from './runtime.js'
import { Secret } from './secret.js'

const DEFAULT_TIMEOUT_MS = 10_000
const MAX_TIMEOUT_MS = 600_000
const DEFAULT_ATTEMPTS = 3
const MAX_ATTEMPTS = 10
const DEFAULT_BASE_MS = 200
const MAX_BASE_MS = 60_000
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the point
const CONTROL = /[\u0000-\u001f\u007f]/

/** How often and how patiently a call is tried. */
export interface RetryOptions {
  /** Attempts in all, the first included; 1 never retries. Default 3. */
  attempts?: number | undefined
  /** The wait before the second attempt, doubled for each further one and jittered. Default 200. */
  baseMs?: number | undefined
}

/** Options of `ManagementClient`. */
export interface ManagementClientOptions {
  /** The tenant's base URL (`INTELLIAUTH_TENANT_URL`). */
  tenantUrl: string
  /** Client id of the machine-to-machine application (`INTELLIAUTH_M2M_CLIENT_ID`). */
  clientId: string
  /** Its secret (`INTELLIAUTH_M2M_CLIENT_SECRET`). For servers only. */
  clientSecret: string
  /** Audience of the token. Default: the tenant URL followed by `/api`. */
  audience?: string | undefined
  /** Space-separated scopes. Default: all the application may have. */
  scope?: string | undefined
  /** Used in place of the global `fetch`. */
  fetch?: Fetch | undefined
  /** Default `{ attempts: 3, baseMs: 200 }`. */
  retry?: RetryOptions | undefined
  /** Bound on one attempt, from connecting to the last byte. Default 10000. */
  timeoutMs?: number | undefined
  /** Told about retries. */
  logger?: Logger | undefined
}

const OPTION_NAMES: readonly (keyof ManagementClientOptions)[] = [
  'tenantUrl',
  'clientId',
  'clientSecret',
  'audience',
  'scope',
  'fetch',
  'retry',
  'timeoutMs',
  'logger',
]

/** Options after checking, with every default filled in. */
export interface Settings {
  readonly origin: string
  readonly clientId: string
  readonly clientSecret: Secret
  readonly audience: string
  readonly scope: string | undefined
  readonly fetch: Fetch
  readonly attempts: number
  readonly baseMs: number
  readonly timeoutMs: number
  readonly logger: Logger | undefined
  readonly runtime: Runtime
}

const REQUIRED = [
  ['tenantUrl', 'INTELLIAUTH_TENANT_URL'],
  ['clientId', 'INTELLIAUTH_M2M_CLIENT_ID'],
  ['clientSecret', 'INTELLIAUTH_M2M_CLIENT_SECRET'],
] as const

/** Checks the options; throws naming the option and the environment variable it usually comes from. */
export function settingsFrom(given: ManagementClientOptions): Settings {
  const options: Partial<ManagementClientOptions> & { [RUNTIME]?: Partial<Runtime> } = given ?? {}
  refuseUnknownNames(options, OPTION_NAMES)
  for (const [name, variable] of REQUIRED) {
    const value: unknown = options[name]
    if (value === undefined || value === null || value === '') {
      refuse(name, `is missing; it usually comes from the environment variable ${variable}`)
    }
    text(name, value)
  }
  const { tenantUrl, clientId, clientSecret, retry } = options as ManagementClientOptions
  const origin = readTenantUrl(tenantUrl)
  return {
    origin,
    clientId,
    clientSecret: new Secret(clientSecret),
    audience: options.audience === undefined ? `${origin}/api` : text('audience', options.audience),
    scope: options.scope === undefined || options.scope === '' ? undefined : text('scope', options.scope),
    fetch: fetchFrom(options.fetch),
    attempts: whole('retry.attempts', retry?.attempts ?? DEFAULT_ATTEMPTS, 1, MAX_ATTEMPTS),
    baseMs: whole('retry.baseMs', retry?.baseMs ?? DEFAULT_BASE_MS, 0, MAX_BASE_MS),
    timeoutMs: whole('timeoutMs', options.timeoutMs ?? DEFAULT_TIMEOUT_MS, 1, MAX_TIMEOUT_MS),
    logger: options.logger,
    runtime: { ...systemRuntime, ...options[RUNTIME] },
  }
}

function text(option: string, value: unknown): string {
  if (typeof value !== 'string' || value === '') return refuse(option, 'must be a non-empty string')
  // A secret read from a file often ends in a newline; sent as it is, it would be a wrong secret.
  if (CONTROL.test(value)) return refuse(option, 'must not contain control characters or line breaks')
  return value
}

function whole(option: string, value: unknown, least: number, most: number): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value
  return refuse(option, `must be a whole number from ${least} to ${most}`)
}

function fetchFrom(given: unknown): Fetch {
  if (given === undefined) {
    if (typeof globalThis.fetch === 'function') return defaultFetch
    refuse('fetch', 'is needed where there is no global fetch (Node 18 or later has one)')
  }
  if (typeof given !== 'function') refuse('fetch', 'must be a function')
  return given as Fetch
}

function refuse(option: string, why: string): never {
  throw new ConfigurationError(option, `ManagementClient: the option ${option} ${why}`)
}
