// CommonJS on purpose: an addon is loaded with `require`, which an ES module does not have.

/**
 * The addon of a platform: from its optional package, else from `native/` beside our own `dist`, where
 * a source tree puts its build (that folder is never packed).
 */
function loadAddon(platform: string): unknown {
  try {
    return require(`@intelliauth/node-sdk-${platform}`)
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'MODULE_NOT_FOUND') throw error
    return require(`../../../native/intelliauth.${platform}.node`)
  }
}

export = loadAddon
