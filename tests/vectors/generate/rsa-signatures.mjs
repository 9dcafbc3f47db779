// RSA signatures whose padding or length a careless reader forgives (RFC 8017 §8.2.2: build the expected
// block and compare, do not parse).
import { constants, createHash, privateEncrypt, sign } from 'node:crypto'
import {
  b64,
  CLAIMS,
  header,
  json,
  pssSignature,
  published,
  signature,
  toBytes,
  toInt,
  token,
  tokenSignedBy,
} from './forge.mjs'

const SHA256_INFO = Buffer.from('3031300d060960864801650304020105000420', 'hex')
/** The same without the NULL parameters, and with a length in the long form of BER. */
const WITHOUT_NULL = Buffer.from('302f300b0609608648016503040201' + '0420', 'hex')
const LONG_FORM = Buffer.from('308131300d060960864801650304020105000420', 'hex')

export function rsaSignatures(catalogue, keys) {
  lengths(catalogue, keys['a-rsa'])
  paddings(catalogue, keys['a-rsa'])
  schemes(catalogue, keys)
  cubeRoots(catalogue, keys['rsa-e3'])
  catalogue.good('good', 'RS256', token(keys['a-rsa']), 'a plain good token')
}

function lengths(catalogue, key) {
  const why = 'the signature is exactly as long as the modulus (RFC 8017 §8.2.2)'
  const head = json(header(key))
  const add = (name, shape) => {
    const forged = tokenSignedBy((text) => shape(signature(key, text)), head)
    catalogue.bad('rsa-form', `RS256 ${name}`, forged, why)
  }
  add('with a zero before', (bytes) => Buffer.concat([Buffer.alloc(1), bytes]))
  add('with a zero behind', (bytes) => Buffer.concat([bytes, Buffer.alloc(1)]))
  add('of 255 bytes', (bytes) => bytes.subarray(0, 255))
  add('of one zero', () => Buffer.alloc(1))
  add('of 256 zeros', () => Buffer.alloc(256))
  add('equal to one', () => toBytes(1n, 256))
  add('with the modulus as signature', () => Buffer.from(key.jwk.n, 'base64url'))
  const payload = payloadWith(key, head, (bytes) => bytes[0] === 0)
  const short = tokenSignedBy((text) => signature(key, text).subarray(1), head, payload)
  catalogue.bad('rsa-form', 'RS256 with its leading zero dropped', short, why)
  const full = tokenSignedBy((text) => signature(key, text), head, payload)
  catalogue.good('rsa-form', 'RS256 with a leading zero', full, 'as long as the modulus, zero and all')
  const modulus = toInt(Buffer.from(key.jwk.n, 'base64url'))
  const fits = (bytes) => toInt(bytes) + modulus < 2n ** 2048n
  const plus = tokenSignedBy(
    (text) => toBytes(toInt(signature(key, text)) + modulus, 256),
    head,
    payloadWith(key, head, fits),
  )
  catalogue.bad('rsa-form', 'RS256 plus the modulus', plus, 'a signature is below the modulus')
}

/** A payload, made different by its jti, whose signature has the wanted property. */
function payloadWith(key, head, wanted) {
  for (let count = 0; ; count++) {
    const payload = json(CLAIMS, { jti: `tok_${count}` })
    if (wanted(signature(key, `${b64(head)}.${b64(payload)}`))) return payload
  }
}

function paddings(catalogue, key) {
  const digest = (text) => createHash('sha256').update(text).digest()
  const add = (name, why, block) => {
    const forged = tokenSignedBy((text) => raw(key, block(digest(text))), json(header(key)))
    catalogue.bad('rsa-padding', `RS256 ${name}`, forged, why)
  }
  const info = (hash) => Buffer.concat([SHA256_INFO, hash])
  add(
    'with eight bytes of padding and rubbish behind',
    'Bleichenbacher 2006: what follows the hash counts',
    (hash) => leftBlock(8, Buffer.concat([info(hash), Buffer.alloc(194, 0x5a)])),
  )
  add('with rubbish between the padding and the hash', 'the block is compared as a whole', (hash) =>
    leftBlock(100, Buffer.concat([Buffer.alloc(102, 0x5a), info(hash)])),
  )
  add('with block type 2', 'signatures are block type 1', (hash) => fullBlock(info(hash), 2, 0xff))
  add('with block type 0', 'signatures are block type 1', (hash) => fullBlock(info(hash), 0, 0))
  add('with a padding byte that is not FF', 'the block is compared as a whole', (hash) =>
    fullBlock(info(hash), 1, 0xfe),
  )
  add('without DigestInfo', 'the bare hash does not say its algorithm', (hash) => fullBlock(hash, 1, 0xff))
  add('with DigestInfo without NULL', 'the one encoding of RFC 8017 §9.2 counts', (hash) =>
    fullBlock(Buffer.concat([WITHOUT_NULL, hash]), 1, 0xff),
  )
  add('with a BER long-form length', 'DER only', (hash) =>
    fullBlock(Buffer.concat([LONG_FORM, hash]), 1, 0xff),
  )
}

const raw = (key, block) => privateEncrypt({ key: key.privateKey, padding: constants.RSA_NO_PADDING }, block)

function leftBlock(padding, rest) {
  return Buffer.concat([Buffer.from([0, 1]), Buffer.alloc(padding, 0xff), Buffer.alloc(1), rest], 256)
}

function fullBlock(info, type, fill) {
  return Buffer.concat([Buffer.from([0, type]), Buffer.alloc(253 - info.length, fill), Buffer.alloc(1), info])
}

function schemes(catalogue, keys) {
  const key = keys['a-rsa']
  const add = (name, why, make) =>
    catalogue.bad('rsa-scheme', `RS256 ${name}`, tokenSignedBy(make, json(header(key))), why)
  add('made with PSS', 'RS256 is PKCS#1 v1.5', (text) => pssSignature(key, text))
  for (const digest of ['sha1', 'sha384', 'sha512', 'md5']) {
    add(`over ${digest}`, 'RS256 is SHA-256', (text) => sign(digest, Buffer.from(text), key.privateKey))
  }
  add('of another key', 'the attacker’s signature under our kid', (text) =>
    signature(keys['attacker-rsa'], text),
  )
}

/** Forgeries that need no private key, only e = 3 and a reader that stops at the hash. */
function cubeRoots(catalogue, key) {
  catalogue.keySet('rsa_e3', published(key))
  const head = json(header(key))
  const forged = tokenSignedBy((text) => {
    const hash = createHash('sha256').update(text).digest()
    const block = leftBlock(8, Buffer.concat([SHA256_INFO, hash, Buffer.alloc(194, 0xff)]))
    return toBytes(cubeRoot(toInt(block)), 256)
  }, head)
  catalogue.bad(
    'rsa-padding',
    'RS256 e=3, a cube root for a signature',
    forged,
    'Bleichenbacher 2006: a forgery that needs no private key',
    { key_set: 'rsa_e3' },
  )
  catalogue.good('rsa-form', 'RS256 with e=3', token(key), 'odd and at least 3: sound with a strict check', {
    key_set: 'rsa_e3',
  })
}

/** The largest number whose cube is at most `value`. */
function cubeRoot(value) {
  let [low, high] = [0n, 2n ** 700n]
  while (low < high) {
    const middle = (low + high + 1n) / 2n
    if (middle ** 3n <= value) low = middle
    else high = middle - 1n
  }
  return low
}
