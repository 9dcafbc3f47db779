/** A clock that stands still until it is told to move. Its `now` is what the SDK's `clock` option takes. */
export class TestClock {
  #seconds: number

  constructor(startSeconds: number = Math.floor(Date.now() / 1000)) {
    this.#seconds = startSeconds
  }

  /** Unix time in seconds; bound, so that it can be passed around. */
  readonly now = (): number => this.#seconds

  advance(seconds: number): void {
    this.#seconds += seconds
  }

  set(seconds: number): void {
    this.#seconds = seconds
  }
}
