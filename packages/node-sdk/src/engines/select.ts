import { runtime } from '#runtime'
import { ConfigurationError } from '../errors.js'
import { type Logger, log } from '../logger.js'
import type { Engine } from './engine.js'

/** Which engine checks signatures: the addon where there is one, this very one, or never it. */
export type EngineChoice = 'auto' | 'native' | 'portable'

let toldOfFallback = false

/** Opens the engine of the choice. Only `auto` falls back, and says so once per process. */
export function selectEngine(choice: EngineChoice, logger: Logger): Engine {
  if (choice === 'portable') return runtime.portableEngine()
  try {
    return runtime.nativeEngine()
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n', 1)[0] : String(error)
    if (choice === 'native') {
      throw new ConfigurationError('engine', `engine: 'native' is not available here: ${reason}`)
    }
    if (!toldOfFallback) {
      toldOfFallback = true
      log(logger, 'info', `[intelliauth] no native engine here, using the portable one: ${reason}`)
    }
    return runtime.portableEngine()
  }
}
