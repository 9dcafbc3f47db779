import { type Algorithm, isAlgorithm } from './algorithm.js'
import type { JsonObject } from './strict-json.js'

/** A key id longer than this is not one of ours. */
export const MAX_KID_LENGTH = 256

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
  if (typeof kid !== 'string' || kid.length === 0 || kid.length > MAX_KID_LENGTH) return null
  return { algorithm: alg, kid }
}
