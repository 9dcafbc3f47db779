// Bytes to a socket and back: what no HTTP client would send.
import { once } from 'node:events'
import { connect } from 'node:net'

const ANSWER_WITHIN_MS = 10_000

/** Opens a connection to the tenant. */
export async function openSocket(port) {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  socket.received = ''
  socket.setEncoding('latin1').on('data', (text) => {
    socket.received += text
  })
  // A server that refuses while we still write resets the connection; that is an answer, not a failure.
  socket.on('error', () => {})
  return socket
}

/** Resolves when what was received satisfies `enough`, or the server closed; rejects after the deadline. */
export function received(socket, enough, withinMs = ANSWER_WITHIN_MS) {
  return new Promise((resolve, reject) => {
    const done = () => {
      clearTimeout(timer)
      socket.off('data', look)
      socket.off('close', done)
      resolve(socket.received)
    }
    const look = () => {
      if (enough(socket.received)) done()
    }
    const timer = setTimeout(() => {
      socket.off('close', done)
      reject(
        new Error(
          `the server neither answered nor closed within ${withinMs} ms: ${JSON.stringify(socket.received)}`,
        ),
      )
    }, withinMs)
    socket.on('data', look)
    socket.on('close', done)
    if (socket.closed) done()
    else look()
  })
}

/** Sends bytes and collects everything until the server closes the connection. */
export async function exchange(port, bytes, withinMs) {
  const socket = await openSocket(port)
  socket.write(bytes)
  const text = await received(socket, () => false, withinMs)
  socket.destroy()
  return { text, answers: answersIn(text) }
}

/** The status codes of all answers in a stream: more than one means that a second request was smuggled in. */
export const answersIn = (text) =>
  [...text.matchAll(/^HTTP\/1\.[01] (\d{3})/gm)].map((match) => Number(match[1]))
