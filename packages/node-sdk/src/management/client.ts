import { ConfigurationError } from '../errors.js'
import { Api } from './api.js'
import { Applications } from './applications.js'
import { type ManagementClientOptions, settingsFrom } from './options.js'
import { BROWSER_MESSAGE, runsInBrowser } from './runs-in-browser.js'
import { TokenSource } from './token-source.js'
import { Users } from './users.js'

const INSPECT = Symbol.for('nodejs.util.inspect.custom')

/**
 * The integrator API of a tenant, called with machine credentials. The first token is asked for at
 * construction; if that fails, the first call says so. One client per process is enough: it is safe to share.
 */
export class ManagementClient {
  readonly users: Users
  readonly applications: Applications
  readonly #shown: Readonly<Record<string, string>>

  constructor(options: ManagementClientOptions) {
    if (runsInBrowser()) throw new ConfigurationError('clientSecret', BROWSER_MESSAGE)
    const settings = settingsFrom(options)
    const api = new Api(settings, new TokenSource(settings))
    this.users = new Users(api)
    this.applications = new Applications(api)
    this.#shown = { tenantUrl: settings.origin, clientId: settings.clientId, audience: settings.audience }
  }

  /** What logs and debuggers get to see. */
  toJSON(): Record<string, string> {
    return { ...this.#shown }
  }

  [INSPECT](): string {
    return `ManagementClient ${JSON.stringify(this.#shown)}`
  }
}
