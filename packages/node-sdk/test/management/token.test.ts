import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  CLIENT_ID,
  CLIENT_SECRET,
  clientOf,
  fakeTenant,
  gate,
  grant,
  reply,
  success,
  TestRuntime,
} from './fake-tenant.js'

test('the grant starts at construction, with Basic credentials, audience and scope', async (t) => {
  const tenant = await fakeTenant(t)
  const arrived = gate()
  tenant.onGrant = (answer) => {
    arrived.open()
    grant(answer, 'token-1')
  }
  clientOf(tenant, new TestRuntime(), { scope: 'users:read users:write' })
  await arrived.opened
  const [request] = tenant.grants
  const form = (text: string): string => encodeURIComponent(text)
  const basic = Buffer.from(`${form(CLIENT_ID)}:${form(CLIENT_SECRET)}`).toString('base64')
  assert.equal(request?.headers.authorization, `Basic ${basic}`)
  assert.deepEqual(Object.fromEntries(new URLSearchParams(request?.body)), {
    grant_type: 'client_credentials',
    audience: `${tenant.url}/api`,
    scope: 'users:read users:write',
  })
})

test('concurrent first calls share one grant', async (t) => {
  const tenant = await fakeTenant(t)
  const client = clientOf(tenant)
  await Promise.all(Array.from({ length: 20 }, () => client.users.get('usr_1')))
  assert.equal(tenant.grants.length, 1)
  assert.ok(tenant.calls.every((call) => call.headers.authorization === 'Bearer token-1'))
})

test('a refused grant is no unhandled rejection and surfaces on the first call', async (t) => {
  const tenant = await fakeTenant(t)
  const unhandled: unknown[] = []
  const note = (reason: unknown): number => unhandled.push(reason)
  process.on('unhandledRejection', note)
  t.after(() => process.off('unhandledRejection', note))
  tenant.onGrant = (answer) =>
    reply(answer, 401, { error: 'invalid_client', error_description: 'wrong secret' })
  const client = clientOf(tenant)
  while (tenant.grants.length === 0) await new Promise((resolve) => setImmediate(resolve))
  await assert.rejects(client.users.get('usr_1'), {
    name: 'IntelliAuthApiError',
    status: 401,
    code: 'invalid_client',
    message: 'wrong secret',
    requestId: 'req_header',
  })
  assert.deepEqual(unhandled, [])
})

test('refused credentials are held back for a while, then tried again', async (t) => {
  const tenant = await fakeTenant(t)
  const runtime = new TestRuntime()
  tenant.onGrant = (answer) => reply(answer, 401, { error: 'invalid_client' })
  const client = clientOf(tenant, runtime)
  for (let call = 0; call < 5; call += 1)
    await assert.rejects(client.users.get('usr_1'), { code: 'invalid_client' })
  assert.equal(tenant.grants.length, 1)
  tenant.onGrant = (answer) => grant(answer, 'good')
  runtime.time += 5_000
  await client.users.get('usr_1')
  assert.equal(tenant.grants.length, 2)
})

test('a tenant that was down at construction is asked again by the first call', async (t) => {
  const tenant = await fakeTenant(t)
  tenant.onGrant = (answer) => reply(answer, 503)
  const client = clientOf(tenant, new TestRuntime(), { retry: { attempts: 1 } })
  await assert.rejects(client.users.get('usr_1'), { status: 503 })
  tenant.onGrant = (answer) => grant(answer, 'late')
  await client.users.get('usr_1')
  assert.equal(tenant.calls[0]?.headers.authorization, 'Bearer late')
})

test('the grant itself is retried', async (t) => {
  const tenant = await fakeTenant(t)
  tenant.onGrant = (answer, _seen, nth) => (nth < 3 ? reply(answer, 500) : grant(answer, 'third'))
  await clientOf(tenant).users.get('usr_1')
  assert.equal(tenant.grants.length, 3)
})

