/** One timer that never keeps the process alive. */
export class Alarm {
  readonly #ring: () => void
  #timer: ReturnType<typeof setTimeout> | undefined
  #stopped: boolean

  /** Where background work is not allowed the alarm is made stopped. */
  constructor(ring: () => void, allowed: boolean) {
    this.#ring = ring
    this.#stopped = !allowed
  }

  /** Rings once after so many seconds, instead of whenever it would have. */
  set(seconds: number): void {
    clearTimeout(this.#timer)
    if (this.#stopped) return
    this.#timer = setTimeout(this.#ring, seconds * 1000)
    const timer = this.#timer as { unref?: () => void }
    timer.unref?.()
  }

  stop(): void {
    this.#stopped = true
    clearTimeout(this.#timer)
  }
}
