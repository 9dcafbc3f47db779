// Payloads and headers that parsers read differently, or not at all. Each is properly signed.
import { CLAIMS, header, json, NOW, signTexts } from './forge.mjs'

export function jsonTexts(catalogue, keys) {
  const key = keys['a-ed']
  const inPayload = (kind, name, text, why) =>
    catalogue.bad(kind, `payload: ${name}`, signTexts(key, json(header(key)), text), why)
  const inHeader = (kind, name, text, why) =>
    catalogue.bad(kind, `header: ${name}`, signTexts(key, text, json(CLAIMS)), why)
  duplicates(key, inPayload, inHeader)
  encodings(key, inPayload, inHeader)
  notObjects(inPayload, inHeader)
  notStrict(key, inPayload, inHeader)
  depths(catalogue, key)
  odd(catalogue, key)
}

/** The JSON text with more members before or behind. */
const before = (members, text) => `{${members},${text.slice(1)}`
const behind = (members, text) => `${text.slice(0, -1)},${members}}`

function duplicates(key, inPayload, inHeader) {
  const why = 'parsers differ in which of two members they take (RFC 7515 §4)'
  const add = (name, text) => inPayload('duplicate-name', name, text, why)
  const claims = json(CLAIMS)
  add('exp twice, the past one first', before('"exp":1', claims))
  add('exp twice, the past one last', behind('"exp":1', claims))
  add('sub twice', behind('"sub":"usr_admin"', claims))
  add('aud twice', before('"aud":"api.other.example"', claims))
  add('iss twice, both right', behind(`"iss":"${CLAIMS.iss}"`, claims))
  add('sub twice, one escaped', behind('"\\u0073ub":"usr_admin"', claims))
  add('a twice in a nested object', behind('"x":{"a":1,"a":2}', claims))
  add('a twice in an object in an array', behind('"x":[{"a":1,"a":1}]', claims))
  add('__proto__ twice', behind('"__proto__":1,"__proto__":2', claims))
  add('an empty name twice', behind('"":1,"":2', claims))
  const head = json(header(key))
  const addHeader = (name, text) => inHeader('duplicate-name', name, text, why)
  addHeader('alg twice, none first', before('"alg":"none"', head))
  addHeader('alg twice, none last', behind('"alg":"none"', head))
  addHeader('kid twice', behind('"kid":"a-rsa"', head))
  addHeader('typ twice, one escaped', behind('"t\\u0079p":"JWT"', head))
  addHeader('an unknown member twice in depth', behind('"x":{"y":{"z":1,"z":1}}', head))
}

function encodings(key, inPayload, inHeader) {
  const why = 'not strict UTF-8 (RFC 8725 §3.7)'
  const bytes = (text, ...inserted) => {
    const at = text.indexOf('@')
    return Buffer.concat([
      Buffer.from(text.slice(0, at)),
      Buffer.from(inserted),
      Buffer.from(text.slice(at + 1)),
    ])
  }
  const claims = json(CLAIMS, { name: 'J@rg' })
  const head = json(header(key), { x: '@' })
  const sequences = {
    'Latin-1': [0xf6],
    'an overlong slash': [0xc0, 0xaf],
    'a raw lone surrogate': [0xed, 0xa0, 0x80],
    'a cut sequence': [0xe2, 0x82],
    'beyond U+10FFFF': [0xf5, 0x80, 0x80, 0x80],
  }
  for (const [name, inserted] of Object.entries(sequences)) {
    inPayload('utf8', name, bytes(claims, ...inserted), why)
    inHeader('utf8', name, bytes(head, ...inserted), why)
  }
  const bom = Buffer.from([0xef, 0xbb, 0xbf])
  inPayload(
    'utf8',
    'byte order mark',
    Buffer.concat([bom, Buffer.from(json(CLAIMS))]),
    'JSON has none (RFC 8259 §8.1)',
  )
  inHeader(
    'utf8',
    'byte order mark',
    Buffer.concat([bom, Buffer.from(json(header(key)))]),
    'JSON has none (RFC 8259 §8.1)',
  )
  inPayload('utf8', 'UTF-16', Buffer.from(json(CLAIMS), 'utf16le'), why)
  const surrogate = 'a lone surrogate is no character, and readers differ in what they make of it'
  inPayload('utf8', 'an escaped lone surrogate', behind('"name":"\\ud800"', json(CLAIMS)), surrogate)
  inPayload(
    'utf8',
    'an escaped pair in the wrong order',
    behind('"name":"\\udc00\\ud800"', json(CLAIMS)),
    surrogate,
  )
  inHeader('utf8', 'an escaped lone surrogate', behind('"x":"\\ud800"', json(header(key))), surrogate)
}

