/** Puts a test's addresses and paths into an example's text, in which each that is to be replaced must be. */
export function substituted(text, replacements) {
  let changed = text
  for (const [from, to] of replacements) {
    if (!changed.includes(from)) throw new Error(`the example does not say ${from} any more`)
    changed = changed.replaceAll(from, to)
  }
  return changed
}
