import { createHash, randomBytes } from 'node:crypto'
import { openNativeEngine } from '../engines/native.js'
import { PortableEngine } from '../engines/portable.js'
import { fetchWithLocalhost } from './localhost.js'
import type { Runtime } from './runtime.js'

/** Node, and whatever offers Node's modules. */
export const runtime: Runtime = {
  fetch: fetchWithLocalhost,
  sha256: (text, bytes) =>
    createHash('sha256').update(text).digest().subarray(0, bytes).toString('base64url'),
  fromBase64url: (text) => Buffer.from(text, 'base64url'),
  randomBytes: (count) => randomBytes(count),
  portableEngine: () => new PortableEngine(),
  nativeEngine: openNativeEngine,
  background: true,
}
