import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runInNewContext } from 'node:vm'
import { requireSession } from '../src/express/index.js'
import { andThen } from '../src/maybe.js'
import { generateTestKey } from '../src/testing/index.js'
import { serve } from './support/api.js'
import { engines } from './support/engines.js'
import { tenant, verdict, verdicts, verifier, verifierOptions } from './support/tenant.js'

test('a promise of another realm is waited for, not taken for "yes"', async () => {
  const elsewhere: Promise<boolean> = runInNewContext('Promise.resolve(false)')
  assert.equal(elsewhere instanceof Promise, false)
  assert.equal(await andThen(elsewhere, (good) => (good ? 'accept' : 'refuse')), 'refuse')
})

for (const engine of engines) {
  test(`${engine}: forged tokens in a crowd stay refused where the global Promise was replaced`, async (t) => {
    const issuer = await tenant(t)
    const subject = verifier(t, issuer, { engine })
    assert.equal(await verdict(subject, issuer.mintUserToken()), 'accept')
    const { kid } = issuer.currentKey
    const forger = { ...(await generateTestKey()), kid }
    const forged = Array.from({ length: 20 }, () => issuer.mintUserToken({ key: forger }))
    const native = globalThis.Promise
    t.after(() => {
      globalThis.Promise = native
    })
    globalThis.Promise = class<T> extends native<T> {} as PromiseConstructor
    const refused = forged.map((token) => verdict(subject, token))
    globalThis.Promise = native
    assert.deepEqual(new Set(await Promise.all(refused)), new Set(['invalid_token']))
  })

  test(`${engine}: a feed of thousands of revocations is believed`, async (t) => {
    const issuer = await tenant(t)
    for (let n = 0; n < 3000; n += 1) issuer.revoke('user', `usr_${n}`)
    const subject = verifier(t, issuer, { engine })
    const tokens = ['usr_0', 'usr_2999', 'usr_3000'].map((sub) => issuer.mintUserToken({ sub }))
    assert.deepEqual(await verdicts(subject, tokens), { token_revoked: 2, accept: 1 })
  })
}

test('a fetch that follows redirects all the same is not believed', async (t) => {
  const issuer = await tenant(t)
  const fetch: typeof globalThis.fetch = async (url, init) => {
    const response = await globalThis.fetch(url, init)
    return Object.defineProperty(response, 'redirected', { value: true })
  }
  const subject = verifier(t, issuer, { fetch })
  assert.equal(await verdict(subject, issuer.mintUserToken()), 'temporarily_unavailable')
})

test('a claim named __proto__ gives no handler a prototype', async (t) => {
  const issuer = await tenant(t)
  const middleware = requireSession(verifierOptions(issuer))
  t.after(() => middleware.close())
  const ask = await serve(t, (request: never, response: never) =>
    middleware(request, response, () => {
      const { user } = request as { user: Record<string, object> }
      const copies = [Object.assign({}, user), Object.assign({}, user.profile)] as { isAdmin?: boolean }[]
      ;(response as { end(body: string): void }).end(
        JSON.stringify(copies.map((copy) => copy.isAdmin ?? null)),
      )
    }),
  )
  // Written as text, since an object literal with this name makes no member.
  const claims = JSON.parse(
    '{"__proto__": {"isAdmin": true}, "profile": {"__proto__": {"isAdmin": true}, "nickname": "x"}}',
  )
  const hostile = Object.fromEntries(Object.entries(claims))
  Object.defineProperty(hostile, '__proto__', { value: { isAdmin: true }, enumerable: true })
  const token = issuer.mintUserToken({ claims: hostile })
  assert.match(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString(), /"profile":\{"__proto__"/)
  const { body } = await ask('/', { authorization: `Bearer ${token}` })
  assert.equal(body.text, '[null,null]')
})
