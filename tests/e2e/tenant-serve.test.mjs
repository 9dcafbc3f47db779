// `intelliauth serve` starts only with settings that are there and safe, and says in one sentence what is not.
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { start } from '../../scripts/local/children.mjs'
import { tenantPlace } from './support/tenant.mjs'

const place = await tenantPlace('serve')
const KEY_FILE = join(place.directory, 'data.key')
await writeFile(KEY_FILE, randomBytes(32).toString('base64'), { mode: 0o600 })
await mkdir(join(place.directory, 'production'), { recursive: true })

// The names of the settings, as intelliauth.toml has them.
const SAFE = {
  public_url: '"https://auth.example.com"',
  listen: '"127.0.0.1:0"',
  data: JSON.stringify(join(place.directory, 'production')),
  data_key_file: JSON.stringify(KEY_FILE),
  trusted_proxies: '["10.0.0.0/8"]',
}

/** Writes a configuration, runs `serve --check` on it, and gives the exit code and what it complained of. */
async function check(settings, environment = {}) {
  const path = join(place.directory, 'intelliauth.toml')
  const lines = Object.entries(settings).filter(([, value]) => value !== undefined)
  await writeFile(path, lines.map(([name, value]) => `${name} = ${value}\n`).join(''))
  const { PATH, HOME } = process.env
  const child = start(place.binary, ['serve', '--config', path, '--check'], {
    env: { PATH, HOME, ...environment },
  })
  child.stdout.resume()
  const { code } = await child.gone
  assert.doesNotMatch(child.complaints, /panicked|backtrace/i)
  return { code, said: child.complaints.trim() }
}

test('safe settings pass', async () => {
  const { code, said } = await check(SAFE)
  assert.equal(code, 0, said)
})

const REFUSED = [
  ['no public URL', { public_url: undefined }, /public_url/i],
  ['a public URL over plain HTTP', { public_url: '"http://auth.example.com"' }, /https/i],
  ['a public URL with a path and a query', { public_url: '"https://auth.example.com/a?b"' }, /public_url/i],
  ['no data key', { data_key_file: undefined }, /data.?key/i],
  ['a data key file that is not there', { data_key_file: '"/nonexistent/data.key"' }, /data.?key/i],
  ['the whole world as a trusted proxy', { trusted_proxies: '["0.0.0.0/0"]' }, /trusted_proxies|proxies/i],
  ['a trusted proxy that is no network', { trusted_proxies: '["anyone"]' }, /trusted_proxies|proxies/i],
  ['a setting nobody knows', { pubic_url: '"x"' }, /pubic_url/],
]

for (const [what, change, named] of REFUSED) {
  test(`${what} is refused, and named`, async () => {
    const { code, said } = await check({ ...SAFE, ...change })
    assert.notEqual(code, 0, 'it must not start')
    assert.match(said, named)
  })
}

test('a data key everybody can read is refused', { skip: process.platform === 'win32' }, async (t) => {
  await chmod(KEY_FILE, 0o644)
  t.after(() => chmod(KEY_FILE, 0o600))
  const { code, said } = await check(SAFE)
  assert.notEqual(code, 0)
  assert.match(said, /0600|permission|readable/i)
})

test('a missing configuration file is one sentence', async () => {
  const child = start(place.binary, ['serve', '--config', join(place.directory, 'nowhere.toml'), '--check'])
  child.stdout.resume()
  assert.notEqual((await child.gone).code, 0)
  assert.match(child.complaints, /nowhere\.toml/)
})

test('`token`, the development mint, is refused on production data', async () => {
  const data = join(place.directory, 'production')
  const child = start(place.binary, ['token', '--data', data, '--user', 'a@example.com', '--audience', 'api'])
  child.stdout.resume()
  assert.notEqual((await child.gone).code, 0)
  assert.doesNotMatch(child.complaints, /panicked/i)
})
