import type { Maybe } from '../maybe.js'
import type { PublicJwk } from '../verifier/jwk.js'
import { Burst } from './burst.js'
import type { Engine, KeyHandle } from './engine.js'
import loadAddon from './load-addon.cjs'

/** What the addon (`bindings/node`) exports. */
export interface Addon {
  importKey(jwkJson: Uint8Array): KeyHandle
  checkSync(key: KeyHandle, signingInput: string, signature: Uint8Array): boolean
  check(key: KeyHandle, signingInput: string, signature: Uint8Array): Promise<boolean>
  version(): string
}

/** Signatures by aws-lc, through the addon of this platform. */
export class NativeEngine implements Engine {
  readonly name = 'native'
  readonly #addon: Addon
  readonly #burst = new Burst()
  readonly #encoder = new TextEncoder()

  constructor(addon: Addon) {
    this.#addon = addon
  }

  importKey(jwk: PublicJwk): KeyHandle {
    return this.#addon.importKey(this.#encoder.encode(JSON.stringify({ ...jwk, use: 'sig' })))
  }

  check(key: KeyHandle, signingInput: string, signature: Uint8Array): Maybe<boolean> {
    return this.#burst.isAlone()
      ? this.#addon.checkSync(key, signingInput, signature)
      : this.#addon.check(key, signingInput, signature)
  }
}

/** The native engine of this platform; throws when there is none. */
export function openNativeEngine(): NativeEngine {
  const addon = loadAddon(platform()) as Partial<Addon> | null
  if (typeof addon?.checkSync !== 'function') throw new Error('what was found is not our addon')
  return new NativeEngine(addon as Addon)
}

/** `linux-x64-gnu`, `darwin-arm64`, …: the tail of the platform package's name. */
export function platform(): string {
  const base = `${process.platform}-${process.arch}`
  if (process.platform === 'linux') return `${base}-${isGlibc() ? 'gnu' : 'musl'}`
  return process.platform === 'win32' ? `${base}-msvc` : base
}

function isGlibc(): boolean {
  const report = process.report as (NodeJS.ProcessReport & { excludeNetwork?: boolean }) | undefined
  if (report === undefined) return false
  // A report names the peers of open sockets by reverse DNS, which can take seconds. Older Nodes do not know the switch.
  const before = report.excludeNetwork
  report.excludeNetwork = true
  try {
    const { header } = report.getReport() as { header?: { glibcVersionRuntime?: string } }
    return header?.glibcVersionRuntime !== undefined
  } finally {
    report.excludeNetwork = before ?? false
  }
}
