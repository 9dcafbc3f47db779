// Collects cases and refuses ones that cannot be told apart.

const VERDICTS = ['accept', 'invalid_token', 'token_expired', 'token_revoked', 'invalid_audience']
/** Tokens longer than this are written as a repetition. */
const LONG = 3000

export class Catalogue {
  cases = []
  keySets = {}
  revocations = {}
  #names = new Set()

  keySet(name, ...keys) {
    this.keySets[name] = { keys }
  }

  /** A refusal with the code invalid_token unless `more.verdict` says otherwise. */
  bad(kind, name, token, why, more = {}) {
    this.#add({ name, class: kind, token, verdict: 'invalid_token', why, ...more })
  }

  good(kind, name, token, why, more = {}) {
    this.#add({ name, class: kind, token, verdict: 'accept', why, ...more })
  }

  #add({ name, class: kind, token, verdict, why, key_set = 'main', ...rest }) {
    if (this.#names.has(name)) throw new Error(`two cases are called ${name}`)
    if (!VERDICTS.includes(verdict)) throw new Error(`${name}: no such verdict`)
    if (!why) throw new Error(`${name}: say why`)
    this.#names.add(name)
    this.cases.push({ name, class: kind, ...compressed(token), key_set, ...rest, verdict, why })
  }
}

function compressed(token) {
  if (token.length < LONG) return { token }
  const longest = [...token.matchAll(/(.{4})\1{20,}/gs)].sort((a, b) => b[0].length - a[0].length)[0]
  if (!longest) return { token }
  const [run, unit] = longest
  const prefix = token.slice(0, longest.index)
  const suffix = token.slice(longest.index + run.length)
  return { token_repeat: { prefix, unit, count: run.length / unit.length, suffix } }
}
