// The command line beside a running server: what it changes, the server does.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { run } from '../../scripts/local/children.mjs'
import { ask, bearer } from '../../scripts/local/http.mjs'
import { at, introspect, managementAudience, requestToken } from '../../scripts/local/oauth.mjs'
import { userToken } from '../../scripts/local/tenant.mjs'
import { tenantPlace } from './support/tenant.mjs'

const SEEN_WITHIN_MS = 2_000 // a quarter of a second is promised; a busy machine is not a broken program
const ASK_AGAIN_MS = 50

const place = await tenantPlace('cli')
let tenant
let send
before(async () => {
  tenant = await place.start()
  send = at(tenant)
})
after(() => tenant.stop())

/** Runs a command with `--json` on the tenant's data and gives what it printed. */
async function cli(words, options) {
  const printed = await run(place.binary, [...words, '--data', place.data, '--json'], options)
  return JSON.parse(printed)
}

/** Asks until the answer is as wanted: the server may look a quarter of a second late. */
async function eventually(question, wanted, what) {
  const deadline = performance.now() + SEEN_WITHIN_MS
  for (;;) {
    const answer = await question()
    if (wanted(answer)) return answer
    if (performance.now() > deadline) assert.fail(`${what}: still ${JSON.stringify(answer).slice(0, 300)}`)
    await pause(ASK_AGAIN_MS)
  }
}

const active = async (token) => (await introspect(send, tenant.info.m2m, token)).json.active

test('a user made at the command line is there for the API', async () => {
  const made = await cli(
    ['user', 'create', '--email', 'grace@example.com', '--password-stdin', '--verified'],
    {
      input: 'correct horse battery\n',
    },
  )
  assert.match(made.id, /^usr_/)
  const token = await requestToken(send, tenant.info.m2m, { audience: managementAudience(tenant) })
  const seen = await send({ path: `/api/v1/users/${made.id}`, headers: bearer(token.json.access_token) })
  assert.equal(seen.json.data.email, 'grace@example.com')
  assert.equal(seen.json.data.email_verified, true)
  const listed = await cli(['user', 'list', '--email', 'grace@'])
  assert.deepEqual(
    listed.data.map((user) => user.id),
    [made.id],
  )
})

test('a client made at the command line gets tokens until it is disabled', async () => {
  const words = ['client', 'create', '--name', 'Reports', '--type', 'm2m', '--audience', 'api']
  const client = await cli([...words, '--scope', 'users:read', '--algorithm', 'ES256'])
  const ask = () => requestToken(send, client)
  const first = await eventually(ask, (answer) => answer.status === 200, 'a new client gets a token')
  assert.equal(JSON.parse(Buffer.from(first.json.access_token.split('.')[0], 'base64url')).alg, 'ES256')

  const rotated = await cli(['client', 'rotate', client.client_id])
  assert.notEqual(rotated.client_secret, client.client_secret)
  const renewed = () => requestToken(send, { ...client, client_secret: rotated.client_secret })
  await eventually(renewed, (answer) => answer.status === 200, 'the new secret works')
  assert.equal((await ask()).status, 200, 'the secret before works on')

  await cli(['client', 'disable', client.client_id])
  const refused = await eventually(ask, (answer) => answer.status === 401, 'a disabled client gets nothing')
  assert.equal(refused.json.error, 'invalid_client')
  await eventually(
    () => active(first.json.access_token),
    (yes) => yes === false,
    'its tokens are dead',
  )

  await cli(['client', 'enable', client.client_id])
  await eventually(ask, (answer) => answer.status === 200, 'enabled again')
  assert.equal(await active(first.json.access_token), false, 'enabling revives nothing')
})

test('revoking a user kills the tokens before and none after', async () => {
  const { access_token: old } = await userToken(tenant)
  assert.equal(await active(old), true)
  await cli(['user', 'revoke', tenant.info.user.email])
  await eventually(
    () => active(old),
    (yes) => yes === false,
    'the token is dead',
  )
  const { access_token: fresh, session_id: session } = await userToken(tenant)
  assert.equal(await active(fresh), true, 'a token issued after the revocation is good')
  await cli(['user', 'end-session', session])
  await eventually(
    () => active(fresh),
    (yes) => yes === false,
    'its session ended',
  )
})

