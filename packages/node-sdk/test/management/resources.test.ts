import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ManagementClient } from '../../src/management/index.js'
import { clientOf, fakeTenant, reply, success } from './fake-tenant.js'

type Case = [
  what: string,
  call: (client: ManagementClient) => PromiseLike<unknown>,
  method: string,
  path: string,
  body: unknown,
]

const APPLICATION = { name: 'Worker', type: 'm2m' } as const
const CASES: Case[] = [
  [
    'users.create',
    (c) => c.users.create({ email: 'a@x.org' }),
    'POST',
    '/api/v1/users',
    { email: 'a@x.org' },
  ],
  ['users.get', (c) => c.users.get('usr_1'), 'GET', '/api/v1/users/usr_1', undefined],
  [
    'users.update',
    (c) => c.users.update('usr_1', { name: null }),
    'PATCH',
    '/api/v1/users/usr_1',
    { name: null },
  ],
  ['users.delete', (c) => c.users.delete('usr_1'), 'DELETE', '/api/v1/users/usr_1', undefined],
  [
    'applications.create',
    (c) => c.applications.create(APPLICATION),
    'POST',
    '/api/v1/applications',
    APPLICATION,
  ],
  ['applications.get', (c) => c.applications.get('app_1'), 'GET', '/api/v1/applications/app_1', undefined],
  [
    'applications.update',
    (c) => c.applications.update('app_1', { name: 'B' }),
    'PATCH',
    '/api/v1/applications/app_1',
    { name: 'B' },
  ],
  [
    'applications.delete',
    (c) => c.applications.delete('app_1'),
    'DELETE',
    '/api/v1/applications/app_1',
    undefined,
  ],
  [
    'applications.rotateSecret',
    (c) => c.applications.rotateSecret('app_1'),
    'POST',
    '/api/v1/applications/app_1/rotate-secret',
    undefined,
  ],
]

for (const [what, call, method, path, body] of CASES) {
  test(`${what} is ${method} ${path}`, async (t) => {
    const tenant = await fakeTenant(t)
    tenant.onCall = (answer) =>
      method === 'DELETE' ? reply(answer, 204) : success(answer, { id: 'x', client_secret: 's' })
    const result = await call(clientOf(tenant))
    const [seen] = tenant.calls
    assert.equal(seen?.method, method)
    assert.equal(seen?.path, path)
    assert.deepEqual(seen?.body === '' ? undefined : JSON.parse(seen?.body ?? ''), body)
    assert.equal(seen?.headers['content-type'], body === undefined ? undefined : 'application/json')
    assert.equal('idempotency-key' in (seen?.headers ?? {}), method === 'POST')
    assert.deepEqual(result, method === 'DELETE' ? undefined : { id: 'x', client_secret: 's' })
  })
}

test('a rotation whose secret got lost is an error, not an undefined secret', async (t) => {
  const tenant = await fakeTenant(t)
  tenant.onCall = (answer) => success(answer, { client_id: 'app_1', previous_expires_at: null })
  await assert.rejects(clientOf(tenant).applications.rotateSecret('app_1'), { code: 'secret_unavailable' })
})

test('a body that is no object is refused before anything is sent', async (t) => {
  const tenant = await fakeTenant(t)
  const { users, applications } = clientOf(tenant)
  for (const nothing of [undefined, null, 'a@x.org', []] as unknown as never[]) {
    await assert.rejects(users.create(nothing), { option: 'user' })
    await assert.rejects(users.update('usr_1', nothing), { option: 'changes' })
    await assert.rejects(applications.create(nothing), { option: 'application' })
  }
  assert.equal(tenant.calls.length, 0)
})

test('an error answer becomes a typed error with all its parts', async (t) => {
  const tenant = await fakeTenant(t)
  const body = {
    error: 'validation_failed',
    message: 'two fields',
    details: { email: 'taken' },
    request_id: 'req_body',
  }
  tenant.onCall = (answer) => reply(answer, 422, body)
  await assert.rejects(clientOf(tenant).users.create({ email: 'a@x.org' }), {
    name: 'IntelliAuthApiError',
    status: 422,
    code: 'validation_failed',
    message: 'two fields',
    details: { email: 'taken' },
    requestId: 'req_body',
  })
})

for (const [what, status, text, code] of [
  ['an HTML page', 502, '<html>', 'server_error'],
  ['a success that is not JSON', 200, 'hello', 'invalid_response'],
  ['an empty success', 200, '', 'invalid_response'],
  ['a success without the envelope', 200, '{"id":"usr_1"}', 'invalid_response'],
  ['a success with a list where one object belongs', 200, '{"data":[],"meta":{}}', 'invalid_response'],
  ['a success with nothing in the envelope', 200, '{"data":null,"meta":{}}', 'invalid_response'],
  ['an error code with a line break', 404, '{"error":"a\\nb","request_id":7,"details":[1]}', 'not_found'],
  ['an unasked 304', 304, '', 'redirect_refused'],
] as const) {
  test(`${what} is ${code}`, async (t) => {
    const tenant = await fakeTenant(t)
    tenant.onCall = (answer) => answer.writeHead(status).end(text)
    await assert.rejects(clientOf(tenant).users.get('usr_1'), { code })
  })
}

test('a message cannot forge log lines', async (t) => {
  const tenant = await fakeTenant(t)
  tenant.onCall = (answer) =>
    reply(answer, 400, { error: 'x', message: `a\r\nERROR b\u2028c${'d'.repeat(9999)}` })
  await assert.rejects(clientOf(tenant).users.get('usr_1'), (error: Error) => {
    assert.ok(error.message.startsWith('a ERROR b cd'))
    return error.message.length <= 500
  })
})
