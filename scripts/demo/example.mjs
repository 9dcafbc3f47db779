// The example project, installed from the packed tarballs in a scratch directory, compiled, and run.
import { readFile, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { run, start } from '../local/children.mjs'
import { ROOT } from '../local/products.mjs'
import { installProject, scratch } from '../local/project.mjs'

const LISTEN_DEADLINE_MS = 20_000
const PLACEHOLDER = "'usr_01HZX...'"

/** Installs and compiles the example. The one literal a reader must replace, the user's id, is replaced here. */
export async function prepareExample(packages, userId) {
  const directory = await scratch('demo-app')
  await installProject(join(ROOT, 'examples/express-api'), directory.path, packages)
  const snippet = join(directory.path, 'management.ts')
  await writeFile(snippet, (await readFile(snippet, 'utf8')).replace(PLACEHOLDER, `'${userId}'`))
  await run(process.execPath, [join(directory.path, 'node_modules/typescript/bin/tsc')], {
    cwd: directory.path,
  })
  return directory
}

const canConnect = (port) =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => socket.end(() => resolve(true)))
    socket.once('error', () => resolve(false))
  })

/** Starts one of the compiled programs and resolves when it listens on `port`. */
export async function startApp(directory, name, port, environment) {
  const child = start(process.execPath, [join(directory.path, 'dist', `${name}.js`)], {
    cwd: directory.path,
    env: { ...process.env, ...environment },
  })
  child.stdout.resume()
  let ended = false
  child.gone.then(() => {
    ended = true
  })
  const deadline = performance.now() + LISTEN_DEADLINE_MS
  while (!(await canConnect(port))) {
    if (ended) throw new Error(`${name} ended before it listened\n${child.complaints.trim()}`)
    if (performance.now() > deadline)
      throw new Error(`${name} does not listen on ${port}\n${child.complaints.trim()}`)
    await wait(50)
  }
  return child
}

/** Runs the management program once and gives what it printed. */
export const runManagement = (directory, environment) =>
  run(process.execPath, [join(directory.path, 'dist/management.js')], {
    cwd: directory.path,
    env: { ...process.env, ...environment },
  })

/** Reads the `.env` the tenant wrote: `NAME=value` lines, quotes optional. */
export async function readEnvironment(path) {
  const entries = []
  for (const line of (await readFile(path, 'utf8')).split('\n')) {
    const match = /^\s*([A-Z][A-Z0-9_]*)\s*=\s*(?:"([^"]*)"|'([^']*)'|(.*?))\s*$/.exec(line)
    if (match) entries.push([match[1], match[2] ?? match[3] ?? match[4]])
  }
  return Object.fromEntries(entries)
}
