const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const ONLY_ALPHABET = /^[A-Za-z0-9_-]+$/

/**
 * Whether the text is base64url exactly as RFC 4648 §3.5 asks: our alphabet, no padding, stray trailing bits zero.
 * A lenient reader would give one signature several spellings, and each its own place in a cache or a deny-list.
 */
export function isCanonicalBase64url(text: string): boolean {
  return ONLY_ALPHABET.test(text) && hasCanonicalTail(text)
}

/** The tail half of the check, for text whose alphabet is known already. */
export function hasCanonicalTail(text: string): boolean {
  const rest = text.length % 4
  if (rest === 0) return true
  if (rest === 1) return false
  const last = ALPHABET.indexOf(text.charAt(text.length - 1))
  return (last & (rest === 2 ? 0b1111 : 0b11)) === 0
}
