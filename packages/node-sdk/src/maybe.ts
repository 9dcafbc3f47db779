/** A value that is there already, or will be. Keeps a warm verdict free of promises, which cost more than the checks. */
export type Maybe<T> = T | Promise<T>

/** Goes on with `value` at once when it is there, later when it is a promise. */
export function andThen<T, U>(value: Maybe<T>, next: (value: T) => Maybe<U>): Maybe<U> {
  return value instanceof Promise ? value.then(next) : next(value)
}
