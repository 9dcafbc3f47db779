import { runtime } from '#runtime'
import type { EngineChoice } from '../../src/engines/select.js'

/** The engines this machine can run; says so, once per file, when the addon is not built. */
export const engines: readonly EngineChoice[] = available()

function available(): EngineChoice[] {
  try {
    runtime.nativeEngine()
    return ['native', 'portable']
  } catch {
    if (process.env.INTELLIAUTH_REQUIRE_NATIVE) throw new Error('the native engine is not built')
    console.log('# no native engine here (npm run build:native): only the portable one is tested')
    return ['portable']
  }
}
