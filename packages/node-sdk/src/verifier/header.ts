import { type Algorithm, isAlgorithm } from './algorithm.js'
import type { JsonObject } from './strict-json.js'

/** A key id longer than this is not one of ours. */
const MAX_KID_BYTES = 256

const utf8 = new TextEncoder()

/**
 * Header members that change what the bytes mean: extensions we do not know (`crit`, RFC 7515 §4.1.11), an unencoded
 * payload (RFC 7797 §7), compression bombs, a nested token, encryption. Their presence is enough, whatever the value.
 */
const REFUSED_MEMBERS = ['crit', 'b64', 'zip', 'cty', 'enc', 'epk'] as const

/** What the header of an acceptable token says. `jwk`, `jku`, `x5c` and `x5u` are not here because nobody looks at them. */
export interface Header {
  readonly algorithm: Algorithm
  readonly kid: string
}

/** Reads a header, or gives `null`. `type` is the media type without `application/`, e.g. `at+jwt` (RFC 9068 §2.1). */
export function readHeader(
  header: JsonObject,
  type: string,
  algorithms: readonly Algorithm[],
): Header | null {
  if (REFUSED_MEMBERS.some((name) => Object.hasOwn(header, name))) return null
  const { alg, kid, typ } = header
  if (!isAlgorithm(alg) || !algorithms.includes(alg)) return null
  if (typeof typ !== 'string' || typ.toLowerCase().replace(/^application\//, '') !== type) return null
  if (!isKid(kid)) return null
  return { algorithm: alg, kid }
}

/** Whether this can be a key id at all. */
export function isKid(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && utf8.encode(value).length <= MAX_KID_BYTES
}
