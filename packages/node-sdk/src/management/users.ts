import type { Api } from './api.js'
import { bodyObject } from './body.js'
import type { List } from './list.js'
import { listOf } from './list-pages.js'
import { pathSegment } from './path.js'
import type { CallOptions, CreateOptions, User, UserCreate, UserListParams, UserUpdate } from './types.js'

const PATH = '/api/v1/users'

/** The tenant's users. Needs the scopes `users:read` and, to change anything, `users:write`. */
export class Users {
  readonly #api: Api

  constructor(api: Api) {
    this.#api = api
  }

  /** Await it for one page, or loop over it with `for await` for all users. */
  list(params: UserListParams = {}, options?: CallOptions): List<User> {
    return listOf<User>(this.#api, PATH, params, { email: params.email }, options)
  }

  async create(user: UserCreate, options?: CreateOptions): Promise<User> {
    const body = bodyObject('user', user)
    return (await this.#api.object({ method: 'POST', path: PATH, body, options })) as unknown as User
  }

  async get(userId: string, options?: CallOptions): Promise<User> {
    return (await this.#api.object({ method: 'GET', path: one(userId), options })) as unknown as User
  }

  /** Changes the fields given and leaves the others. Repeated only if the tenant cannot have seen it. */
  async update(userId: string, changes: UserUpdate, options?: CallOptions): Promise<User> {
    const body = bodyObject('changes', changes)
    return (await this.#api.object({ method: 'PATCH', path: one(userId), body, options })) as unknown as User
  }

  async delete(userId: string, options?: CallOptions): Promise<void> {
    await this.#api.removal({ method: 'DELETE', path: one(userId), options })
  }
}

function one(userId: string): string {
  return `${PATH}/${pathSegment('userId', userId)}`
}
