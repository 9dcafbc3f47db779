import { WebCryptoEngine } from '../engines/webcrypto.js'
import type { Runtime } from './runtime.js'

/** Runtimes with the web's interfaces only. */
export const runtime: Runtime = {
  fetch: (url, init) => globalThis.fetch(url, init),
  sha256: async (text, bytes) => {
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
    return toBase64url(new Uint8Array(digest, 0, bytes))
  },
  fromBase64url: (text) => {
    const binary = atob(text.replace(/-/g, '+').replace(/_/g, '/'))
    return Uint8Array.from(binary, (char) => char.charCodeAt(0))
  },
  randomBytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
  portableEngine: () => new WebCryptoEngine(),
  nativeEngine: () => {
    throw new Error('this runtime cannot load addons')
  },
  background: false,
}

function toBase64url(bytes: Uint8Array): string {
  const base64 = btoa(String.fromCharCode(...bytes))
  return base64.replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')
}
