/** The management client: outbound calls to a tenant's integrator API. Knows nothing of token verification. */
export type { Applications } from './applications.js'
export { ManagementClient, ManagementClient as IntelliAuthManagement } from './client.js'
export {
  IntelliAuthApiError,
  IntelliAuthNetworkError,
  type NetworkErrorCode,
} from './errors.js'
export type { List } from './list.js'
export type { ManagementClientOptions, RetryOptions } from './options.js'
export type {
  Application,
  ApplicationCreate,
  ApplicationType,
  ApplicationUpdate,
  CallOptions,
  CreatedApplication,
  CreateOptions,
  ListParams,
  Page,
  RotatedSecret,
  User,
  UserCreate,
  UserListParams,
  UserUpdate,
} from './types.js'
export type { Users } from './users.js'
