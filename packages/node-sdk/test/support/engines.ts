import { runtime } from '#runtime'
import type { EngineChoice } from '../../src/engines/select.js'

const AT_THE_EDGE = process.env.INTELLIAUTH_TEST_WEB === '1'

/** The engines this machine can run; says so, once per file, when the addon is not built. */
export const engines: readonly EngineChoice[] = available()

function available(): EngineChoice[] {
  const portable = runtime.portableEngine().name
  if (portable !== (AT_THE_EDGE ? 'webcrypto' : 'portable')) throw new Error(`the wrong runtime: ${portable}`)
  if (AT_THE_EDGE) return ['portable']
  try {
    runtime.nativeEngine()
    return ['native', 'portable']
  } catch {
    if (process.env.INTELLIAUTH_REQUIRE_NATIVE) throw new Error('the native engine is not built')
    console.log('# no native engine here (npm run build:native): only the portable one is tested')
    return ['portable']
  }
}
