// Tokens at and over the length that is looked at: 16 KiB.
import { CLAIMS, header, json, signTexts } from './forge.mjs'

const LIMIT = 16 * 1024

export function sizes(catalogue, keys) {
  const key = keys['a-ed']
  catalogue.good('size', 'exactly 16 KiB', ofLength(key, LIMIT), 'as long as may be')
  const why = 'longer than any token may be; refused before it is decoded'
  catalogue.bad('size', 'one byte over 16 KiB', ofLength(key, LIMIT + 1), why)
  catalogue.bad('size', '64 KiB', ofLength(key, 4 * LIMIT), why)
  catalogue.bad('size', 'a megabyte of letters', 'AAAA'.repeat(262_144), why)
}

/** A good token of exactly this length: a long claim, and spaces in the header to make it come out even. */
function ofLength(key, length) {
  for (const spaces of ['', ' ', '  ']) {
    const make = (count) =>
      signTexts(key, json(header(key)) + spaces, json(CLAIMS, { note: 'A'.repeat(count) }))
    const start = Math.floor(((length - make(0).length) * 3) / 4)
    for (let count = start - 3; count <= start + 3; count++) {
      const text = make(count)
      if (text.length === length) return text
    }
  }
  throw new Error(`no token of ${length} bytes`)
}
