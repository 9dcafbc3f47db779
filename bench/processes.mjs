// What a process and all it has started cost, as the kernel counts it.

import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'

const TICKS_PER_SECOND = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }))
const MICROS_PER_TICK = 1e6 / TICKS_PER_SECOND

const read = (path) => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    // It has ended meanwhile; what it used is then in its parent's account.
    return undefined
  }
}

function account(pid) {
  const text = read(`/proc/${pid}/stat`)
  if (text === undefined) return undefined
  // The name stands in brackets and may hold anything, so what is counted begins behind the last one.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const [utime, stime, cutime, cstime] = fields.slice(11, 15).map(Number)
  return { pid, parent: Number(fields[1]), own: utime + stime, waitedFor: cutime + cstime }
}

function tree(root) {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => account(Number(name)))
    .filter((one) => one !== undefined)
  const found = all.filter((one) => one.pid === root)
  for (let index = 0; index < found.length; index += 1) {
    found.push(...all.filter((one) => one.parent === found[index].pid))
  }
  return found
}

/** CPU time in microseconds of the process, its descendants and those of them that have ended. */
export const cpuMicros = (root) =>
  tree(root).reduce((sum, one) => sum + (one.own + one.waitedFor) * MICROS_PER_TICK, 0)

/** CPU time in microseconds of the children that this process has started and that have ended. */
export const endedChildrenMicros = () => account(process.pid).waitedFor * MICROS_PER_TICK

const kilobytes = (text, name) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text ?? '')?.[1] ?? 0)

/** Memory of the process and its descendants. Shared pages count in full in `rss`, once altogether in `pss`. */
export function memory(root) {
  const sums = { rss: 0, pss: 0, processes: 0 }
  for (const { pid } of tree(root)) {
    sums.rss += kilobytes(read(`/proc/${pid}/status`), 'VmRSS') * 1024
    sums.pss += kilobytes(read(`/proc/${pid}/smaps_rollup`), 'Pss') * 1024
    sums.processes += 1
  }
  return sums
}

/** Ticks in which the whole machine worked, and all there were. */
export function machineTicks() {
  const fields = readFileSync('/proc/stat', 'utf8').split('\n')[0].split(/\s+/).slice(1, 9).map(Number)
  const all = fields.reduce((sum, ticks) => sum + ticks, 0)
  const [, , , idle, waiting] = fields
  return { busy: all - idle - waiting, all }
}