test('a key signs only after it was published, unless forced', async () => {
  const keys = await cli(['keys', 'list'])
  const next = keys.find((key) => key.algorithm === 'RS256' && key.state === 'next')
  await assert.rejects(cli(['keys', 'rotate']), /verifier/)
  const before = await userToken(tenant)
  const rotated = await cli(['keys', 'rotate', '--force'])
  assert.equal(rotated.current, next.kid)
  const published = async () =>
    (await send({ path: '/.well-known/jwks.json' })).json.keys.map((key) => key.kid)
  await eventually(published, (kids) => kids.includes(rotated.next), 'the key after it is published')
  assert.equal(await active(before.access_token), true, 'tokens of the key before stay good')
  await cli(['keys', 'revoke', rotated.previous])
  await eventually(
    () => active(before.access_token),
    (yes) => yes === false,
    'its tokens died with the key',
  )
})

test('a tenant signs with the algorithm it is told to', async () => {
  await cli(['tenant', 'update', '--algorithm', 'EdDSA', '--secret-overlap-hours', '12'])
  const algorithm = async () => {
    const { access_token: token } = await userToken(tenant)
    return JSON.parse(Buffer.from(token.split('.')[0], 'base64url')).alg
  }
  assert.equal(await algorithm(), 'EdDSA')
  await assert.rejects(cli(['tenant', 'update', '--secret-overlap-hours', '1']), /12 to 168/)
})

test('a further tenant answers at its own name and knows nobody else', async () => {
  const made = await cli(['tenant', 'create', '--org', 'acme', '--slug', 'shop'])
  const authority = `shop-acme.localhost:${tenant.port}`
  assert.equal(made.url, `http://${authority}`)
  const there = (request) => ask({ port: tenant.port, authority, ...request })
  const discovery = await there({ path: '/.well-known/openid-configuration' })
  assert.equal(discovery.json.issuer, made.url)
  assert.equal(
    (await requestToken(there, tenant.info.m2m)).status,
    401,
    'a client of another tenant is a stranger',
  )

  const words = [
    'client',
    'create',
    '--tenant',
    made.url,
    '--name',
    'Theirs',
    '--type',
    'm2m',
    '--audience',
    'api',
  ]
  const client = await cli([...words, '--scope', 'users:read'])
  const answer = await eventually(
    () => requestToken(there, client),
    (answer) => answer.status === 200,
    'its own client gets a token',
  )
  const foreign = await send({ path: '/api/v1/users', headers: bearer(answer.json.access_token) })
  assert.equal(foreign.status, 401, "the neighbour's token opens nothing here")

  await cli(['tenant', 'disable', '--tenant', made.url])
  const gone = () => there({ path: '/.well-known/openid-configuration' })
  await eventually(gone, (answer) => answer.status === 404, 'a disabled tenant is not there')
})

test('revoking a tenant kills everything it issued', async () => {
  const machine = await requestToken(send, tenant.info.m2m, { audience: managementAudience(tenant) })
  await assert.rejects(cli(['tenant', 'revoke']), /several tenants/)
  await cli(['tenant', 'revoke', '--tenant', tenant.info.tenant_url])
  const use = () => send({ path: '/api/v1/applications', headers: bearer(machine.json.access_token) })
  const refused = await eventually(use, (answer) => answer.status === 401, 'the token is dead')
  assert.equal(refused.json.error, 'token_revoked')
  const again = await requestToken(send, tenant.info.m2m, { audience: managementAudience(tenant) })
  assert.equal(
    (await send({ path: '/api/v1/applications', headers: bearer(again.json.access_token) })).status,
    200,
  )
})

test('mistakes are one sentence', async () => {
  for (const [words, said] of [
    [['user', 'show', 'nobody@example.com'], /no such user/],
    [['user', 'create', '--email', 'nonsense'], /address/],
    [['user', 'create', '--email', tenant.info.user.email], /exists/],
    [
      ['client', 'create', '--name', 'x', '--type', 'spa', '--redirect-uri', 'javascript:alert(1)'],
      /redirect/,
    ],
    [['client', 'create', '--name', 'x', '--type', 'm2m', '--audience', 'nowhere'], /registered/],
    [['keys', 'revoke', 'nothing'], /no such key/],
    [['tenant', 'show', '--tenant', 'http://nowhere.localhost'], /no tenant/],
  ]) {
    await assert.rejects(cli(words), (error) => {
      assert.match(error.message, said)
      assert.doesNotMatch(error.message, /panicked/)
      return true
    })
  }
})
