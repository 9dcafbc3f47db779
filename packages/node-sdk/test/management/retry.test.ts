import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemRuntime } from '../../src/management/runtime.js'
import { clientOf, deadUrl, fakeTenant, reply, success, TestRuntime } from './fake-tenant.js'

test('5xx on GET is retried with doubled, jittered waits', async (t) => {
  const tenant = await fakeTenant(t)
  const runtime = new TestRuntime()
  tenant.onCall = (answer, _seen, nth) => (nth < 3 ? reply(answer, 502) : success(answer, { id: 'usr_1' }))
  await clientOf(tenant, runtime).users.get('usr_1')
  assert.deepEqual(runtime.slept, [100, 200])
})

test('chance lengthens the wait up to the full back-off', async (t) => {
  const tenant = await fakeTenant(t)
  const runtime = new TestRuntime()
  runtime.chance = 0.999_999
  tenant.onCall = (answer) => reply(answer, 500)
  await assert.rejects(clientOf(tenant, runtime).users.get('usr_1'), { status: 500, code: 'server_error' })
  assert.deepEqual(runtime.slept, [200, 400])
  assert.equal(tenant.calls.length, 3)
})

for (const [value, waits] of [
  ['2', [2_000]],
  ['0', [100]],
  ['Thu, 01 Jan 2026 00:00:03 GMT', [3_000]],
  ['Wed, 31 Dec 2025 00:00:00 GMT', [100]],
  ['1.5', [100]],
  ['-4', [100]],
] as const) {
  test(`Retry-After ${value} waits ${waits[0]} ms`, async (t) => {
    const tenant = await fakeTenant(t)
    const runtime = new TestRuntime()
    tenant.onCall = (answer, _seen, nth) =>
      nth === 1 ? reply(answer, 429, {}, { 'retry-after': value }) : success(answer, { id: 'usr_1' })
    await clientOf(tenant, runtime).users.get('usr_1')
    assert.deepEqual(runtime.slept, waits)
  })
}

test('a Retry-After beyond the cap is passed on, not waited for', async (t) => {
  const tenant = await fakeTenant(t)
  const runtime = new TestRuntime()
  tenant.onCall = (answer) => reply(answer, 429, { error: 'rate_limited' }, { 'retry-after': '3600' })
  await assert.rejects(clientOf(tenant, runtime).users.get('usr_1'), {
    code: 'rate_limited',
    retryAfterSeconds: 3600,
  })
  assert.deepEqual(runtime.slept, [])
})

test('all attempts of one POST carry one key; another POST carries another', async (t) => {
  const tenant = await fakeTenant(t)
  tenant.onCall = (answer, _seen, nth) => {
    if (nth === 1) answer.destroy()
    else success(answer, { id: 'usr_1' }, nth === 2 ? 503 : 201)
  }
  const client = clientOf(tenant)
  await client.users.create({ email: 'a@example.com' })
  await client.users.create({ email: 'b@example.com' })
  const keys = tenant.calls.map((call) => call.headers['idempotency-key'])
  assert.deepEqual(keys, ['key-1', 'key-1', 'key-1', 'key-2'])
})

test('the caller may choose the key, within what a header can carry', async (t) => {
  const tenant = await fakeTenant(t)
  const client = clientOf(tenant)
  await client.users.create({ email: 'a@example.com' }, { idempotencyKey: 'order-42' })
  assert.equal(tenant.calls[0]?.headers['idempotency-key'], 'order-42')
  for (const idempotencyKey of ['', 'a b', 'a\r\nb', 'é', 'x'.repeat(256)]) {
    const call = client.users.create({ email: 'a@example.com' }, { idempotencyKey })
    await assert.rejects(call, { option: 'idempotencyKey' })
  }
  assert.equal(tenant.calls.length, 1)
})

