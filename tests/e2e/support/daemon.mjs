// Programs of the system that a test runs for itself, beside whatever the machine runs of them: a directory, ports
// and a configuration of their own, in the foreground, ended by their pid.
import { start } from '../../../scripts/local/children.mjs'

// Debian keeps them where only root looks.
const PATH = `${process.env.PATH}:/usr/sbin:/usr/local/sbin`
const ROOT_USER = 0

/**
 * Starts a program. It is asked to end when this process is gone, however it went: a master that is killed leaves its
 * workers behind. With `ordinary` it does not run as root, which some refuse; it is then the user that PostgreSQL has.
 */
export function startDaemon(command, args, { ordinary = false } = {}) {
  const env = { ...process.env, PATH }
  if (process.platform !== 'linux') return start(command, args, { env })
  const user = ordinary && process.getuid() === ROOT_USER ? USER_OF_POSTGRES : []
  return start('setpriv', ['--pdeathsig', 'TERM', ...user, command, ...args], { env })
}

const USER_OF_POSTGRES = ['--reuid', 'postgres', '--regid', 'postgres', '--init-groups']
