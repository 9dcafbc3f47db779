// JWE and nested tokens. Encryption to a public key proves nothing about the sender (CVE-2026-29000), and
// unpacking costs whatever the sender wants (CVE-2024-33664, CVE-2023-51775).
import { constants, createCipheriv, publicEncrypt } from 'node:crypto'
import { deflateRawSync } from 'node:zlib'
import { b64, CLAIMS, header, json, signTexts, token } from './forge.mjs'

export function encrypted(catalogue, keys) {
  const { 'a-rsa': rsa, 'a-ed': ed } = keys
  const why = 'an encrypted token is not a signed one'
  const unsigned = `${b64('{"alg":"none"}')}.${b64(json(CLAIMS))}.`
  const add = (name, token_) => catalogue.bad('jwe', name, token_, why)
  add('JWE to our RSA key around an unsigned token', jwe(rsa, unsigned, { cty: 'JWT' }))
  add('JWE to our RSA key around a good token', jwe(rsa, token(ed), { cty: 'JWT' }))
  add('JWE to our RSA key around bare claims', jwe(rsa, json(CLAIMS), { typ: 'at+jwt', kid: 'a-rsa' }))
  add(
    'JWE whose text is deflated spaces',
    jwe(rsa, deflateRawSync(Buffer.alloc(4_000_000, 0x20)), { zip: 'DEF' }),
  )
  const parts = (head) =>
    [b64(JSON.stringify(head)), '', b64(seed(12)), b64(json(CLAIMS)), b64(seed(16))].join('.')
  add('JWE with alg dir', parts({ alg: 'dir', enc: 'A256GCM', typ: 'at+jwt', kid: 'a-rsa' }))
  const pbes2 = {
    alg: 'PBES2-HS256+A128KW',
    p2c: 2 ** 31 - 1,
    p2s: 'AAAAAAAAAAA',
    enc: 'A128GCM',
    kid: 'a-rsa',
  }
  add('JWE with two thousand million PBES2 rounds', parts(pbes2))
  add('five parts under a signing header', `${token(ed)}.AA.AA`)
  const dir = signTexts(ed, json(header(ed), { alg: 'dir', enc: 'A256GCM' }), json(CLAIMS))
  add('three parts with alg dir and enc', dir)
  catalogue.bad(
    'nested',
    'a good token as payload, cty JWT',
    signTexts(ed, json(header(ed), { cty: 'JWT' }), token(ed)),
    'nested tokens are not taken',
  )
  catalogue.bad(
    'nested',
    'a good token as payload, no cty',
    signTexts(ed, json(header(ed)), token(ed)),
    'the payload is not a JSON object',
  )
  catalogue.bad(
    'nested',
    'a good token as payload, as a JSON string',
    signTexts(ed, json(header(ed)), JSON.stringify(token(ed))),
    'the payload is not a JSON object',
  )
}

/** A true RFC 7516 JWE: RSA-OAEP-256, A256GCM. */
function jwe(key, text, more) {
  const head = b64(JSON.stringify({ alg: 'RSA-OAEP-256', enc: 'A256GCM', ...more }))
  const [secret, iv] = [seed(32), seed(12)]
  const cipher = createCipheriv('aes-256-gcm', secret, iv).setAAD(Buffer.from(head))
  const body = Buffer.concat([cipher.update(text), cipher.final()])
  const padding = constants.RSA_PKCS1_OAEP_PADDING
  const wrapped = publicEncrypt({ key: key.publicKey, padding, oaepHash: 'sha256' }, secret)
  return [head, ...[wrapped, iv, body, cipher.getAuthTag()].map(b64)].join('.')
}

/** Any bytes will do: nobody is to open these. */
const seed = (length) => Buffer.alloc(length, 7)
