import { ConfigurationError } from './errors.js'

/** Refuses names nobody knows: a misspelt `requiredScopes` would protect nothing, a misspelt `scope` limit nothing. */
export function refuseUnknownNames(options: object, known: readonly string[]): void {
  for (const name of Object.keys(options)) {
    if (!known.includes(name)) throw new ConfigurationError(name, `option "${name}" is not known`)
  }
}
