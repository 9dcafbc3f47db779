/** Stands in for `index.ts` under the `browser` export condition, so that no bundle can hold a working client. */
import { IntelliAuthConfigError } from './errors.js'
import { BROWSER_MESSAGE } from './runs-in-browser.js'

export { IntelliAuthApiError, IntelliAuthConfigError, IntelliAuthNetworkError } from './errors.js'

export class ManagementClient {
  constructor() {
    throw new IntelliAuthConfigError('clientSecret', BROWSER_MESSAGE)
  }
}

export { ManagementClient as IntelliAuthManagement }
