// Runs every test below test/, or those whose path contains one of the given words. Node 20's own runner takes no patterns.
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const words = process.argv.slice(2)
const files = readdirSync(join(root, 'test'), { recursive: true })
  .filter((name) => name.endsWith('.test.ts'))
  .filter((name) => words.length === 0 || words.some((word) => name.includes(word)))
  .sort()
  .map((name) => join('test', name))

const flags = ['--import', 'tsx', '--test', '--test-reporter=dot']
if (process.env.TEST_REPORTER) flags[flags.length - 1] = `--test-reporter=${process.env.TEST_REPORTER}`
const { status } = spawnSync(process.execPath, [...flags, ...files], { cwd: root, stdio: 'inherit' })
process.exit(status ?? 1)
