import { IntelliAuthConfigError } from './errors.js'

const LOOPBACK_V4 = /^127(?:\.\d{1,3}){3}$/

/** The tenant's origin without a trailing slash. Plain HTTP is for loopback only: the client secret travels. */
export function tenantOrigin(value: string): string {
  const refuse = (why: string): never => {
    throw new IntelliAuthConfigError('tenantUrl', `tenantUrl (INTELLIAUTH_TENANT_URL) ${why}`)
  }
  let url: URL
  try {
    url = new URL(value)
  } catch {
    return refuse('must be an absolute URL such as https://banking-acme.example')
  }
  // The URL itself is not repeated in these messages: it may carry a password.
  if (url.username !== '' || url.password !== '') return refuse('must not contain credentials')
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    return refuse('must be an origin without path, query or fragment')
  }
  if (url.protocol === 'https:') return url.origin
  if (url.protocol === 'http:' && isLoopback(url.hostname)) return url.origin
  return refuse('must use https (http is accepted for loopback hosts only)')
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || LOOPBACK_V4.test(host)
}
