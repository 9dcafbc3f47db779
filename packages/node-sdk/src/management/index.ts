/** Placeholder until the management client is merged. */
export class ManagementClient {
  constructor(_options: { tenantUrl: string; clientId: string; clientSecret: string }) {
    throw new Error('the management client is not part of this build')
  }
}
