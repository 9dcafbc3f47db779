// Runs the end-to-end tests, with the binary built once instead of once per file.

import { spawnSync } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { binary, ROOT } from './local/products.mjs'

const only = process.argv.slice(2)
const directory = join(ROOT, 'tests/e2e')
const names = (await readdir(directory)).filter((name) => name.endsWith('.test.mjs')).sort()
const files = names.filter((name) => only.length === 0 || only.some((part) => name.includes(part)))
const environment = { ...process.env, INTELLIAUTH_BIN: await binary() }
// One file at a time: the storm and the shutdown test want the machine to themselves.
const args = ['--test', '--test-concurrency=1', ...files.map((name) => join(directory, name))]
const { status } = spawnSync(process.execPath, args, { stdio: 'inherit', env: environment })
process.exit(status ?? 1)
