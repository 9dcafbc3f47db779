/** A value that is there already, or will be. Keeps a warm verdict free of promises, which cost more than the checks. */
export type Maybe<T> = T | Promise<T>

/**
 * Whether it is yet to come. Never by `instanceof`: an application may replace the global `Promise`, and addons and other
 * realms (Jest, edge sandboxes) have their own. A promise taken for a value is true, whatever it was about to say.
 */
export function isPending<T>(value: Maybe<T>): value is Promise<T> {
  const { then } = (value ?? {}) as { then?: unknown }
  return typeof then === 'function'
}

/** Goes on with `value` at once when it is there, later when it is a promise. */
export function andThen<T, U>(value: Maybe<T>, next: (value: T) => Maybe<U>): Maybe<U> {
  return isPending(value) ? value.then(next) : next(value)
}
