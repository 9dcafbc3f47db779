// Good tokens with something changed after they were signed.
import { b64, CLAIMS, header, ISSUER, json, token } from './forge.mjs'

const PARTS = ['header', 'payload', 'signature']

export function tampered(catalogue, keys) {
  for (const name of ['a-rsa', 'a-ec', 'a-ed']) {
    const signed = token(keys[name]).split('.')
    PARTS.forEach((which, index) => {
      const changed = signed.map((p, i) => (i === index ? nextAt(p, 10) : p))
      catalogue.bad(
        'tampered',
        `${name}: one character of the ${which} changed`,
        changed.join('.'),
        'what was signed was something else',
      )
    })
    const [head, , tail] = signed
    const edit = (change) => [head, b64(json(CLAIMS, change)), tail].join('.')
    catalogue.bad(
      'tampered',
      `${name}: another sub`,
      edit({ sub: 'usr_admin' }),
      'the signature is over other claims',
    )
    catalogue.bad(
      'tampered',
      `${name}: a later exp`,
      edit({ exp: CLAIMS.exp + 1 }),
      'the signature is over other claims',
    )
    const { kid, typ, alg } = header(keys[name])
    const rewritten = [b64(JSON.stringify({ kid, typ, alg })), ...signed.slice(1)].join('.')
    catalogue.bad(
      'tampered',
      `${name}: header written anew`,
      rewritten,
      'the text is what is signed, not the meaning',
    )
    const respelt = [head, b64(`${json(CLAIMS)} `), tail].join('.')
    catalogue.bad('tampered', `${name}: a space after the claims`, respelt, 'the text is what is signed')
    catalogue.bad(
      'tampered',
      `${name}: the last character cut`,
      signed.join('.').slice(0, -1),
      'not the signature',
    )
  }
  catalogue.bad(
    'tampered',
    'letters in upper case',
    token(keys['a-ed']).toUpperCase(),
    'base64url tells case apart',
  )
  const expired = token(keys['a-ed'], { exp: 1, iss: `${ISSUER}x` })
    .split('.')
    .slice(0, 2)
  catalogue.bad(
    'tampered',
    'expired, of another issuer, and with no true signature',
    [...expired, 'AAAA'].join('.'),
    'claims are not read before the signature held: the code must not tell of them',
  )
}

/** The text with the character at `at` replaced by another of the alphabet. */
const nextAt = (text, at) => text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1)
