import { generateKeyPairSync, sign } from 'node:crypto'
import { createRequire } from 'node:module'
import { hostPlatform } from '../platforms.mjs'

/** The addon of this platform; `node build.mjs` makes it. */
export const addon = createRequire(import.meta.url)(`../intelliauth.${hostPlatform()}.node`)

/** For each algorithm, how Node makes a key and a signature of it. */
export const ALGORITHMS = {
  RS256: {
    generate: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
    sign: (message, privateKey) => sign('sha256', message, privateKey),
  },
  ES256: {
    generate: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    sign: (message, privateKey) => sign('sha256', message, { key: privateKey, dsaEncoding: 'ieee-p1363' }),
  },
  EdDSA: {
    generate: () => generateKeyPairSync('ed25519'),
    sign: (message, privateKey) => sign(null, message, privateKey),
  },
}

/** The JWK of a key of Node's as a JWKS would carry it. */
export function jwkOf(publicKey, algorithm) {
  return { ...publicKey.export({ format: 'jwk' }), use: 'sig', ...(algorithm ? { alg: algorithm } : {}) }
}

/** Takes a JWK object in. */
export function imported(jwk) {
  return addon.importKey(Buffer.from(JSON.stringify(jwk)))
}

/** A key pair of the algorithm, its handle, and a function that signs Latin-1 text. */
export function signer(algorithm) {
  const { generate, sign: signWith } = ALGORITHMS[algorithm]
  const { publicKey, privateKey } = generate()
  return {
    jwk: jwkOf(publicKey, algorithm),
    key: imported(jwkOf(publicKey, algorithm)),
    sign: (text) => new Uint8Array(signWith(Buffer.from(text, 'latin1'), privateKey)),
  }
}
