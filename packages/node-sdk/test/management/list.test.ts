import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clientOf, type FakeTenant, fakeTenant, reply } from './fake-tenant.js'

const PAGES: Record<string, { ids: string[]; next: string | null }> = {
  '': { ids: ['usr_1', 'usr_2'], next: 'c1' },
  c1: { ids: [], next: 'c2' },
  c2: { ids: ['usr_3'], next: null },
}

function serve(tenant: FakeTenant): void {
  tenant.onCall = (answer, seen) => {
    const page = PAGES[seen.query.get('cursor') ?? '']
    const data = page?.ids.map((id) => ({ id }))
    reply(answer, 200, { data, meta: { next_cursor: page?.next, limit: 2 } })
  }
}

test('awaited, a list is one page', async (t) => {
  const tenant = await fakeTenant(t)
  serve(tenant)
  const { data, meta } = await clientOf(tenant).users.list({ limit: 2, email: 'ada+x@' })
  assert.deepEqual(
    data.map((user) => user.id),
    ['usr_1', 'usr_2'],
  )
  assert.deepEqual(meta, { next_cursor: 'c1', limit: 2 })
  assert.deepEqual(Object.fromEntries(tenant.calls[0]?.query ?? []), { limit: '2', email: 'ada+x@' })
})

test('for await goes through all pages, empty ones included, with the filters kept', async (t) => {
  const tenant = await fakeTenant(t)
  serve(tenant)
  const ids: string[] = []
  for await (const user of clientOf(tenant).users.list({ limit: 2, email: 'a' })) ids.push(user.id)
  assert.deepEqual(ids, ['usr_1', 'usr_2', 'usr_3'])
  assert.deepEqual(
    tenant.calls.map((call) => call.query.get('cursor')),
    [null, 'c1', 'c2'],
  )
  assert.ok(tenant.calls.every((call) => call.query.get('email') === 'a' && call.query.get('limit') === '2'))
})

test('nothing is fetched before it is needed', async (t) => {
  const tenant = await fakeTenant(t)
  serve(tenant)
  const list = clientOf(tenant).applications.list()
  assert.equal(tenant.calls.length, 0)
  for await (const application of list) {
    assert.equal(application.id, 'usr_1')
    break
  }
  assert.equal(tenant.calls.length, 1)
})

test('pages() yields pages, and a list may start at a cursor', async (t) => {
  const tenant = await fakeTenant(t)
  serve(tenant)
  const sizes: number[] = []
  for await (const page of clientOf(tenant).users.list({ cursor: 'c1' }).pages()) sizes.push(page.data.length)
  assert.deepEqual(sizes, [0, 1])
})

test('awaiting twice sends once, and combinators take it for a promise', async (t) => {
  const tenant = await fakeTenant(t)
  serve(tenant)
  const list = clientOf(tenant).users.list()
  const [first, second] = await Promise.all([list, list])
  assert.equal(first, second)
  assert.equal(await list.finally(() => undefined), first)
  assert.equal(tenant.calls.length, 1)
})

test('a failure reaches await, catch and for await alike', async (t) => {
  const tenant = await fakeTenant(t)
  tenant.onCall = (answer) => reply(answer, 403, { error: 'insufficient_scope' })
  const client = clientOf(tenant)
  await assert.rejects(async () => await client.users.list(), { code: 'insufficient_scope' })
  assert.equal(
    await client.users.list().catch((error) => (error as { code?: string }).code),
    'insufficient_scope',
  )
  await assert.rejects(
    async () => {
      for await (const _ of client.users.list()) assert.fail('there is nothing')
    },
    { code: 'insufficient_scope' },
  )
})

test('a tenant whose cursor does not advance ends the loop', async (t) => {
  const tenant = await fakeTenant(t)
  tenant.onCall = (answer) => reply(answer, 200, { data: [], meta: { next_cursor: 'same', limit: 1 } })
  await assert.rejects(
    async () => {
      for await (const _ of clientOf(tenant).users.list()) assert.fail('there is nothing')
    },
    { code: 'invalid_response' },
  )
  assert.equal(tenant.calls.length, 2)
})

for (const body of [
  {},
  { data: {} },
  { data: [] },
  { data: [], meta: {} },
  { data: [], meta: { next_cursor: 7 } },
  { data: [], pagination: { next_cursor: null, limit: 50 } },
  [],
  'x',
  null,
]) {
  test(`${JSON.stringify(body)} is not a page`, async (t) => {
    const tenant = await fakeTenant(t)
    tenant.onCall = (answer) => reply(answer, 200, body)
    await assert.rejects(async () => await clientOf(tenant).users.list(), { code: 'invalid_response' })
  })
}

test('arguments that cannot be sent are refused', async (t) => {
  const client = clientOf(await fakeTenant(t))
  for (const limit of [0, -1, 1.5, Number.NaN, '50' as unknown as number]) {
    assert.throws(() => client.users.list({ limit }), { option: 'limit' })
  }
  assert.throws(() => client.users.list({ cursor: 7 as unknown as string }), { option: 'cursor' })
})

test('aborting stops the loop between pages', async (t) => {
  const tenant = await fakeTenant(t)
  serve(tenant)
  const controller = new AbortController()
  await assert.rejects(async () => {
    for await (const _ of clientOf(tenant).users.list({}, { signal: controller.signal })) {
      controller.abort(new Error('stop'))
    }
  }, /stop/)
  assert.equal(tenant.calls.length, 1)
})
