import type { Engine } from '../engines/engine.js'
import type { Maybe } from '../maybe.js'

/** What differs between Node and the runtimes at the edge. The package's `imports` map picks one as `#runtime`. */
export interface Runtime {
  /** The global `fetch`, taught what localhost means where it does not know. */
  fetch(url: string, init: RequestInit): Promise<Response>
  /** Base64url of the first `bytes` bytes of SHA-256 over the text. */
  sha256(text: string, bytes: number): Maybe<string>
  fromBase64url(text: string): Uint8Array
  randomBytes(count: number): Uint8Array
  portableEngine(): Engine
  /** Throws where there is none. */
  nativeEngine(): Engine
  /** Whether work may go on between requests; at the edge it may not. */
  readonly background: boolean
}
