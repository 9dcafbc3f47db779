import { apiError, invalidResponse, objectOf } from './answer.js'
import { exchange, type Outgoing } from './exchange.js'
import type { Settings } from './options.js'
import { withRetries } from './retry.js'
import { Secret } from './secret.js'

const TOKEN_PATH = '/oauth2/token'
/** Assumed when the tenant does not say (RFC 6749 §5.1 only recommends it). */
const ASSUMED_LIFETIME_SECONDS = 300
const MAX_LIFETIME_SECONDS = 86_400
/** What may stand in a header; anything else would surface in the error `fetch` throws about it. */
const HEADER_SAFE = /^[\x21-\x7e]{1,16384}$/

/** An access token as the tenant granted it. */
export interface Grant {
  readonly token: Secret
  readonly lifetimeMs: number
}

/** Asks for a token with the client credentials (RFC 6749 §4.4). Repeating it is harmless. */
export async function requestGrant(settings: Settings): Promise<Grant> {
  const outgoing = grantRequest(settings)
  const plan = { method: 'POST', path: TOKEN_PATH, repeat: 'safe', signal: undefined } as const
  const { answer } = await withRetries(settings, plan, () => exchange(settings, outgoing, undefined))
  if (answer.status !== 200) {
    throw apiError(answer, [outgoing.credential, ...outgoing.secrets], settings.runtime.wallClock())
  }
  const body = objectOf(answer)
  const { access_token: token, token_type: type, expires_in: lifetime } = body
  if (typeof token !== 'string' || !HEADER_SAFE.test(token)) {
    throw invalidResponse(answer, 'the token answer has no usable access_token')
  }
  if (typeof type !== 'string' || type.toLowerCase() !== 'bearer') {
    throw invalidResponse(answer, 'the token answer has a token_type other than Bearer')
  }
  return { token: new Secret(token), lifetimeMs: lifetimeSeconds(lifetime) * 1000 }
}

function grantRequest(settings: Settings): Outgoing {
  const form = new URLSearchParams({ grant_type: 'client_credentials', audience: settings.audience })
  if (settings.scope !== undefined) form.set('scope', settings.scope)
  // Form encoding before Base64: RFC 6749 §2.3.1. A colon in the id would otherwise move the border.
  const pair = `${formEncoded(settings.clientId)}:${formEncoded(settings.clientSecret.reveal())}`
  return {
    method: 'POST',
    url: settings.origin + TOKEN_PATH,
    headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
    body: form.toString(),
    scheme: 'Basic',
    credential: new Secret(btoa(pair)),
    secrets: [settings.clientSecret],
  }
}

function formEncoded(text: string): string {
  return new URLSearchParams({ '': text }).toString().slice(1)
}

function lifetimeSeconds(said: unknown): number {
  if (typeof said !== 'number' || !(said > 0)) return ASSUMED_LIFETIME_SECONDS
  return Math.min(said, MAX_LIFETIME_SECONDS)
}
