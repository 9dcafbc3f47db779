import { createServer } from 'node:net'

const listenOnce = (options) =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(options, () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })

/** A port nobody listens on now. Somebody may take it before it is used; the caller then fails loudly. */
export const freePort = () => listenOnce({ host: '127.0.0.1', port: 0 })

/** Whether a server could listen on `port`, on one host or (without one) on every address. */
export async function isFree(port, host) {
  try {
    await listenOnce(host ? { host, port } : { port })
    return true
  } catch {
    return false
  }
}
