/** One moment on two clocks, in seconds: the wall's and one that never runs backwards. */
export interface Instant {
  readonly wall: number
  readonly steady: number
}

/** Where time comes from. */
export interface Clock {
  now(): Instant
}

/** The machine's clocks. */
export const systemClock: Clock = {
  now: () => ({ wall: Math.floor(Date.now() / 1000), steady: performance.now() / 1000 }),
}

/** One function for both clocks, for tests. */
export function clockFrom(seconds: () => number): Clock {
  return {
    now: () => {
      const value = seconds()
      return { wall: Math.floor(value), steady: value }
    },
  }
}

/**
 * Seconds between two moments by whichever clock says more: a wall clock set back must not keep a withdrawn
 * key alive, and a steady clock that stands still while the machine sleeps must not either.
 */
export function elapsed(from: Instant, to: Instant): number {
  return Math.max(to.wall - from.wall, to.steady - from.steady, 0)
}