test('near its end the token is renewed in the background, and calls go on with the old one', async (t) => {
  const tenant = await fakeTenant(t)
  const runtime = new TestRuntime()
  const client = clientOf(tenant, runtime)
  await client.users.get('usr_1')
  runtime.time += 3_541_000
  await client.users.get('usr_1')
  assert.equal(tenant.calls[1]?.headers.authorization, 'Bearer token-1')
  while (tenant.grants.length < 2) await new Promise((resolve) => setImmediate(resolve))
  runtime.time += 30_000
  await client.users.get('usr_1')
  assert.equal(tenant.calls[2]?.headers.authorization, 'Bearer token-2')
  assert.equal(tenant.grants.length, 2)
})

test('a failing renewal goes unnoticed while the token is good, and is not repeated by every call', async (t) => {
  const tenant = await fakeTenant(t)
  const runtime = new TestRuntime()
  const client = clientOf(tenant, runtime, { retry: { attempts: 1 } })
  await client.users.get('usr_1')
  const failed = gate()
  tenant.onGrant = (answer) => {
    answer.on('close', failed.open)
    reply(answer, 500)
  }
  runtime.time += 3_541_000
  await client.users.get('usr_1')
  await failed.opened
  for (let call = 0; call < 5; call += 1) await client.users.get('usr_1')
  assert.equal(tenant.grants.length, 2)
})

test('a token past its end is not used: the call waits for a new one', async (t) => {
  const tenant = await fakeTenant(t)
  const runtime = new TestRuntime()
  const client = clientOf(tenant, runtime)
  await client.users.get('usr_1')
  runtime.time += 3_596_000
  await client.users.get('usr_1')
  assert.equal(tenant.calls[1]?.headers.authorization, 'Bearer token-2')
})

test('a 401 renews the token once and repeats the call, POST with the same key included', async (t) => {
  const tenant = await fakeTenant(t)
  tenant.onCall = (answer, seen) =>
    seen.headers.authorization === 'Bearer token-1'
      ? reply(answer, 401, { error: 'invalid_token' })
      : success(answer, { id: 'usr_2' }, 201)
  const user = await clientOf(tenant).users.create({ email: 'a@example.com' })
  assert.equal(user.id, 'usr_2')
  assert.equal(tenant.grants.length, 2)
  assert.deepEqual(new Set(tenant.calls.map((call) => call.headers['idempotency-key'])), new Set(['key-1']))
})

test('concurrent 401s cause one renewal', async (t) => {
  const tenant = await fakeTenant(t)
  tenant.onCall = (answer, seen) =>
    seen.headers.authorization === 'Bearer token-1' ? reply(answer, 401) : success(answer, { id: 'usr_1' })
  const client = clientOf(tenant)
  await Promise.all(Array.from({ length: 20 }, () => client.users.get('usr_1')))
  assert.equal(tenant.grants.length, 2)
})

test('a second 401 is final', async (t) => {
  const tenant = await fakeTenant(t)
  tenant.onCall = (answer) => reply(answer, 401, { error: 'invalid_token', message: 'no' })
  await assert.rejects(clientOf(tenant).users.get('usr_1'), { status: 401, code: 'invalid_token' })
  assert.equal(tenant.calls.length, 2)
  assert.equal(tenant.grants.length, 2)
})

for (const [what, body] of [
  ['no token', { token_type: 'Bearer', expires_in: 60 }],
  ['a token that breaks the header', { access_token: 'a\r\nx: y', token_type: 'Bearer' }],
  ['another token type', { access_token: 'abc', token_type: 'DPoP' }],
  ['an array', []],
] as const) {
  test(`a token answer with ${what} is refused`, async (t) => {
    const tenant = await fakeTenant(t)
    tenant.onGrant = (answer) => reply(answer, 200, body)
    await assert.rejects(clientOf(tenant).users.get('usr_1'), { code: 'invalid_response' })
    assert.equal(tenant.calls.length, 0)
  })
}
