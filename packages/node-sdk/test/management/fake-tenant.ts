import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'
import { ManagementClient, type ManagementClientOptions } from '../../src/management/index.js'
import { RUNTIME, type Runtime } from '../../src/management/runtime.js'

export const CLIENT_ID = 'app_01HZXM2M'
export const CLIENT_SECRET = 'correct-horse:battery+staple%'

/** A request as the tenant saw it. */
export interface Seen {
  method: string
  path: string
  query: URLSearchParams
  headers: IncomingHttpHeaders
  body: string
}

/** Answers the `nth` request of its kind, counted from 1. */
export type Handler = (answer: ServerResponse, seen: Seen, nth: number) => void

/** A tenant on a real loopback socket, whose answers each test decides. */
export interface FakeTenant {
  url: string
  grants: Seen[]
  calls: Seen[]
  onGrant: Handler
  onCall: Handler
}

export async function fakeTenant(t: TestContext): Promise<FakeTenant> {
  const tenant: FakeTenant = {
    url: '',
    grants: [],
    calls: [],
    onGrant: (answer, _seen, nth) => grant(answer, `token-${nth}`),
    onCall: (answer) => success(answer, { id: 'usr_1' }),
  }
  const server = createServer((request, answer) => {
    const url = new URL(request.url ?? '/', 'http://fake')
    let body = ''
    request.setEncoding('utf8').on('data', (chunk: string) => {
      body += chunk
    })
    request.on('end', () => {
      const { method = '', headers } = request
      const isGrant = url.pathname === '/oauth2/token'
      const log = isGrant ? tenant.grants : tenant.calls
      const seen = { method, path: url.pathname, query: url.searchParams, headers, body }
      log.push(seen)
      ;(isGrant ? tenant.onGrant : tenant.onCall)(answer, seen, log.length)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  tenant.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return tenant
}

export function reply(
  answer: ServerResponse,
  status: number,
  body?: unknown,
  headers: Record<string, string> = {},
): void {
  answer.writeHead(status, { 'content-type': 'application/json', 'x-request-id': 'req_header', ...headers })
  answer.end(body === undefined ? undefined : JSON.stringify(body))
}

/** A success of the API with one object, in its envelope. */
export function success(answer: ServerResponse, data: object, status = 200): void {
  reply(answer, status, { data, meta: {} })
}

export function grant(answer: ServerResponse, token: string, expiresIn = 3600): void {
  reply(answer, 200, { access_token: token, token_type: 'Bearer', expires_in: expiresIn })
}

/** Time that only tests move. Sleeping takes no real time and is written down. */
export class TestRuntime {
  time = 1_000_000
  chance = 0
  readonly slept: number[] = []
  readonly deadlines = new Set<() => void>()
  #keys = 0

  now = (): number => this.time
  wallClock = (): number => Date.UTC(2026, 0, 1)
  random = (): number => this.chance
  uniqueKey = (): string => `key-${++this.#keys}`
  sleep = (ms: number): Promise<void> => {
    this.slept.push(ms)
    this.time += ms
    return Promise.resolve()
  }
  deadline = (_ms: number, expired: () => void): (() => void) => {
    this.deadlines.add(expired)
    return () => this.deadlines.delete(expired)
  }
  expireAll(): void {
    for (const expired of this.deadlines) expired()
  }
}

/** A client of the fake tenant. */
export function clientOf(
  tenant: { url: string },
  runtime: Partial<Runtime> = new TestRuntime(),
  options: Partial<ManagementClientOptions> = {},
): ManagementClient {
  const given: ManagementClientOptions & { [RUNTIME]: Partial<Runtime> } = {
    tenantUrl: tenant.url,
    clientId: CLIENT_ID,
    clientSecret: CLIENT_SECRET,
    ...options,
    [RUNTIME]: runtime,
  }
  return new ManagementClient(given)
}

/** A promise to be settled by hand. */
export function gate(): { opened: Promise<void>; open: () => void } {
  let open: () => void = () => undefined
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { opened, open }
}

/** The URL of a loopback port where nobody listens any more. */
export async function deadUrl(): Promise<string> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return `http://127.0.0.1:${port}`
}
