import { ConfigurationError } from './errors.js'

/** Whether a host name can only mean this machine. */
export function isLoopback(hostname: string): boolean {
  return isLocalhost(hostname) || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname)
}

/** Whether it is one of the names RFC 6761 §6.3 sets aside for this machine. */
export function isLocalhost(hostname: string): boolean {
  return hostname === 'localhost' || hostname.endsWith('.localhost')
}

/**
 * The tenant's origin, in the one spelling its tokens carry as `iss`. HTTPS, except to this very machine: tokens and the
 * client secret travel. A tenant is told by its host, so there is no path.
 */
export function readTenantUrl(value: unknown): string {
  // The value itself is not repeated in these messages: it may carry a password.
  const say = (what: string) =>
    new ConfigurationError(
      'tenantUrl',
      `option "tenantUrl" ${what}. Set INTELLIAUTH_TENANT_URL to your tenant's URL, e.g. https://banking-acme.example.com, and pass it.`,
    )
  if (value === undefined || value === null || value === '') throw say('is missing')
  if (typeof value !== 'string') throw say('must be a string')
  let url: URL
  try {
    url = new URL(value)
  } catch {
    throw say('is not a URL')
  }
  if (url.username !== '' || url.password !== '') throw say('must not carry credentials')
  if (!/^\/*$/.test(url.pathname) || url.search !== '' || url.hash !== '') {
    throw say('must not have a path, a query or a fragment')
  }
  const isSafe = url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname))
  if (!isSafe) throw say('must use https (plain http is for localhost only)')
  return url.origin
}
