/** RFC 7518 §3.4: R and S of P-256, 32 bytes each, side by side. */
export const ES256_SIGNATURE_BYTES = 64

const SEQUENCE = 0x30
const INTEGER = 0x02

/**
 * The DER form of an ES256 signature. Node would take the raw form through an options object, which costs 15 to 35 µs
 * a call on Node 24; a bare key with DER does not. Only the exact length is converted, so that a DER signature in a token
 * stays refused.
 */
export function ecdsaToDer(raw: Uint8Array): Uint8Array | null {
  if (raw.length !== ES256_SIGNATURE_BYTES) return null
  const r = integer(raw.subarray(0, 32))
  const s = integer(raw.subarray(32))
  const der = new Uint8Array(2 + r.length + s.length)
  der[0] = SEQUENCE
  der[1] = r.length + s.length
  der.set(r, 2)
  der.set(s, 2 + r.length)
  return der
}

function integer(value: Uint8Array): Uint8Array {
  let start = 0
  while (start < value.length - 1 && value[start] === 0) start += 1
  const pad = (value[start] ?? 0) & 0x80 ? 1 : 0
  const out = new Uint8Array(2 + pad + value.length - start)
  out[0] = INTEGER
  out[1] = out.length - 2
  out.set(value.subarray(start), 2 + pad)
  return out
}
