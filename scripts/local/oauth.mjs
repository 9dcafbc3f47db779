// The tenant's OAuth endpoints as a machine client calls them.
import { ask, basic } from './http.mjs'

/** `ask` bound to one tenant. */
export const at = (tenant, agent) => (request) =>
  ask({ port: tenant.port, authority: tenant.authority, agent, ...request })

/** A token by client credentials; the answer, whatever it is. */
export const requestToken = (send, client, { audience, scope } = {}) =>
  send({
    method: 'POST',
    path: '/oauth2/token',
    headers: { authorization: basic(client.client_id, client.client_secret) },
    form: { grant_type: 'client_credentials', ...(audience && { audience }), ...(scope && { scope }) },
  })

/** RFC 7662. */
export const introspect = (send, client, token) =>
  send({
    method: 'POST',
    path: '/oauth2/introspect',
    headers: { authorization: basic(client.client_id, client.client_secret) },
    form: { token },
  })

/** RFC 7009, by a client that has a secret. */
export const revoke = (send, client, token) =>
  send({
    method: 'POST',
    path: '/oauth2/revoke',
    headers: { authorization: basic(client.client_id, client.client_secret) },
    form: { token },
  })

/** RFC 7009, by a public client, which has only its name: what an application does at sign-out. */
export const revokeAsPublicClient = (send, clientId, token) =>
  send({ method: 'POST', path: '/oauth2/revoke', form: { token, client_id: clientId } })

/** The management API's audience. */
export const managementAudience = (tenant) => `${tenant.info.tenant_url}/api`