function notObjects(inPayload, inHeader) {
  const texts = {
    'an array': `[${json(CLAIMS)}]`,
    'an empty array': '[]',
    'a number': '7',
    'a string': '"text"',
    null: 'null',
    true: 'true',
    'white space': ' ',
    'not JSON': 'sub=usr_1',
    'an empty object': '{}',
  }
  for (const [name, text] of Object.entries(texts)) {
    inPayload('not-an-object', name, text, 'the payload is not a JSON object with the claims')
    inHeader('not-an-object', name, text, 'the header is not a JSON object with its members')
  }
}

function notStrict(key, inPayload, inHeader) {
  const why = 'not JSON (RFC 8259)'
  const add = (name, text) => inPayload('not-strict-json', name, text, why)
  const claims = json(CLAIMS)
  add('a comma too many', `${claims.slice(0, -1)},}`)
  add('a comment', `${claims}/* */`)
  add('two objects', `${claims}{}`)
  add('rubbish behind', `${claims}x`)
  add('NUL behind', `${claims}\u0000`)
  add('cut short', claims.slice(0, -1))
  add('single quotes', claims.replaceAll('"', "'"))
  add('a name without quotes', claims.replace('"sub"', 'sub'))
  add('NaN', behind('"x":NaN', claims))
  add('Infinity', behind('"x":Infinity', claims))
  add('a number with a leading zero', behind('"x":01', claims))
  add('a number with a plus', behind('"x":+1', claims))
  add('a hexadecimal number', behind('"x":0x10', claims))
  add('a number beyond a double', behind('"x":1e400', claims))
  add('a raw newline in a string', behind('"x":"a\nb"', claims))
  add('an unknown escape', behind('"x":"\\x41"', claims))
  add('a no-break space', claims.replace('{', '{\u00a0'))
  inHeader('not-strict-json', 'rubbish behind', `${json(header(key))}x`, why)
  inHeader('not-strict-json', 'cut short', json(header(key)).slice(0, -1), why)
  inHeader('not-strict-json', 'two objects', `${json(header(key))}{"alg":"none"}`, why)
}

/** `levels` of nesting in all, the outer object being the first. */
const nested = (levels, open = '[', close = ']') => open.repeat(levels - 1) + close.repeat(levels - 1)

function depths(catalogue, key) {
  const claimsWith = (value) => behind(`"x":${value}`, json(CLAIMS))
  const headWith = (value) => behind(`"x":${value}`, json(header(key)))
  const sign = (head, claims) => signTexts(key, head, claims)
  const objects = (levels) => `${'{"x":'.repeat(levels - 1)}1${'}'.repeat(levels - 1)}`
  const bad = (name, head, claims) =>
    catalogue.bad('depth', name, sign(head, claims), 'deeper than 16 levels, the object itself counted')
  const [head, claims] = [json(header(key)), json(CLAIMS)]
  bad('payload of 17 levels of arrays', head, claimsWith(nested(17)))
  bad('payload of 17 levels of objects', head, claimsWith(objects(17)))
  bad('header of 17 levels', headWith(nested(17)), claims)
  bad('payload of 2,000 levels of arrays', head, claimsWith(nested(2000)))
  bad('payload of 1,500 levels of objects', head, claimsWith(objects(1500)))
  bad('header of 3,000 open brackets', '['.repeat(3000), claims)
  catalogue.good('depth', 'payload of 16 levels', sign(head, claimsWith(nested(16))), 'as deep as may be')
  catalogue.good('depth', 'header of 16 levels', sign(headWith(objects(16)), claims), 'as deep as may be')
}

function odd(catalogue, key) {
  const good = (name, text, why) => catalogue.good('json', name, signTexts(key, json(header(key)), text), why)
  const claims = json(CLAIMS)
  good('payload with white space', `\n${JSON.stringify(CLAIMS, null, 2)}\r\n`, 'JSON allows white space')
  good(
    'payload with an escaped name',
    claims.replace('"exp"', '"e\\u0078p"'),
    'an escape spells the same name',
  )
  good(
    'payload beyond ASCII',
    json(CLAIMS, { name: 'Ἀθηνᾶ 😀', email: 'jörg@bücher.example' }),
    'UTF-8 is fine',
  )
  good('payload with an escaped pair', behind('"name":"\\ud83d\\ude00"', claims), 'a pair is one character')
  good(
    'payload with names that scripts know',
    behind('"__proto__":{"sub":"x"},"constructor":1,"toString":null', claims),
    'names like any others',
  )
  good(
    'payload with exp in scientific form',
    claims.replace(/"exp":\d+/, `"exp":${(NOW + 60) / 1e9}e9`),
    'the same number',
  )
  const inherited = behind(`"__proto__":{"sub":"${CLAIMS.sub}"}`, json(CLAIMS, { sub: undefined }))
  catalogue.bad(
    'json',
    'sub inside a member __proto__',
    signTexts(key, json(header(key)), inherited),
    'there is no sub',
  )
}
