import { ConfigurationError } from '../errors.js'
import { log } from '../logger.js'
import { apiError, dataOf, objectOf } from './answer.js'
import { IntelliAuthNetworkError } from './errors.js'
import { exchange, type Outgoing, type Result } from './exchange.js'
import type { Settings } from './options.js'
import { type Outcome, withRetries } from './retry.js'
import type { Secret } from './secret.js'
import type { TokenSource } from './token-source.js'
import type { CreateOptions } from './types.js'

/** As the tenant accepts it: printable ASCII without space. */
const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,255}$/

/** One call of the API. */
export interface ApiCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Below the tenant's origin; ids in it have gone through `pathSegment`. */
  readonly path: string
  readonly query?: URLSearchParams
  readonly body?: object
  readonly options?: CreateOptions | undefined
}

/** Sends calls with a token, a time limit and retries, and turns answers into values or typed errors. */
export class Api {
  readonly #settings: Settings
  readonly #tokens: TokenSource

  constructor(settings: Settings, tokens: TokenSource) {
    this.#settings = settings
    this.#tokens = tokens
  }

  /** A call that answers with one object: what is in the envelope's `data`. */
  async object(call: ApiCall): Promise<Record<string, unknown>> {
    const { answer } = await this.#send(call)
    return dataOf(answer)
  }

  /** A call that answers with a list: the envelope itself, because its `meta` says where the list goes on. */
  async envelope(call: ApiCall): Promise<Record<string, unknown>> {
    const { answer } = await this.#send(call)
    return objectOf(answer)
  }

  /** A call that removes something: if a repeated attempt finds it gone, an earlier one removed it. */
  async removal(call: ApiCall): Promise<void> {
    await this.#send(call, ({ answer, mayHaveActed }) => mayHaveActed && answer.status === 404)
  }

  async #send(call: ApiCall, isAlsoSuccess: (outcome: Outcome) => boolean = () => false): Promise<Outcome> {
    const { method, path, options } = call
    const signal = options?.signal
    signal?.throwIfAborted()
    const request = this.#request(call)
    const repeat = method === 'PATCH' ? 'unseen_only' : 'safe'
    // Redaction needs every token that was sent, also one that a 401 replaced.
    const used: Secret[] = [this.#settings.clientSecret]
    const attempt = this.#attempts(request, used, signal)
    const outcome = await withRetries(this.#settings, { method, path, repeat, signal }, attempt)
    const { status } = outcome.answer
    log(this.#settings.logger, 'debug', 'intelliauth: call answered', { method, path, status })
    if ((status >= 200 && status < 300) || isAlsoSuccess(outcome)) return outcome
    throw apiError(outcome.answer, used, this.#settings.runtime.wallClock())
  }

  /** One attempt after another; in all of them together, one 401 is answered with a new token. */
  #attempts(request: Request, used: Secret[], signal: AbortSignal | undefined): () => Promise<Result> {
    let renewed = false
    const once = async (): Promise<Result> => {
      const credential = await this.#tokens.token(signal)
      if (!used.includes(credential)) used.push(credential)
      const outgoing: Outgoing = { ...request, scheme: 'Bearer', credential, secrets: used }
      const result = await exchange(this.#settings, outgoing, signal)
      if (renewed || result instanceof IntelliAuthNetworkError || result.status !== 401) return result
      renewed = true
      this.#tokens.discard(credential)
      return once()
    }
    return once
  }

  #request(call: ApiCall): Request {
    const headers: Record<string, string> = {
      accept: 'application/json',
      'user-agent': 'intelliauth-node-sdk',
    }
    if (call.body !== undefined) headers['content-type'] = 'application/json'
    if (call.method === 'POST') headers['idempotency-key'] = this.#idempotencyKey(call.options)
    const query = call.query?.toString() ?? ''
    return {
      method: call.method,
      url: `${this.#settings.origin}${call.path}${query === '' ? '' : `?${query}`}`,
      headers,
      body: call.body === undefined ? undefined : JSON.stringify(call.body),
    }
  }

  /** Made once per call, so that all its attempts carry the same key and the tenant acts once. */
  #idempotencyKey(options: CreateOptions | undefined): string {
    const given: unknown = options?.idempotencyKey
    if (given === undefined) return this.#settings.runtime.uniqueKey()
    if (typeof given === 'string' && IDEMPOTENCY_KEY.test(given)) return given
    throw new ConfigurationError(
      'idempotencyKey',
      'idempotencyKey must be 1 to 255 printable ASCII characters without space',
    )
  }
}

type Request = Omit<Outgoing, 'scheme' | 'credential' | 'secrets'>
