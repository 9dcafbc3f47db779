/** A JSON object as it came off the wire. */
export type JsonObject = Record<string, unknown>

/** Nesting beyond this is an attack on somebody's stack, not a token. The outermost object counts as one. */
export const MAX_JSON_DEPTH = 16

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
/** Enough for text that is known to be JSON. */
const NUMBER = /[-+.0-9eE]+/y
const LONE_SURROGATE = /\p{Surrogate}/u

/**
 * Parses a JSON object in strict UTF-8, or gives `null`. Refused besides what `JSON.parse` refuses: a member name used
 * twice at any depth (RFC 7519 §4: readers would differ on which one counts), deep nesting, numbers
 * beyond a double, and halves of surrogate pairs.
 */
export function parseStrictObject(bytes: Uint8Array): JsonObject | null {
  let text: string
  let value: unknown
  try {
    text = utf8.decode(bytes)
    value = JSON.parse(text)
  } catch {
    return null
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
  return new Scanner(text).accepts() ? (value as JsonObject) : null
}

/** Walks text that is known to be JSON, so it need not check the grammar again. */
class Scanner {
  readonly #text: string
  /** The names seen in each open object; `null` for an open array. */
  readonly #open: (Set<string> | null)[] = []
  #at = 0
  #nameNext = false

  constructor(text: string) {
    this.#text = text
  }

  accepts(): boolean {
    while (this.#at < this.#text.length) {
      if (!this.#step(this.#text.charCodeAt(this.#at))) return false
    }
    return true
  }

  #step(code: number): boolean {
    switch (code) {
      case 0x22: // "
        return this.#string()
      case 0x7b: // {
        return this.#enter(new Set())
      case 0x5b: // [
        return this.#enter(null)
      case 0x7d: // }
      case 0x5d: // ]
        this.#open.pop()
        this.#at += 1
        return true
      case 0x2c: // ,
        this.#nameNext = this.#open[this.#open.length - 1] != null
        this.#at += 1
        return true
      default:
        if (code === 0x2d || (code >= 0x30 && code <= 0x39)) return this.#number()
        this.#at += 1
        return true
    }
  }

  #enter(names: Set<string> | null): boolean {
    this.#open.push(names)
    this.#nameNext = names !== null
    this.#at += 1
    return this.#open.length <= MAX_JSON_DEPTH
  }

  #string(): boolean {
    const start = this.#at
    let end = start + 1
    let escaped = false
    while (this.#text.charCodeAt(end) !== 0x22) {
      if (this.#text.charCodeAt(end) === 0x5c) {
        escaped = true
        end += 1
      }
      end += 1
    }
    this.#at = end + 1
    const isName = this.#nameNext
    this.#nameNext = false
    if (!isName && !escaped) return true
    const content: string = escaped
      ? JSON.parse(this.#text.slice(start, this.#at))
      : this.#text.slice(start + 1, end)
    if (escaped && LONE_SURROGATE.test(content)) return false
    return !isName || this.#isNewName(content)
  }

  #isNewName(name: string): boolean {
    const names = this.#open[this.#open.length - 1]
    if (names == null || names.has(name)) return false
    names.add(name)
    return true
  }

  #number(): boolean {
    NUMBER.lastIndex = this.#at
    const number = NUMBER.exec(this.#text)?.[0] ?? ''
    this.#at += number.length
    return Number.isFinite(Number(number))
  }
}
