/** A user of the tenant, as the API shows it. Times are ISO 8601 in UTC. */
export interface User {
  id: string
  email: string
  email_verified: boolean
  name: string | null
  given_name: string | null
  family_name: string | null
  picture: string | null
  locale: string | null
  status: 'active' | 'disabled'
  password_must_be_reset: boolean
  created_at: string
  updated_at: string
  version: number
}

/** What a user may be changed to. A field left out stays; `null` clears it. */
export interface UserUpdate {
  email?: string
  email_verified?: boolean
  name?: string | null
  given_name?: string | null
  family_name?: string | null
  picture?: string | null
  locale?: string | null
  password?: string
  password_must_be_reset?: boolean
}

/** A user to be made. Without a password the user can only sign in by other means. */
export interface UserCreate extends UserUpdate {
  email: string
}

/** Which users to list. */
export interface UserListParams extends ListParams {
  /** Only addresses that begin with this text. */
  email?: string | undefined
}

/** What kind of program an application is. */
export type ApplicationType = 'spa' | 'native' | 'web' | 'm2m'

/** A registered application, as the API shows it. */
export interface Application {
  id: string
  client_id: string
  name: string
  type: ApplicationType
  status: 'enabled' | 'disabled'
  redirect_uris: string[]
  allowed_origins: string[]
  allowed_scopes: string[]
  audiences: string[]
  access_token_lifetime_seconds: number
  /** `null` follows the tenant. */
  signing_algorithm: 'RS256' | 'ES256' | 'EdDSA' | null
  created_at: string
  updated_at: string
  version: number
}

/** What an application may be changed to. A field left out stays. */
export interface ApplicationUpdate {
  name?: string
  redirect_uris?: string[]
  allowed_origins?: string[]
  allowed_scopes?: string[]
  audiences?: string[]
  access_token_lifetime_seconds?: number
  signing_algorithm?: 'RS256' | 'ES256' | 'EdDSA' | null
}

/** An application to be registered. */
export interface ApplicationCreate extends ApplicationUpdate {
  name: string
  type: ApplicationType
}

/**
 * A newly registered application. `client_secret` is shown this once, to confidential applications. It is also
 * missing when the tenant's first answer was lost and this one repeats it: rotate the secret then.
 */
export interface CreatedApplication extends Application {
  client_secret?: string
}

/** An application's new secret, shown this once. */
export interface RotatedSecret {
  client_id: string
  client_secret: string
  /** When the secret before it stops working; `null` when there is none. */
  previous_expires_at: string | null
}

/** Which part of a list. */
export interface ListParams {
  /** Objects per page; the tenant has a default and a maximum. */
  limit?: number | undefined
  /** `meta.next_cursor` of an earlier page. */
  cursor?: string | undefined
}

/** One page of a list. */
export interface Page<T> {
  data: T[]
  meta: {
    /** Asks for the next page; `null` on the last. */
    next_cursor: string | null
    limit: number
  }
}

/** Options of each call. */
export interface CallOptions {
  /** Calls the request off, waits between attempts included; the promise rejects with the signal's reason. */
  signal?: AbortSignal | undefined
}

/** Options of a call that makes something. */
export interface CreateOptions extends CallOptions {
  /**
   * Makes repeated calls one: the tenant performs the first and repeats its answer. Every POST has a key for
   * its own attempts; give one to be safe across restarts of your process too.
   */
  idempotencyKey?: string | undefined
}
