import type { ServerResponse } from 'node:http'

/**
 * How an endpoint fails: the connection is cut, the answer never comes, HTTP 500, bytes that are not what they say,
 * or a redirect.
 */
export type Outage = 'none' | 'down' | 'slow' | 'error' | 'garbage' | 'redirect'

/** The endpoints of the test issuer. */
export type Endpoint = 'jwks' | 'revocations' | 'discovery'

/** Plays an outage; false when there is none and the endpoint is to answer itself. */
export function playOutage(outage: Outage, response: ServerResponse): boolean {
  switch (outage) {
    case 'none':
      return false
    case 'down':
      response.socket?.destroy()
      return true
    case 'slow':
      // Held until the client gives up or the issuer closes.
      return true
    case 'error':
      response.writeHead(500, { 'content-type': 'text/plain' }).end('broken')
      return true
    case 'garbage':
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"keys": [{')
      return true
    case 'redirect':
      response.writeHead(302, { location: '/elsewhere' }).end()
      return true
  }
}
