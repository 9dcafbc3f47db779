// CommonJS on purpose: an addon is loaded with `require`, which an ES module does not have.
import { dirname, join } from 'node:path'

/**
 * The addon of a platform: from its optional package, else from `native/` in our own package, where a
 * source tree puts its build (that folder is never packed).
 */
function loadAddon(platform: string): unknown {
  try {
    return require(`@intelliauth/node-sdk-${platform}`)
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'MODULE_NOT_FOUND') throw error
    return loadBuild(platform) ?? rethrow(error)
  }
}

function loadBuild(platform: string): unknown {
  try {
    const root = dirname(require.resolve('@intelliauth/node-sdk/package.json'))
    return require(join(root, 'native', `intelliauth.${platform}.node`))
  } catch {
    // What the application can mend is the missing package, so that is what it is told of.
    return undefined
  }
}

function rethrow(error: unknown): never {
  throw error
}

export = loadAddon
