import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Algorithm } from '../verifier/algorithm.js'
import type { RevocationKind } from '../verifier/feed.js'
import { baseClaims, type MintOptions, type MintUserOptions, userClaims } from './mint.js'
import { type Endpoint, type Outage, playOutage } from './outage.js'
import { RevocationLog } from './revocation-log.js'
import { generateTestKey, signCompact, type TestKey } from './signing-key.js'
import { TestClock } from './test-clock.js'

/** What {@link startTestIssuer} takes. */
export interface TestIssuerOptions {
  readonly audience?: string
  readonly algorithm?: Algorithm
  readonly clock?: TestClock
  /** `max-age` of the key set. Default 300. */
  readonly jwksMaxAge?: number
}

/** Starts a tenant for tests: a real HTTP server on a free loopback port with real keys. */
export async function startTestIssuer(options: TestIssuerOptions = {}): Promise<TestIssuer> {
  const issuer = new TestIssuer(options)
  await issuer.rotateKey()
  await issuer.listen()
  return issuer
}

/** The tenant's side of token checking, with switches for what can go wrong. */
export class TestIssuer {
  readonly audience: string
  readonly clock: TestClock
  /** How often each endpoint was asked. */
  readonly requests: Record<Endpoint, number> = { jwks: 0, revocations: 0, discovery: 0 }
  readonly #algorithm: Algorithm
  readonly #jwksMaxAge: number
  readonly #server: Server
  readonly #outages: Record<Endpoint, Outage> = { jwks: 'none', revocations: 'none', discovery: 'none' }
  readonly #log = new RevocationLog()
  #published: TestKey[] = []
  #current: TestKey | null = null
  #url = ''

  /** @internal Use {@link startTestIssuer}. */
  constructor(options: TestIssuerOptions) {
    this.audience = options.audience ?? 'api.test.example'
    this.clock = options.clock ?? new TestClock()
    this.#algorithm = options.algorithm ?? 'RS256'
    this.#jwksMaxAge = options.jwksMaxAge ?? 300
    this.#server = createServer((request, response) => this.#serve(request, response))
  }

  /** The tenant URL, and so the issuer. */
  get url(): string {
    return this.#url
  }

  /** The key that signs now. */
  get currentKey(): TestKey {
    if (this.#current === null) throw new Error('the test issuer has no key')
    return this.#current
  }

  /** A user's access token. */
  mintUserToken(options: MintUserOptions = {}): string {
    return this.#mint({ ...this.#base(options), ...userClaims(options) }, options)
  }

  /** A machine's access token: its subject is the client. */
  mintClientToken(options: MintOptions = {}): string {
    const base = this.#base(options)
    return this.#mint({ ...base, sub: base.client_id }, options)
  }

  /** Makes a key; signs with it from now on, and publishes it unless told not to. */
  async rotateKey({ publish = true, algorithm = this.#algorithm } = {}): Promise<TestKey> {
    const key = await generateTestKey(algorithm)
    this.#current = key
    if (publish) this.publishKey(key)
    return key
  }

  publishKey(key: TestKey): void {
    this.#published = [...this.#published.filter(({ kid }) => kid !== key.kid), key]
  }

  withdrawKey(kid: string): void {
    this.#published = this.#published.filter((key) => key.kid !== kid)
  }

  /** Revokes by id: a token's `jti`, a session's `sid`, a user's `sub`, a `client_id`; the tenant as a whole by its issuer. */
  revoke(kind: RevocationKind, id: string = this.#url): void {
    this.#log.append(kind, id, Math.floor(this.clock.now()))
  }

  /** Breaks or mends an endpoint, or all. */
  setOutage(outage: Outage, endpoint: Endpoint | 'all' = 'all'): void {
    const all: Endpoint[] = ['jwks', 'revocations', 'discovery']
    for (const one of endpoint === 'all' ? all : [endpoint]) this.#outages[one] = outage
  }

  /** Stops the server and cuts what hangs on it. */
  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve))
    this.#server.closeAllConnections?.()
    await closed
  }

  /** @internal */
  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    this.#url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  #base(options: MintOptions) {
    return baseClaims(options, this.#url, this.audience, Math.floor(this.clock.now()))
  }

  #mint(claims: Record<string, unknown>, { key = this.currentKey, ...options }: MintOptions): string {
    const header = { alg: key.algorithm, typ: 'at+jwt', kid: key.kid, ...options.header }
    return signCompact(key, header, { ...claims, ...options.claims })
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', this.#url)
    const endpoint = ENDPOINTS[url.pathname]
    if (endpoint === undefined) {
      response.writeHead(404).end()
      return
    }
    this.requests[endpoint] += 1
    if (playOutage(this.#outages[endpoint], response)) return
    if (endpoint === 'jwks') this.#serveJwks(request, response)
    else if (endpoint === 'revocations') this.#serveRevocations(url, response)
    else this.#serveDiscovery(response)
  }

  #serveJwks(request: IncomingMessage, response: ServerResponse): void {
    const body = JSON.stringify({ keys: this.#published.map((key) => key.publicJwk) })
    const etag = `"${createHash('sha256').update(body).digest('base64url')}"`
    const headers = { etag, 'cache-control': `public, max-age=${this.#jwksMaxAge}` }
    if (request.headers['if-none-match'] === etag) response.writeHead(304, headers).end()
    else response.writeHead(200, { ...headers, 'content-type': 'application/json' }).end(body)
  }

  #serveRevocations(url: URL, response: ServerResponse): void {
    const since = url.searchParams.get('since')
    const now = Math.floor(this.clock.now())
    const payload = this.#log.feed(this.#url, now, since === null ? null : Number(since))
    // A tenant signs with what it has published, so a feed survives a key that tests keep back.
    const key = this.#published.at(-1) ?? this.currentKey
    const { kid, algorithm } = key
    const body = signCompact(key, { alg: algorithm, typ: 'revocations+jwt', kid }, payload)
    const headers = { 'content-type': 'application/revocations+jwt', 'cache-control': 'public, max-age=1' }
    response.writeHead(200, headers).end(body)
  }

  #serveDiscovery(response: ServerResponse): void {
    const document = {
      issuer: this.#url,
      jwks_uri: `${this.#url}/.well-known/jwks.json`,
      revocations_endpoint: `${this.#url}/oauth2/revocations`,
    }
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(document))
  }
}

const ENDPOINTS: Readonly<Record<string, Endpoint>> = {
  '/.well-known/jwks.json': 'jwks',
  '/oauth2/revocations': 'revocations',
  '/.well-known/openid-configuration': 'discovery',
}
