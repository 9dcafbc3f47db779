// A small HTTP/1.1 client over node:http: one answer per request, nothing retried, nothing hidden. `fetch` would
// pool, retry and refuse to set Host, and the tests need to know exactly what was sent.
import http from 'node:http'
import https from 'node:https'

const ANSWER_TIMEOUT_MS = 30_000

/**
 * Sends one request to 127.0.0.1:`port`. `authority` is the Host header (a tenant is chosen by it).
 * `form` and `json` set body and content type. With `tls` (options of node:tls) it is HTTPS, and the certificate must be
 * the authority's. Gives `{ status, headers, text, json }`.
 */
export function ask({ port, authority, method = 'GET', path = '/', headers = {}, form, json, agent, tls }) {
  const body = form
    ? new URLSearchParams(form).toString()
    : json === undefined
      ? undefined
      : JSON.stringify(json)
  const type = form ? 'application/x-www-form-urlencoded' : 'application/json'
  const sent = {
    host: authority ?? `localhost:${port}`,
    ...(body === undefined ? {} : { 'content-type': type, 'content-length': Buffer.byteLength(body) }),
    ...headers,
  }
  const secure = tls && { servername: authority, ...tls }
  return new Promise((resolve, reject) => {
    const request = (tls ? https : http).request(
      { host: '127.0.0.1', port, method, path, headers: sent, agent, timeout: ANSWER_TIMEOUT_MS, ...secure },
      (response) => {
        const chunks = []
        response.on('data', (chunk) => chunks.push(chunk))
        response.on('error', reject)
        response.on('aborted', () => reject(new Error('the answer was cut off')))
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8')
          resolve({ status: response.statusCode, headers: response.headers, text, json: parsed(text) })
        })
      },
    )
    request.on('timeout', () => request.destroy(new Error(`no answer within ${ANSWER_TIMEOUT_MS} ms`)))
    request.on('error', reject)
    request.end(body)
  })
}

const parsed = (text) => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** RFC 6749 §2.3.1: both halves form-encoded before they are joined. */
export const basic = (id, secret) =>
  `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64')}`

export const bearer = (token) => ({ authorization: `Bearer ${token}` })
