import { type ClientRequest, type IncomingMessage, request } from 'node:http'
import { Readable } from 'node:stream'
import { isLocalhost } from '../tenant-url.js'

/** Where localhost may be; a development tenant listens on one of them. */
const ADDRESSES = ['127.0.0.1', '::1'] as const
/** `Response` refuses a body with these (WHATWG Fetch §2.2.3). */
const WITHOUT_BODY = new Set([204, 205, 304])

/**
 * The global `fetch`, and for names under localhost a second attempt at this machine itself. Node 18 tries one address only,
 * often `::1` with the tenant on `127.0.0.1`, and most resolvers do not know `acme.localhost` at all (RFC 6761 §6.3). The name
 * stays in the Host header: it tells the tenant.
 */
export async function fetchWithLocalhost(url: string, init: RequestInit): Promise<Response> {
  try {
    return await globalThis.fetch(url, init)
  } catch (error) {
    const target = new URL(url)
    if (target.protocol !== 'http:' || !isLocalhost(target.hostname) || !neverConnected(error)) throw error
    for (const address of ADDRESSES) {
      const response = await ask(address, target, init).catch(() => null)
      if (response !== null) return response
    }
    throw error
  }
}

function neverConnected(error: unknown): boolean {
  const { cause } = error as { cause?: { syscall?: unknown; errors?: { syscall?: unknown }[] } }
  const causes = cause?.errors ?? [cause]
  return causes.every((one) => one?.syscall === 'connect' || one?.syscall === 'getaddrinfo')
}

function ask(
  host: string,
  { port, pathname, search, host: name }: URL,
  init: RequestInit,
): Promise<Response> {
  const { method = 'GET', headers, body, signal } = init
  return new Promise((resolve, reject) => {
    const options = {
      host,
      port: port === '' ? 80 : Number(port),
      path: pathname + search,
      method,
      headers: { ...Object.fromEntries(new Headers(headers)), host: name },
      agent: false,
    } as const
    const outgoing: ClientRequest = request(options, (incoming) => resolve(responseOf(incoming)))
    outgoing.on('error', reject)
    // Also for what comes after the head: destroying the request ends the body with an error.
    signal?.addEventListener('abort', () => outgoing.destroy(new Error('aborted')), { once: true })
    outgoing.end(typeof body === 'string' ? body : undefined)
  })
}

function responseOf(incoming: IncomingMessage): Response {
  const { statusCode: status = 502, rawHeaders } = incoming
  const headers = new Headers()
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    headers.append(rawHeaders[at] ?? '', rawHeaders[at + 1] ?? '')
  }
  if (WITHOUT_BODY.has(status)) {
    incoming.resume()
    return new Response(null, { status, headers })
  }
  return new Response(Readable.toWeb(incoming) as unknown as ConstructorParameters<typeof Response>[0], {
    status,
    headers,
  })
}
