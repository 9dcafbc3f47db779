import { readBounded } from '../net/read-bounded.js'
import { untilAborted } from './abort.js'
import { IntelliAuthNetworkError } from './errors.js'
import { networkFailure } from './network-failure.js'
import type { Settings } from './options.js'
import type { Secret } from './secret.js'

/** A full page of the largest objects is far below; more is a mistake or an attempt to exhaust memory. */
const MAX_ANSWER_BYTES = 8 * 1024 * 1024

/** A request, ready to be sent any number of times. */
export interface Outgoing {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | undefined
  readonly scheme: 'Basic' | 'Bearer'
  readonly credential: Secret
  /** What must not show in an error even if the answer repeats it; the credential is understood. */
  readonly secrets: readonly Secret[]
}

/** An answer, read to its end. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
}

/** What came of one attempt. Failures are values: whether they are final is for the caller to decide. */
export type Result = Answer | IntelliAuthNetworkError

/** Sends a request once. Throws only the reason of the caller's own signal. */
export async function exchange(
  settings: Settings,
  outgoing: Outgoing,
  signal: AbortSignal | undefined,
): Promise<Result> {
  signal?.throwIfAborted()
  const controller = new AbortController()
  const forward = (): void => controller.abort(signal?.reason)
  signal?.addEventListener('abort', forward, { once: true })
  let expired = false
  const callOff = settings.runtime.deadline(settings.timeoutMs, () => {
    expired = true
    controller.abort()
  })
  try {
    // Raced, because a custom fetch may ignore the signal.
    return await untilAborted(send(settings, outgoing, controller.signal), controller.signal)
  } catch (error) {
    controller.abort()
    signal?.throwIfAborted()
    if (expired) {
      const message = `the tenant did not answer completely within ${settings.timeoutMs} ms`
      return new IntelliAuthNetworkError({ code: 'timeout', message })
    }
    if (error instanceof IntelliAuthNetworkError) return error
    return networkFailure(error, [outgoing.credential, ...outgoing.secrets])
  } finally {
    callOff()
    signal?.removeEventListener('abort', forward)
  }
}

async function send(settings: Settings, outgoing: Outgoing, signal: AbortSignal): Promise<Answer> {
  const authorization = `${outgoing.scheme} ${outgoing.credential.reveal()}`
  const response = await settings.fetch(outgoing.url, {
    method: outgoing.method,
    headers: { ...outgoing.headers, authorization },
    // Following one would show the credential, or the answer, to a place nobody chose.
    redirect: 'manual',
    signal,
    ...(outgoing.body === undefined ? {} : { body: outgoing.body }),
  })
  const { status, headers } = response
  if (response.type === 'opaqueredirect' || response.redirected || (status >= 300 && status < 400)) {
    throw new IntelliAuthNetworkError({
      code: 'redirect_refused',
      message: 'the tenant answered with a redirect; check that tenantUrl is its exact public URL',
    })
  }
  return { status, headers, text: await boundedText(response) }
}

async function boundedText(response: Response): Promise<string> {
  const body = await readBounded(response, MAX_ANSWER_BYTES)
  if (body !== null) return new TextDecoder().decode(body)
  throw new IntelliAuthNetworkError({
    code: 'response_too_large',
    message: `the answer exceeds ${MAX_ANSWER_BYTES} bytes`,
  })
}
