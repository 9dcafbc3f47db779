// Ed25519 signatures of the wrong form or content (RFC 8032 §5.1.7).
import { header, json, signature, toBytes, toInt, token, tokenSignedBy } from './forge.mjs'

const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n

export function edSignatures(catalogue, keys) {
  const key = keys['a-ed']
  const add = (name, why, shape) => {
    const forged = tokenSignedBy((text) => shape(signature(key, text)), json(header(key)))
    catalogue.bad('ed25519-form', `EdDSA ${name}`, forged, why)
  }
  const length = 'the signature is exactly 64 bytes'
  const zeros = 'R and S of zeros sign nothing for this key'
  add('with S+L for S', 'S must be below the order, or one signature has many spellings', (both) => {
    const s = toInt(Buffer.from(both.subarray(32)).reverse())
    return Buffer.concat([both.subarray(0, 32), toBytes(s + ORDER, 32).reverse()])
  })
  add('truncated to 63 bytes', length, (both) => both.subarray(0, 63))
  add('of 65 bytes', length, (both) => Buffer.concat([both, Buffer.alloc(1)]))
  add('R alone', length, (both) => both.subarray(0, 32))
  add('of 64 zeros', zeros, () => Buffer.alloc(64))
  add('of one zero', length, () => Buffer.alloc(1))
  add('with the neutral element for R and S zero', zeros, () =>
    Buffer.concat([Buffer.from([1]), Buffer.alloc(63)]),
  )
  add('with R and S swapped', 'another signature', (both) =>
    Buffer.concat([both.subarray(32), both.subarray(0, 32)]),
  )
  add('with the sign of R turned', 'another signature', (both) => {
    const turned = Buffer.from(both)
    turned[31] ^= 0x80
    return turned
  })
  add('of all ones', 'S must be below the order', () => Buffer.alloc(64, 0xff))
  const foreign = tokenSignedBy((text) => signature(keys['attacker-ed'], text), json(header(key)))
  catalogue.bad('ed25519-form', 'EdDSA of another key', foreign, 'the attacker’s signature under our kid')
  const spliced = token(key).replace(/[^.]+$/, token(key, { sub: 'usr_other' }).split('.')[2])
  catalogue.bad('signing-input', 'EdDSA of another token', spliced, 'the signature is another token’s')
  catalogue.good('good', 'EdDSA', token(key), 'a plain good token')
}
