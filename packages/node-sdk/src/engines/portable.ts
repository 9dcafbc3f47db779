import { createPublicKey, type KeyObject, verify } from 'node:crypto'
import type { Maybe } from '../maybe.js'
import type { Algorithm } from '../verifier/algorithm.js'
import type { PublicJwk } from '../verifier/jwk.js'
import { Burst } from './burst.js'
import { ecdsaToDer } from './ecdsa-der.js'
import type { Engine, KeyHandle } from './engine.js'

interface PortableKey {
  readonly key: KeyObject
  readonly algorithm: Algorithm
}

/** Signatures by Node's own crypto: no addon needed. */
export class PortableEngine implements Engine {
  readonly name = 'portable'
  readonly #burst = new Burst()

  importKey({ kid: _kid, alg, ...jwk }: PublicJwk): PortableKey {
    return { key: createPublicKey({ key: { ...jwk }, format: 'jwk' }), algorithm: alg }
  }

  check(handle: KeyHandle, signingInput: string, signature: Uint8Array): Maybe<boolean> {
    const { key, algorithm } = handle as PortableKey
    const form = algorithm === 'ES256' ? ecdsaToDer(signature) : signature
    if (form === null) return false
    const digest = algorithm === 'EdDSA' ? null : 'sha256'
    const message = Buffer.from(signingInput, 'latin1')
    if (this.#burst.isAlone()) return verify(digest, message, key, form)
    return new Promise((resolve) => {
      verify(digest, message, key, form, (error, good) => resolve(error === null && good))
    })
  }
}
