import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clientOf, deadUrl, fakeTenant, gate, grant, reply, success, TestRuntime } from './fake-tenant.js'

const ONCE = { retry: { attempts: 1 } }

for (const status of [301, 302, 303, 307, 308]) {
  test(`a ${status} is refused, and the token does not follow it`, async (t) => {
    const elsewhere = await fakeTenant(t)
    const tenant = await fakeTenant(t)
    tenant.onCall = (answer) => reply(answer, status, {}, { location: `${elsewhere.url}/steal` })
    await assert.rejects(clientOf(tenant).users.get('usr_1'), { code: 'redirect_refused' })
    assert.equal(elsewhere.calls.length, 0)
    assert.equal(tenant.calls.length, 1)
  })
}

test('a redirect of the token endpoint is refused', async (t) => {
  const elsewhere = await fakeTenant(t)
  const tenant = await fakeTenant(t)
  tenant.onGrant = (answer) => reply(answer, 307, {}, { location: `${elsewhere.url}/oauth2/token` })
  await assert.rejects(clientOf(tenant).users.get('usr_1'), { code: 'redirect_refused' })
  assert.equal(elsewhere.grants.length, 0)
})

test('an endless answer is cut off', async (t) => {
  const tenant = await fakeTenant(t)
  const closed = gate()
  tenant.onCall = (answer) => {
    answer.on('close', closed.open)
    answer.writeHead(200)
    const chunk = Buffer.alloc(1 << 20, 32)
    const more = (): void => {
      while (!answer.destroyed && answer.write(chunk));
      if (!answer.destroyed) answer.once('drain', more)
    }
    more()
  }
  await assert.rejects(clientOf(tenant).users.get('usr_1'), { code: 'response_too_large' })
  await closed.opened
  assert.equal(tenant.calls.length, 1)
})

test('an answer that never comes ends at the deadline and says so', async (t) => {
  const tenant = await fakeTenant(t)
  const runtime = new TestRuntime()
  tenant.onCall = () => runtime.expireAll()
  await assert.rejects(clientOf(tenant, runtime, ONCE).users.get('usr_1'), {
    name: 'IntelliAuthNetworkError',
    code: 'timeout',
    neverSent: false,
  })
})

test('an answer that begins and never ends is a timeout too, and is retried', async (t) => {
  const tenant = await fakeTenant(t)
  const runtime = new TestRuntime()
  tenant.onCall = (answer, _seen, nth) => {
    if (nth === 2) return success(answer, { id: 'usr_1' })
    answer.writeHead(200)
    answer.write('{"data":', () => runtime.expireAll())
  }
  assert.equal((await clientOf(tenant, runtime).users.get('usr_1')).id, 'usr_1')
  assert.equal(tenant.calls.length, 2)
})

test('deadlines are called off when the answer is there', async (t) => {
  const tenant = await fakeTenant(t)
  const runtime = new TestRuntime()
  await clientOf(tenant, runtime).users.get('usr_1')
  assert.equal(runtime.deadlines.size, 0)
})

test('a fetch that ignores its signal cannot hang a call', async () => {
  const runtime = new TestRuntime()
  const fetch = (): Promise<Response> => {
    queueMicrotask(() => runtime.expireAll())
    return new Promise(() => undefined)
  }
  await assert.rejects(
    clientOf({ url: 'https://t.example' }, runtime, { ...ONCE, fetch }).users.get('usr_1'),
    {
      code: 'timeout',
    },
  )
})

test('a refused connection is a network error that was never sent', async () => {
  const client = clientOf({ url: await deadUrl() })
  await assert.rejects(client.users.get('usr_1'), {
    name: 'IntelliAuthNetworkError',
    code: 'network_error',
    neverSent: true,
  })
})

test('aborting before the call sends nothing', async (t) => {
  const tenant = await fakeTenant(t)
  const reason = new Error('changed my mind')
  const call = clientOf(tenant).users.get('usr_1', { signal: AbortSignal.abort(reason) })
  await assert.rejects(call, reason)
  assert.equal(tenant.calls.length, 0)
})

test('an aborted call asks for no token either', async (t) => {
  const tenant = await fakeTenant(t)
  const runtime = new TestRuntime()
  let fetches = 0
  const fetch = (url: string, init: RequestInit): Promise<Response> => {
    fetches += 1
    return globalThis.fetch(url, init)
  }
  const client = clientOf(tenant, runtime, { fetch })
  await client.users.get('usr_1')
  runtime.time += 3_600_000
  await assert.rejects(client.users.get('usr_1', { signal: AbortSignal.abort(new Error('no')) }), /no/)
  assert.equal(fetches, 2)
})

test('aborting a call in flight rejects with the reason and closes the connection', async (t) => {
  const tenant = await fakeTenant(t)
  const closed = gate()
  const controller = new AbortController()
  const reason = new Error('user left')
  tenant.onCall = (answer) => {
    answer.on('close', closed.open)
    controller.abort(reason)
  }
  await assert.rejects(clientOf(tenant).users.get('usr_1', { signal: controller.signal }), reason)
  await closed.opened
  assert.equal(tenant.calls.length, 1)
})

test('aborting ends the wait between attempts', async (t) => {
  const tenant = await fakeTenant(t)
  const controller = new AbortController()
  const { sleep: _unused, ...runtime } = new TestRuntime()
  const warn = (): void => {
    setImmediate(() => controller.abort(new Error('enough')))
  }
  tenant.onCall = (answer) => reply(answer, 503, {}, { 'retry-after': '30' })
  const call = clientOf(tenant, runtime, { logger: { warn } }).users.get('usr_1', {
    signal: controller.signal,
  })
  await assert.rejects(call, /enough/)
  assert.equal(tenant.calls.length, 1)
})

test('an aborted call does not take the shared grant away from the others', async (t) => {
  const tenant = await fakeTenant(t)
  const asked = gate()
  const release = gate()
  tenant.onGrant = (answer) => {
    asked.open()
    void release.opened.then(() => grant(answer, 'shared'))
  }
  const client = clientOf(tenant)
  const controller = new AbortController()
  const impatient = client.users.get('usr_1', { signal: controller.signal })
  const patient = client.users.get('usr_1')
  await asked.opened
  controller.abort(new Error('impatient'))
  await assert.rejects(impatient, /impatient/)
  release.open()
  assert.equal((await patient).id, 'usr_1')
  assert.equal(tenant.grants.length, 1)
})

test('a signal used for many calls collects no listeners', async (t) => {
  const tenant = await fakeTenant(t)
  const { signal } = new AbortController()
  let listeners = 0
  const { addEventListener, removeEventListener } = signal
  signal.addEventListener = (...given: Parameters<typeof addEventListener>) => {
    listeners += 1
    addEventListener.apply(signal, given)
  }
  signal.removeEventListener = (...given: Parameters<typeof removeEventListener>) => {
    listeners -= 1
    removeEventListener.apply(signal, given)
  }
  const client = clientOf(tenant)
  for (let call = 0; call < 5; call += 1) await client.users.get('usr_1', { signal })
  await new Promise((resolve) => setImmediate(resolve))
  assert.equal(listeners, 0)
})
