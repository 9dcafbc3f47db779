// `intelliauth dev`: what it says, what it keeps, and that nobody else can sit on the same data.
import assert from 'node:assert/strict'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { run } from '../../scripts/local/children.mjs'
import { ask, bearer } from '../../scripts/local/http.mjs'
import { at, managementAudience, requestToken } from '../../scripts/local/oauth.mjs'
import { freePort } from '../../scripts/local/ports.mjs'
import { userToken } from '../../scripts/local/tenant.mjs'
import { tenantPlace } from './support/tenant.mjs'

const place = await tenantPlace('dev')
const RESTARTS = 5

test('the ready line carries everything a program needs', async (t) => {
  const envFile = join(place.directory, '.env')
  const tenant = await place.start({ envFile })
  t.after(tenant.stop)
  const { info } = tenant
  assert.equal(info.tenant_url, `http://localhost:${place.port}`)
  assert.equal(info.audience, 'api.banking.cymmetri.com')
  assert.match(info.m2m.client_id, /^app_[0-9A-HJKMNP-TV-Z]{26}$/)
  assert.match(info.spa.client_id, /^app_[0-9A-HJKMNP-TV-Z]{26}$/)
  assert.match(info.user.id, /^usr_[0-9A-HJKMNP-TV-Z]{26}$/)
  for (const secret of [info.m2m.client_secret, info.user.password, info.admin.password]) {
    assert.ok(secret.length >= 16, 'a generated secret is long')
  }
  assert.equal(info.pid, tenant.child.pid)
  assert.equal(typeof info.console_url, 'string')

  const written = await readFile(envFile, 'utf8')
  for (const value of [info.tenant_url, info.audience, info.m2m.client_id, info.m2m.client_secret]) {
    assert.ok(written.includes(value), `.env carries ${value}`)
  }
  assert.equal((await stat(envFile)).mode & 0o077, 0, '.env carries a secret: nobody else may read it')
})

test('a restart keeps the data and says the same', async (t) => {
  const said = new Set()
  const times = []
  for (let round = 0; round < RESTARTS; round += 1) {
    const tenant = await place.start()
    const { pid, ...rest } = tenant.info
    assert.equal(pid, tenant.child.pid)
    said.add(JSON.stringify(rest))
    times.push(tenant.readyMs)
    assert.equal((await tenant.stop()).code, 0, 'SIGTERM ends it cleanly')
  }
  assert.equal(said.size, 1, `${RESTARTS} starts said ${said.size} different things`)
  // A figure to look at, not an assertion: a busy machine is not a broken program.
  t.diagnostic(`ready after exec, ms: ${times.map((ms) => ms.toFixed(0)).join(' ')}`)
})

test('a restart keeps the credentials working', async () => {
  const first = await place.start()
  const before = await userToken(first)
  await first.stop()
  const tenant = await place.start()
  const send = at(tenant)
  const token = await requestToken(send, tenant.info.m2m, { audience: managementAudience(tenant) })
  assert.equal(token.status, 200, token.text)
  const user = await send({
    path: `/api/v1/users/${tenant.info.user.id}`,
    headers: bearer(token.json.access_token),
  })
  assert.equal(user.status, 200, user.text)
  assert.equal(user.json.data.email, tenant.info.user.email)
  const kid = JSON.parse(Buffer.from(before.access_token.split('.')[0], 'base64url')).kid
  const jwks = await send({ path: '/.well-known/jwks.json' })
  assert.ok(
    jwks.json.keys.some((key) => key.kid === kid),
    'the key that signed before the restart is still published',
  )
  await tenant.stop()
})

test('a second server on the same data is refused, the first goes on', async (t) => {
  const tenant = await place.start()
  t.after(tenant.stop)
  const otherPort = await freePort()
  const args = ['dev', '--listen', `127.0.0.1:${otherPort}`, '--data', place.data, '--json']
  await assert.rejects(run(place.binary, args), (error) => {
    assert.doesNotMatch(error.message, /panicked|backtrace/i)
    assert.match(error.message, /another|already|in use|lock/i)
    return true
  })
  assert.equal((await at(tenant)({ path: '/healthz' })).status, 200)
})

test('a port that is taken is one clear sentence', async (t) => {
  const tenant = await place.start()
  t.after(tenant.stop)
  const args = [
    'dev',
    '--listen',
    `127.0.0.1:${place.port}`,
    '--data',
    join(place.directory, 'elsewhere'),
    '--json',
  ]
  await assert.rejects(run(place.binary, args), (error) => {
    assert.doesNotMatch(error.message, /panicked|backtrace/i)
    assert.ok(error.message.includes(String(place.port)), error.message)
    return true
  })
})

test('health and readiness answer for any host', async (t) => {
  const tenant = await place.start()
  t.after(tenant.stop)
  for (const path of ['/healthz', '/readyz']) {
    // A load balancer asks by address, not by a tenant's name.
    const answer = await ask({ port: tenant.port, authority: `127.0.0.1:${tenant.port}`, path })
    assert.equal(answer.status, 200, `${path}: ${answer.text.slice(0, 200)}`)
  }
})
