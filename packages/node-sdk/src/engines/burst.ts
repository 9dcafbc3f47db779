/**
 * Tells a lone check from one of several in the same turn of the event loop. Alone, the synchronous way is the
 * quickest; in a crowd the others should not queue behind arithmetic that another thread could do.
 */
export class Burst {
  #alone = true

  /** True for the first caller of a turn. */
  isAlone(): boolean {
    if (!this.#alone) return false
    this.#alone = false
    setImmediate(() => {
      this.#alone = true
    })
    return true
  }
}