// Bug: a 503 was taken for "not done", and a change whose confirmation got lost was made twice.
for (const [what, status, headers, attempts] of [
  ['500', 500, {}, 1],
  ['503 without Retry-After', 503, {}, 1],
  ['503 with Retry-After', 503, { 'retry-after': '1' }, 1],
  ['429 with Retry-After', 429, { 'retry-after': '1' }, 3],
  ['502 with Retry-After', 502, { 'retry-after': '1' }, 1],
] as const) {
  test(`PATCH answered with ${what} is sent ${attempts}×`, async (t) => {
    const tenant = await fakeTenant(t)
    tenant.onCall = (answer) => reply(answer, status, {}, headers)
    await assert.rejects(clientOf(tenant).users.update('usr_1', { name: 'A' }), { status })
    assert.equal(tenant.calls.length, attempts)
  })
}

test('PATCH is not repeated when its connection breaks after sending', async (t) => {
  const tenant = await fakeTenant(t)
  tenant.onCall = (answer) => answer.destroy()
  const call = clientOf(tenant).users.update('usr_1', { name: 'A' })
  await assert.rejects(call, { name: 'IntelliAuthNetworkError', code: 'network_error', neverSent: false })
  assert.equal(tenant.calls.length, 1)
})

test('PATCH is repeated when the connection could not be made', async (t) => {
  const tenant = await fakeTenant(t)
  const dead = await deadUrl()
  let refusals = 0
  const fetch = (url: string, init: RequestInit): Promise<Response> => {
    if (init.method !== 'PATCH' || refusals === 2) return globalThis.fetch(url, init)
    refusals += 1
    return globalThis.fetch(dead, init)
  }
  await clientOf(tenant, new TestRuntime(), { fetch }).users.update('usr_1', { name: 'A' })
  assert.equal(refusals, 2)
  assert.equal(tenant.calls.length, 1)
})

test('a DELETE whose first answer got lost and that then finds nothing has succeeded', async (t) => {
  const tenant = await fakeTenant(t)
  tenant.onCall = (answer, _seen, nth) => {
    if (nth === 1) answer.destroy()
    else reply(answer, 404, { error: 'not_found' })
  }
  await clientOf(tenant).users.delete('usr_1')
  assert.equal(tenant.calls.length, 2)
})

test('a DELETE that finds nothing at first, or after a mere 429, has failed', async (t) => {
  const tenant = await fakeTenant(t)
  tenant.onCall = (answer) => reply(answer, 404, { error: 'not_found' })
  await assert.rejects(clientOf(tenant).users.delete('usr_1'), { status: 404, code: 'not_found' })
  tenant.calls.length = 0
  tenant.onCall = (answer, _seen, nth) => reply(answer, nth === 1 ? 429 : 404, { error: 'not_found' })
  await assert.rejects(clientOf(tenant).users.delete('usr_1'), { status: 404 })
})

for (const status of [400, 403, 404, 409, 422]) {
  test(`${status} is final`, async (t) => {
    const tenant = await fakeTenant(t)
    tenant.onCall = (answer) => reply(answer, status, { error: 'refused' })
    await assert.rejects(clientOf(tenant).users.get('usr_1'), { status, code: 'refused' })
    assert.equal(tenant.calls.length, 1)
  })
}

test('attempts: 1 never retries', async (t) => {
  const tenant = await fakeTenant(t)
  tenant.onCall = (answer) => reply(answer, 503)
  const client = clientOf(tenant, new TestRuntime(), { retry: { attempts: 1 } })
  await assert.rejects(client.users.get('usr_1'), { status: 503 })
  assert.equal(tenant.calls.length, 1)
})

test('keys made by the real runtime are unique and fit the header, without a global crypto too', async (t) => {
  const keys = new Set<string>()
  const collect = (): void => {
    for (let n = 0; n < 1000; n += 1) keys.add(systemRuntime.uniqueKey())
  }
  collect()
  const global = Object.getOwnPropertyDescriptor(globalThis, 'crypto')
  Object.defineProperty(globalThis, 'crypto', { value: undefined, configurable: true })
  t.after(() => {
    if (global !== undefined) Object.defineProperty(globalThis, 'crypto', global)
  })
  collect()
  assert.equal(keys.size, 2000)
  for (const key of keys) assert.match(key, /^[\w-]{20,64}$/)
})
