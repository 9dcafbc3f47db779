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

/** What must hold at the edge as well, where there is no `node:crypto` and nothing goes on between requests. */
const AT_THE_EDGE = ['attacks', 'catalogue', 'express', 'keys', 'revocation', 'signatures']

const inNode = run(files, ['--conditions=intelliauth-source'], {})
const atTheEdge = run(
  files.filter((file) => AT_THE_EDGE.some((name) => file.endsWith(`/${name}.test.ts`))),
  ['--conditions=intelliauth-source-web'],
  { INTELLIAUTH_TEST_WEB: '1' },
)
process.exit(inNode || atTheEdge)

function run(chosen, conditions, env) {
  if (chosen.length === 0) return 0
  const reporter = `--test-reporter=${process.env.TEST_REPORTER ?? 'dot'}`
  const flags = [...conditions, '--import', 'tsx', '--test', reporter]
  const options = { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } }
  return spawnSync(process.execPath, [...flags, ...chosen], options).status ?? 1
}
