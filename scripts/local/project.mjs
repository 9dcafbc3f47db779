// Scratch projects: a directory of its own in which a packed tarball is installed as a stranger would.
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from './children.mjs'

const NOT_COPIED = new Set(['node_modules', 'dist'])

/** A new directory under the system's temporary one; `remove` deletes it. */
export async function scratch(name) {
  const path = await mkdtemp(join(tmpdir(), `intelliauth-${name}-`))
  return { path, remove: () => rm(path, { recursive: true, force: true, maxRetries: 3 }) }
}

/** Copies a project that has a lockfile and installs it together with `packages` (tarball paths). */
export async function installProject(from, into, packages) {
  await cp(from, into, {
    recursive: true,
    filter: (source) => !NOT_COPIED.has(source.slice(source.lastIndexOf('/') + 1)) || source === from,
  })
  const flags = ['--no-audit', '--no-fund', '--prefer-offline', '--ignore-scripts']
  await run('npm', ['install', ...flags, ...packages], { cwd: into })
}
