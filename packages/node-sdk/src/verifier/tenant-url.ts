import { ConfigurationError } from '../errors.js'

/** Whether a host name can only mean this machine. */
export function isLoopback(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(hostname)
  )
}

/** The tenant's base URL without a trailing slash; throws unless it is HTTPS, or HTTP to this very machine. */
export function readTenantUrl(value: unknown): string {
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
  if (url.search !== '' || url.hash !== '') throw say('must not have a query or a fragment')
  const isSafe = url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname))
  if (!isSafe) throw say('must use https (plain http is for localhost only)')
  return value.trim().replace(/\/+$/, '')
}
