import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const run = promisify(execFile)

test('the README example of a test says what its comments say', async () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8')
  const [, code = ''] = /```js\n(.*?)```/s.exec(readme) ?? []
  const promised = [...code.matchAll(/console\.log.*\/\/ (\d+)$/gm)].map(([, status]) => status)
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', code], {
    cwd: root,
    timeout: 30_000,
  })
  assert.deepEqual(stdout.trim().split('\n'), promised)
  assert.deepEqual(promised, ['200', '401', '503'])
})
