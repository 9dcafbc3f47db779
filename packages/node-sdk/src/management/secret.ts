const INSPECT = Symbol.for('nodejs.util.inspect.custom')
const SHOWN = '[redacted]'
/** Shorter texts would redact ordinary words. */
const SHORTEST_REDACTED = 4

/** Holds a secret so that printing, logging or serialising its owner shows nothing of it. */
export class Secret {
  readonly #value: string

  constructor(value: string) {
    this.#value = value
  }

  reveal(): string {
    return this.#value
  }

  toString(): string {
    return SHOWN
  }

  toJSON(): string {
    return SHOWN
  }

  [INSPECT](): string {
    return SHOWN
  }
}

/**
 * Takes secrets out of text that others wrote. A proxy or a debug page may send the request's own headers
 * back, and that text ends up in error messages.
 */
export function redact(text: string, secrets: Iterable<Secret>): string {
  let clean = text
  for (const secret of secrets) {
    for (const spelling of spellings(secret.reveal())) {
      if (spelling.length >= SHORTEST_REDACTED) clean = clean.replaceAll(spelling, SHOWN)
    }
  }
  return clean
}

function spellings(value: string): Set<string> {
  return new Set([value, JSON.stringify(value).slice(1, -1), encodeURIComponent(value)])
}
