import { runtime } from '#runtime'
import { hasCanonicalTail } from './base64url.js'
import { type JsonObject, parseStrictObject } from './strict-json.js'

/** RFC 6750 sets no bound on a token; this one keeps a request from buying work with bytes. */
export const MAX_TOKEN_LENGTH = 16 * 1024

const THREE_PARTS = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/

/** A JWS in compact form, split but not yet read. */
export interface Compact {
  readonly signingInput: string
  readonly header: string
  readonly payload: string
  readonly signature: string
}

/** Splits exactly three non-empty canonical base64url parts (RFC 7515 §7.1), or gives `null`. */
export function splitCompact(token: string, maxLength: number = MAX_TOKEN_LENGTH): Compact | null {
  if (token.length > maxLength || !THREE_PARTS.test(token)) return null
  const first = token.indexOf('.')
  const second = token.lastIndexOf('.')
  const header = token.slice(0, first)
  const payload = token.slice(first + 1, second)
  const signature = token.slice(second + 1)
  if (!hasCanonicalTail(header) || !hasCanonicalTail(payload) || !hasCanonicalTail(signature)) {
    return null
  }
  return { signingInput: token.slice(0, second), header, payload, signature }
}

/** The JSON object in one part, or `null`. */
export function readPart(part: string): JsonObject | null {
  return parseStrictObject(runtime.fromBase64url(part))
}
