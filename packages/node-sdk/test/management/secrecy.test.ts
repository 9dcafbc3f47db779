import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { Secret } from '../../src/management/secret.js'
import { CLIENT_SECRET, clientOf, fakeTenant, grant, reply, TestRuntime } from './fake-tenant.js'

const TOKEN = 'eyJ-access-token'
const BASIC = Buffer.from(`app_01HZXM2M:${encodeURIComponent(CLIENT_SECRET)}`).toString('base64')

function assertSilent(...shown: unknown[]): void {
  for (const value of shown) {
    const forms = [
      inspect(value, { depth: 20, showHidden: true, getters: true }),
      String(value),
      JSON.stringify(value) ?? '',
      value instanceof Error ? `${value.stack} ${inspect(value.cause)}` : '',
    ]
    for (const form of forms) {
      for (const secret of [CLIENT_SECRET, encodeURIComponent(CLIENT_SECRET), BASIC, TOKEN]) {
        assert.ok(!form.includes(secret), `${secret} shows in ${form}`)
      }
    }
  }
}

async function failure(call: PromiseLike<unknown>): Promise<unknown> {
  try {
    await call
  } catch (error) {
    return error
  }
  return assert.fail('the call succeeded')
}

test('neither the client nor its parts show a secret', async (t) => {
  const tenant = await fakeTenant(t)
  tenant.onGrant = (answer) => grant(answer, TOKEN)
  const client = clientOf(tenant)
  await client.users.get('usr_1')
  assertSilent(client, client.users, client.applications, { client }, client.users.list())
  assert.match(inspect(client), /ManagementClient .*app_01HZXM2M/)
})

test('an answer that repeats the request shows no secret in the error', async (t) => {
  const tenant = await fakeTenant(t)
  tenant.onGrant = (answer) => grant(answer, TOKEN)
  tenant.onCall = (answer, seen) =>
    reply(answer, 400, {
      error: 'x',
      message: `you sent ${seen.headers.authorization}`,
      details: { headers: seen.headers },
    })
  const error = await failure(clientOf(tenant).users.get('usr_1'))
  assertSilent(error)
  assert.match(String(error), /you sent Bearer \[redacted\]/)
})

test('a token endpoint that repeats the credentials shows none in the error', async (t) => {
  const tenant = await fakeTenant(t)
  tenant.onGrant = (answer, seen) =>
    reply(answer, 401, {
      error: 'invalid_client',
      error_description: `${CLIENT_SECRET} ${encodeURIComponent(CLIENT_SECRET)} ${seen.headers.authorization}`,
    })
  assertSilent(await failure(clientOf(tenant).users.get('usr_1')))
})

test('a fetch that throws the request shows no secret in the error', async () => {
  const fetch = (url: string, init: RequestInit): Promise<Response> =>
    Promise.reject(Object.assign(new Error(`failed: ${JSON.stringify(init.headers)}`), { config: init, url }))
  assertSilent(
    await failure(clientOf({ url: 'https://t.example' }, new TestRuntime(), { fetch }).users.get('usr_1')),
  )
})

test('log lines hold no secret, no body and no query', async (t) => {
  const tenant = await fakeTenant(t)
  const lines: unknown[][] = []
  const note = (...line: unknown[]): number => lines.push(line)
  tenant.onGrant = (answer, _seen, nth) => (nth === 1 ? reply(answer, 500) : grant(answer, TOKEN))
  tenant.onCall = (answer, _seen, nth) =>
    nth === 1 ? reply(answer, 500) : reply(answer, 200, { data: [], meta: { next_cursor: null, limit: 1 } })
  const client = clientOf(tenant, new TestRuntime(), { logger: { debug: note, warn: note } })
  await client.users.list({ email: 'ada@example.com' })
  assert.equal(lines.length, 3)
  assertSilent(...lines)
  assert.ok(!JSON.stringify(lines).includes('ada@'))
})

test('a logger that throws fails no call', async (t) => {
  const tenant = await fakeTenant(t)
  const debug = (): never => {
    throw new Error('disk full')
  }
  assert.equal(
    (await clientOf(tenant, new TestRuntime(), { logger: { debug } }).users.get('usr_1')).id,
    'usr_1',
  )
})

test('a Secret shows nothing in any printed form', () => {
  const secret = new Secret(TOKEN)
  assertSilent(secret, { secret }, [secret], `${secret}`)
  assert.equal(secret.reveal(), TOKEN)
})
