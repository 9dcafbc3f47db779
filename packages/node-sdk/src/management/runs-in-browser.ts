/** What is thrown where a bundle with the client secret in it could be read by anybody. */
export const BROWSER_MESSAGE =
  'ManagementClient holds a client secret and must not run in a browser: whoever opens the page could read ' +
  'the secret and act on your tenant. Call it from your server.'

/** Whether this is a page. Read through `globalThis`, as the types of a server know neither name. */
export function runsInBrowser(): boolean {
  const scope = globalThis as { window?: unknown; document?: unknown }
  return typeof scope.window !== 'undefined' && typeof scope.document !== 'undefined'
}
