import { ConfigurationError } from '../errors.js'

/** Refuses what is not an object before it becomes a request: `update(id)` would send nothing at all. */
export function bodyObject(argument: string, value: object): object {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  throw new ConfigurationError(argument, `${argument} must be an object`)
}
