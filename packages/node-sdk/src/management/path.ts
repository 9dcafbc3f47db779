import { ConfigurationError } from '../errors.js'

const MAX_SEGMENT_LENGTH = 256
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the point
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/
const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/

/**
 * Turns an id into one segment of a path. Every id that reaches a URL goes through here: unescaped, the id
 * `../applications` would make a call to users one to applications, and an empty id would make a call on one
 * object a call on the whole collection.
 */
export function pathSegment(argument: string, value: unknown): string {
  const refuse = (why: string): never => {
    throw new ConfigurationError(argument, `${argument} ${why}`)
  }
  if (typeof value !== 'string') return refuse('must be a string')
  if (value === '') return refuse('must not be empty')
  if (value.length > MAX_SEGMENT_LENGTH) return refuse(`must not exceed ${MAX_SEGMENT_LENGTH} characters`)
  // Also the spellings that URL parsers take for dots (WHATWG URL §4.1); the escape below covers them, but a
  // proxy that decodes twice would bring them back.
  if (/^(?:\.|%2e){1,2}$/i.test(value)) return refuse('must not be a dot segment')
  if (CONTROL.test(value)) return refuse('must not contain control characters')
  if (LONE_SURROGATE.test(value)) return refuse('must be well-formed Unicode')
  return encodeURIComponent(value)
}
