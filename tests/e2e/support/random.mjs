// Chance with a seed that is printed, so that a failing run can be walked again.
import { randomInt } from 'node:crypto'

/** mulberry32: a small generator, good enough to choose moments and operations. */
export function seeded(seed) {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  return {
    /** An integer with low ≤ n < high. */
    between: (low, high) => low + Math.floor(next() * (high - low)),
    pick: (list) => list[Math.floor(next() * list.length)],
  }
}

/** The seed of this run: `E2E_SEED`, or a fresh one. */
export const chooseSeed = () => Number(process.env.E2E_SEED ?? randomInt(2 ** 31))

const SAMPLE = 20

/** Some of a long list, all of a short one. */
export const sample = (random, list) =>
  list.length <= SAMPLE ? list : Array.from({ length: SAMPLE }, () => random.pick(list))
