// Checks the package as it is published, not as it lies in the source tree: publint, and types under every resolver.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stage } from './stage.mjs'

const folder = mkdtempSync(join(tmpdir(), 'intelliauth-package-'))
try {
  const staged = join(folder, 'package')
  stage(staged)
  run('npm', ['pack', '--silent', '--pack-destination', folder], staged)
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'))
  if (tarball === undefined) throw new Error('npm packed nothing')
  run('npx', ['--no-install', 'publint', 'run', '--strict', join(folder, tarball)])
  run('npx', ['--no-install', 'attw', join(folder, tarball)])
} finally {
  rmSync(folder, { recursive: true, force: true })
}

function run(command, args, cwd) {
  execFileSync(command, args, { cwd, stdio: 'inherit' })
}
