/** Settles as `work` does, or rejects with the signal's reason as soon as it aborts; `work` itself goes on. */
export function untilAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason)
    if (signal.aborted) abort()
    else signal.addEventListener('abort', abort, { once: true })
    // Attached in every case: a failure of work nobody waits for any more must not end the process.
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}
