// Spellings of base64url that lenient decoders forgive. Each is signed as it stands, so that the spelling
// alone can get it refused: two spellings of one token would be two keys in a cache of verdicts.
import { b64, CLAIMS, header, json, signParts, token } from './forge.mjs'

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

export function encodings(catalogue, keys) {
  const key = keys['a-ed']
  const why = 'not canonical base64url without padding (RFC 7515 §2, RFC 4648 §3.5)'
  const spell = {
    'stray trailing bits': withTrailingBits,
    padding: (part) => part + '='.repeat((4 - (part.length % 4)) % 4),
    'one = too many': (part) => `${part}=`,
    'percent-encoded padding': (part) => `${part}%3D`,
    'a space within': (part) => `${part.slice(0, 4)} ${part.slice(4)}`,
    'a newline within': (part) => `${part.slice(0, 4)}\n${part.slice(4)}`,
    'a newline behind': (part) => `${part}\n`,
    'CRLF within': (part) => `${part.slice(0, 4)}\r\n${part.slice(4)}`,
    'a tab before': (part) => `\t${part}`,
    'NUL behind': (part) => `${part}\u0000`,
    'a character too many': (part) => `${part}A`.padEnd(part.length + ((5 - (part.length % 4)) % 4), 'A'),
    'a letter beyond ASCII': (part) => `${part.slice(0, 4)}é${part.slice(4)}`,
    'a quotation mark': (part) => `"${part}"`,
  }
  for (const [name, change] of Object.entries(spell)) {
    const [head, payload] = parts(key)
    catalogue.bad('base64', `header with ${name}`, signParts(key, change(head), payload), why)
    catalogue.bad('base64', `payload with ${name}`, signParts(key, head, change(payload)), why)
    const [input, tail] = splitSignature(token(key))
    catalogue.bad('base64', `signature with ${name}`, `${input}.${change(tail)}`, why)
  }
  otherAlphabet(catalogue, keys, why)
}

/** A header and a payload with trailing bits to spare: white space makes them fit. */
function parts(key) {
  const spare = (text) => (Buffer.byteLength(text) % 3 === 1 ? text : spare(`${text} `))
  return [spare(json(header(key))), spare(json(CLAIMS))].map(b64)
}

function splitSignature(text) {
  const dot = text.lastIndexOf('.')
  return [text.slice(0, dot), text.slice(dot + 1)]
}

/** The same bytes to a decoder that drops the bits left over. */
function withTrailingBits(part) {
  if (part.length % 4 === 0) throw new Error('no bits to spare')
  const last = ALPHABET.indexOf(part.at(-1))
  return part.slice(0, -1) + ALPHABET[last + 1]
}

function otherAlphabet(catalogue, keys, why) {
  const key = keys['a-ed']
  const standard = (part) => {
    if (!/[-_]/.test(part)) throw new Error('nothing to respell')
    return part.replaceAll('-', '+').replaceAll('_', '/')
  }
  const odd = '>>>???ÿÿÿþþþ'
  const [head, payload] = [json(header(key), { odd }), json(CLAIMS, { odd })].map(b64)
  catalogue.bad('base64', 'header in the alphabet with + and /', signParts(key, standard(head), payload), why)
  catalogue.bad(
    'base64',
    'payload in the alphabet with + and /',
    signParts(key, head, standard(payload)),
    why,
  )
  const [input, tail] = splitSignature(token(keys['a-rsa']))
  catalogue.bad('base64', 'signature in the alphabet with + and /', `${input}.${standard(tail)}`, why)
  catalogue.good(
    'base64',
    'header and payload with - and _',
    signParts(key, head, payload),
    'the right alphabet',
  )
}
