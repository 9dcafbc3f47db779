// CommonJS on purpose: an addon is loaded with `require`, which an ES module does not have.

// And without an import: bundled into an ES module, it would run before anybody could catch its failure.

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
    const manifest: string = require.resolve('@intelliauth/node-sdk/package.json')
    return require(manifest.replace(/package\.json$/, `native/intelliauth.${platform}.node`))
  } catch {
    // What the application can mend is the missing package, so that is what it is told of.
    return undefined
  }
}

function rethrow(error: unknown): never {
  throw error
}

export = loadAddon
