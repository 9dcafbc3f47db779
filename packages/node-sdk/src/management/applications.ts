import type { Api } from './api.js'
import { bodyObject } from './body.js'
import { IntelliAuthApiError } from './errors.js'
import type { List } from './list.js'
import { listOf } from './list-pages.js'
import { pathSegment } from './path.js'
import type {
  Application,
  ApplicationCreate,
  ApplicationUpdate,
  CallOptions,
  CreatedApplication,
  CreateOptions,
  ListParams,
  RotatedSecret,
} from './types.js'

const PATH = '/api/v1/applications'

/** The tenant's applications. Needs `applications:read` and, to change anything, `applications:write`. */
export class Applications {
  readonly #api: Api

  constructor(api: Api) {
    this.#api = api
  }

  /** Await it for one page, or loop over it with `for await` for all applications. */
  list(params: ListParams = {}, options?: CallOptions): List<Application> {
    return listOf<Application>(this.#api, PATH, params, {}, options)
  }

  async create(application: ApplicationCreate, options?: CreateOptions): Promise<CreatedApplication> {
    const body = bodyObject('application', application)
    const made: unknown = await this.#api.object({ method: 'POST', path: PATH, body, options })
    return made as CreatedApplication
  }

  async get(applicationId: string, options?: CallOptions): Promise<Application> {
    const found: unknown = await this.#api.object({ method: 'GET', path: one(applicationId), options })
    return found as Application
  }

  /** Changes the fields given and leaves the others. Repeated only if the tenant cannot have seen it. */
  async update(id: string, changes: ApplicationUpdate, options?: CallOptions): Promise<Application> {
    const body = bodyObject('changes', changes)
    const changed: unknown = await this.#api.object({ method: 'PATCH', path: one(id), body, options })
    return changed as Application
  }

  async delete(applicationId: string, options?: CallOptions): Promise<void> {
    await this.#api.removal({ method: 'DELETE', path: one(applicationId), options })
  }

  /**
   * Makes a new secret; the one before stays good for the tenant's grace period. If the answer with the
   * secret got lost, this throws `secret_unavailable`: the tenant shows a secret once, so rotate again.
   */
  async rotateSecret(applicationId: string, options?: CreateOptions): Promise<RotatedSecret> {
    const path = `${one(applicationId)}/rotate-secret`
    const rotated: unknown = await this.#api.object({ method: 'POST', path, options })
    if (typeof (rotated as Partial<RotatedSecret>).client_secret !== 'string') {
      throw new IntelliAuthApiError({
        status: 200,
        code: 'secret_unavailable',
        message: 'the secret was rotated, but the answer that showed it was lost; rotate again',
      })
    }
    return rotated as RotatedSecret
  }
}

function one(applicationId: string): string {
  return `${PATH}/${pathSegment('applicationId', applicationId)}`
}
