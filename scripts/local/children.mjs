// Child processes that are always stopped, and only they: every stop names a pid this module started.
import { spawn } from 'node:child_process'
import { once } from 'node:events'

const STOP_GRACE_MS = 10_000
const STDERR_KEPT = 16_384

const running = new Set()

/** Starts a process, keeps the tail of what it says on stderr, and remembers it for `stopAll`. */
export function start(command, args, options = {}) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options })
  child.complaints = ''
  child.stderr?.setEncoding('utf8').on('data', (text) => {
    child.complaints = (child.complaints + text).slice(-STDERR_KEPT)
  })
  child.gone = new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: null, signal: null, error }))
    child.once('close', (code, signal) => resolve({ code, signal }))
  })
  running.add(child)
  child.gone.then(() => running.delete(child))
  return child
}

/** Runs a command to its end and gives its stdout; throws with what it said when it fails. `input` is its stdin. */
export async function run(command, args, { input, ...options } = {}) {
  const stdio = input === undefined ? {} : { stdio: ['pipe', 'pipe', 'pipe'] }
  const child = start(command, args, { ...stdio, ...options })
  if (input !== undefined) child.stdin.end(input)
  let output = ''
  child.stdout?.setEncoding('utf8').on('data', (text) => {
    output += text
  })
  const { code, signal, error } = await child.gone
  if (code === 0) return output
  const said = (child.complaints + output).trim()
  throw new Error(`${command} ${args.join(' ')} failed (${error?.message ?? signal ?? code})\n${said}`)
}

/** Asks a process to end, and ends it when it does not. */
export async function stop(child) {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return child.gone
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_GRACE_MS)
  const end = await child.gone
  clearTimeout(timer)
  return end
}

/** Stops everything that `start` started. */
export const stopAll = () => Promise.all([...running].map(stop))

// The last resort: whatever way this process ends, its children end with it.
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/** Resolves when a stream has given a whole line; rejects when the process ends before. */
export async function firstLine(child) {
  let text = ''
  child.stdout.setEncoding('utf8')
  const ended = child.gone.then(({ code, signal, error }) => {
    throw new Error(
      `ended before it was ready (${error?.message ?? signal ?? code})\n${child.complaints.trim()}`,
    )
  })
  ended.catch(() => {})
  while (!text.includes('\n')) {
    const [chunk] = await Promise.race([once(child.stdout, 'data'), ended])
    text += chunk
  }
  child.stdout.resume()
  return text.slice(0, text.indexOf('\n'))
}
