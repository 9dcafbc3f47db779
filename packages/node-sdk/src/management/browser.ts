/** Stands in for `index.ts` under the `browser` export condition, so that no bundle can hold a working client. */
import { ConfigurationError } from '../errors.js'
import { BROWSER_MESSAGE } from './runs-in-browser.js'

export { IntelliAuthApiError, IntelliAuthNetworkError } from './errors.js'

export class ManagementClient {
  constructor() {
    throw new ConfigurationError('clientSecret', BROWSER_MESSAGE)
  }
}

export { ManagementClient as IntelliAuthManagement }
