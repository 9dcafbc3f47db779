// The private keys behind the catalogue. They are committed so that a case can be added without changing
// every other token, and so that whoever doubts a case can make it again.
import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'

const WANTED = {
  'a-rsa': ['rsa', { modulusLength: 2048 }],
  'a-ec': ['ec', { namedCurve: 'P-256' }],
  'a-ed': ['ed25519', {}],
  'b-rsa': ['rsa', { modulusLength: 2048 }],
  'b-ed': ['ed25519', {}],
  'attacker-rsa': ['rsa', { modulusLength: 2048 }],
  'attacker-ed': ['ed25519', {}],
  'rsa-e3': ['rsa', { modulusLength: 2048, publicExponent: 3 }],
  'rsa-4096': ['rsa', { modulusLength: 4096 }],
  'rsa-1024': ['rsa', { modulusLength: 1024 }],
  'ec-p384': ['ec', { namedCurve: 'P-384' }],
  'ec-k256': ['ec', { namedCurve: 'secp256k1' }],
}

/** Reads keys.json; makes and writes the keys that are not in it yet. */
export function loadKeys(file) {
  const stored = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { keys: {} }
  const keys = {}
  for (const [name, [type, options]] of Object.entries(WANTED)) {
    stored.keys[name] ??= generateKeyPairSync(type, options).privateKey.export({ format: 'jwk' })
    keys[name] = pair(name, stored.keys[name])
  }
  const text = { description: 'Test only, not secret. Never use these keys for anything else.', ...stored }
  writeFileSync(file, `${JSON.stringify(text, null, 2)}\n`)
  return keys
}

function pair(name, privateJwk) {
  const privateKey = createPrivateKey({ key: privateJwk, format: 'jwk' })
  const publicKey = createPublicKey(privateKey)
  return { name, privateJwk, privateKey, publicKey, jwk: publicKey.export({ format: 'jwk' }) }
}
