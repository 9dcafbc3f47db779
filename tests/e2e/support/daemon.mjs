// Programs of the system that a test runs for itself, beside whatever the machine runs of them: a directory, ports
// and a configuration of their own, in the foreground, ended by their pid.
import { chmod, chown, mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { run, start } from '../../../scripts/local/children.mjs'

// Debian keeps them where only root looks.
const PATH = `${process.env.PATH}:/usr/sbin:/usr/local/sbin`
/** Who runs what refuses to run as root; PostgreSQL has brought that user. */
const ORDINARY = 'postgres'
const isRoot = () => process.getuid() === 0

/**
 * Starts a program. It is asked to end when this process is gone, however it went: a master that is killed leaves its
 * workers behind. With `ordinary` it never runs as root.
 */
export function startDaemon(command, args, { ordinary = false } = {}) {
  const env = { ...process.env, PATH }
  if (process.platform !== 'linux') return start(command, args, { env })
  const user = ordinary && isRoot() ? ['--reuid', ORDINARY, '--regid', ORDINARY, '--init-groups'] : []
  return start('setpriv', ['--pdeathsig', 'TERM', ...user, command, ...args], { env })
}

/** Makes a directory that belongs to whom `startDaemon` takes for `ordinary`. */
export async function ordinaryDirectory(path) {
  await mkdir(path, { mode: 0o700 })
  if (!isRoot()) return
  const id = async (option) => Number(await run('id', [option, ORDINARY]))
  await chown(path, await id('-u'), await id('-g'))
  // Others may pass through what is above it, and see nothing of it.
  await chmod(dirname(path), 0o711)
}
