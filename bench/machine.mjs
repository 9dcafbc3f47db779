// Where the figures were taken: without that they say nothing.
import { execFileSync } from 'node:child_process'
import { closeSync, fdatasyncSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { cpus, release, totalmem, type } from 'node:os'
import { join } from 'node:path'
import { run } from '../scripts/local/children.mjs'
import { ROOT } from '../scripts/local/products.mjs'
import { settings } from './settings.mjs'
import { summary } from './statistics.mjs'

const SYNCS = 300
const PAGE = 4096

/** How long the disk takes to make a page durable, in microseconds: it bounds every write that is waited for. */
export function syncMicros(directory) {
  const path = join(directory, 'sync')
  const file = openSync(path, 'w')
  const page = Buffer.alloc(PAGE, 1)
  const times = []
  for (let count = 0; count < SYNCS; count += 1) {
    const began = performance.now()
    writeSync(file, page)
    fdatasyncSync(file)
    times.push((performance.now() - began) * 1000)
  }
  closeSync(file)
  rmSync(path)
  return summary(times)
}

const firstLine = (text) => text.trim().split('\n')[0]

/** wrk says its version where it says how it is used, and fails. */
async function wrkVersion() {
  const said = await run('wrk', ['--version']).catch((error) => {
    if (error.message.includes('ENOENT')) {
      throw new Error(
        "wrk is not installed: run 'scripts/setup.sh --bench', or as root 'apt-get install wrk'",
      )
    }
    return error.message
  })
  return /wrk \S*\d\S*/.exec(said)?.[0] ?? 'wrk'
}

function sourceState() {
  const git = (...words) => execFileSync('git', words, { cwd: ROOT, encoding: 'utf8' }).trim()
  try {
    const changed = git(
      'status',
      '--porcelain',
      '--untracked-files=no',
      '--',
      'crates',
      'Cargo.toml',
      'Cargo.lock',
    )
    return git('rev-parse', '--short=12', 'HEAD') + (changed === '' ? '' : ', with changes')
  } catch {
    return 'unknown'
  }
}

const lockedVersion = (name) =>
  JSON.parse(readFileSync(join(ROOT, 'bench/package-lock.json'), 'utf8')).packages[`node_modules/${name}`]
    .version

export async function describeMachine(program, directory) {
  const fileSystem = execFileSync('df', ['--output=fstype', directory], { encoding: 'utf8' }).split('\n')[1]
  return {
    date: new Date().toISOString().slice(0, 10),
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: settings.cores,
    memory: totalmem(),
    kernel: `${type()} ${release()}`,
    fileSystem: fileSystem.trim(),
    sync: syncMicros(directory),
    intelliauth: firstLine(await run(program, ['--version'])),
    commit: sourceState(),
    builtByBench: !process.env.INTELLIAUTH_BIN,
    wrk: await wrkVersion(),
    node: process.version,
    peer: `oidc-provider ${lockedVersion('oidc-provider')}`,
  }
}
