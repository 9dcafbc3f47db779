import { runtime } from '#runtime'
import type { HttpRequest } from './messages.js'

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const SAFE = /^[A-Za-z0-9_.:-]{1,128}$/

/** The request's own id where a proxy gave it a harmless one, else a new `req_` id. */
export function requestIdOf(request: HttpRequest): string {
  const given = request.headers['x-request-id']
  return typeof given === 'string' && SAFE.test(given) ? given : newRequestId()
}

/** `req_` and a ULID: ten characters of time, sixteen of chance. */
function newRequestId(): string {
  let time = ''
  for (let rest = Date.now(), at = 0; at < 10; at += 1, rest = Math.floor(rest / 32)) {
    time = CROCKFORD.charAt(rest % 32) + time
  }
  let chance = ''
  for (const byte of runtime.randomBytes(16)) chance += CROCKFORD.charAt(byte % 32)
  return `req_${time}${chance}`
}
