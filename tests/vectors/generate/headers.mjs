// Header members that change what the bytes mean. Present at all, they get the token refused: skipping what
// one does not understand is how extensions become holes (RFC 7515 §4.1.11, RFC 7797 §6).
import { b64, CLAIMS, header, json, signature, signTexts, token, tokenSignedBy } from './forge.mjs'

export function headers(catalogue, keys) {
  const key = keys['a-ed']
  const why = 'the member is not supported, whatever its value'
  const values = {
    crit: {
      'an unknown extension': ['urn:x'],
      b64: ['b64'],
      exp: ['exp'],
      empty: [],
      null: null,
      text: 'exp',
    },
    b64: { true: true, null: null, 'false without crit': false },
    zip: { DEF: 'DEF', null: null },
    cty: { JWT: 'JWT', null: null, empty: '' },
    enc: { A256GCM: 'A256GCM', null: null },
    epk: { 'a key': key.jwk, null: null },
  }
  for (const [member, choices] of Object.entries(values)) {
    for (const [name, value] of Object.entries(choices)) {
      const signed = token(key, {}, { [member]: value })
      catalogue.bad('header-member', `${member}: ${name}`, signed, why)
    }
  }
  unencoded(catalogue, key)
  ignored(catalogue, key)
}

function unencoded(catalogue, key) {
  const why = 'an unencoded payload is not taken (RFC 7797)'
  const head = b64(json(header(key), { b64: false, crit: ['b64'] }))
  const input = `${head}.${json(CLAIMS)}`
  const payload = json(CLAIMS)
  catalogue.bad(
    'header-member',
    'b64 false with crit, payload unencoded',
    `${input}.${b64(signature(key, input))}`,
    why,
  )
  catalogue.bad(
    'header-member',
    'b64 false with crit, signed unencoded, sent encoded',
    `${head}.${b64(payload)}.${b64(signature(key, input))}`,
    why,
  )
  catalogue.bad(
    'header-member',
    'b64 false with crit, signed encoded',
    token(key, {}, { b64: false, crit: ['b64'] }),
    why,
  )
}

function ignored(catalogue, key) {
  const extra = {
    unknown: { a: [1, null] },
    iss: 'https://attacker.example',
    exp: 0,
    CRIT: ['x'],
    'x5t#S256': 1,
  }
  catalogue.good(
    'header',
    'unknown header members',
    token(key, {}, extra),
    'unknown members are ignored (RFC 7515 §4)',
  )
  const spaced = JSON.stringify(header(key), null, 2)
  catalogue.good(
    'header',
    'header with white space',
    signTexts(key, `\r\n\t ${spaced} \n`, json(CLAIMS)),
    'JSON allows white space',
  )
  const { alg, typ, kid } = header(key)
  catalogue.good(
    'header',
    'header in another order',
    signTexts(key, JSON.stringify({ kid, typ, alg }), json(CLAIMS)),
    'the order of members means nothing',
  )
  const escaped = JSON.stringify(header(key)).replace('"alg"', '"\\u0061lg"').replace('EdDSA', 'Ed\\u0044SA')
  const make = (text) => signature(key, text)
  catalogue.good(
    'header',
    'header with escapes',
    tokenSignedBy(make, escaped),
    'an escape spells the same name and value',
  )
}
