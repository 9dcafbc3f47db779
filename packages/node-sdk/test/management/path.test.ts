import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pathSegment } from '../../src/management/path.js'
import { clientOf, fakeTenant } from './fake-tenant.js'

for (const [id, segment] of [
  ['usr_01HZX', 'usr_01HZX'],
  ['../applications', '..%2Fapplications'],
  ['a?b#c', 'a%3Fb%23c'],
  ['..;', '..%3B'],
  ['%2f', '%252f'],
  ['...', '...'],
  ['ü😀', '%C3%BC%F0%9F%98%80'],
] as const) {
  test(`${JSON.stringify(id)} is one segment`, () => {
    assert.equal(pathSegment('userId', id), segment)
    const url = new URL(`http://t.example/api/v1/users/${segment}`)
    assert.equal(url.pathname, `/api/v1/users/${segment}`)
  })
}

for (const id of [
  '',
  '.',
  '..',
  '%2e',
  '%2E%2e',
  '.%2e',
  'a\nb',
  'a\u0000',
  '\u007f',
  '\u0085',
  '\ud800',
  'x\udc00',
  'a'.repeat(257),
  undefined,
  null,
  7,
  ['usr_1'],
  { toString: () => 'usr_1' },
]) {
  test(`${JSON.stringify(id) ?? 'undefined'} is refused`, () => {
    assert.throws(() => pathSegment('userId', id), { name: 'ConfigurationError', option: 'userId' })
  })
}

test('a refused id sends nothing', async (t) => {
  const tenant = await fakeTenant(t)
  const client = clientOf(tenant)
  await assert.rejects(client.users.get('..'), { option: 'userId' })
  await assert.rejects(client.users.delete(''), { option: 'userId' })
  await assert.rejects(client.applications.rotateSecret('.'), { option: 'applicationId' })
  assert.equal(tenant.calls.length, 0)
})

test('an escaped id reaches the tenant whole', async (t) => {
  const tenant = await fakeTenant(t)
  await clientOf(tenant).users.get('../applications')
  assert.equal(tenant.calls[0]?.path, '/api/v1/users/..%2Fapplications')
})
