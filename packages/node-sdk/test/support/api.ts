import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'
import express4 from 'express4'
import express5 from 'express5'

/** Both Expresses the SDK promises. Their types differ where these tests do not look. */
// biome-ignore lint/suspicious/noExplicitAny: one set of tests for two majors
export const expresses: [string, () => any][] = [
  ['Express 4', express4],
  ['Express 5', express5],
]

export interface Answer {
  status: number
  headers: Record<string, string | string[] | undefined>
  body: Record<string, unknown>
}

/** Serves an app until its test ends; gives a function that asks it. */
// biome-ignore lint/suspicious/noExplicitAny: as above
export async function serve(t: TestContext, app: any) {
  const server = createServer({ maxHeaderSize: 64 * 1024 }, app)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return (path: string, headers: Record<string, string | string[]> = {}): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const outgoing = request({ port, path, headers }, (incoming) => {
        let text = ''
        incoming.setEncoding('utf8')
        incoming.on('data', (chunk) => {
          text += chunk
        })
        incoming.on('end', () => {
          const isJson = incoming.headers['content-type']?.startsWith('application/json') === true
          const body = isJson ? JSON.parse(text) : { text }
          resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body })
        })
      })
      outgoing.on('error', reject)
      outgoing.end()
    })
}
