import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { SessionOptions } from '../src/express/index.js'
import { intelliAuth, optionalSession, requireScope, requireSession } from '../src/express/index.js'
import type { TestIssuer } from '../src/testing/index.js'
import { type Answer, expresses, serve } from './support/api.js'
import { tenant, verifierOptions } from './support/tenant.js'

type Request = { user?: Record<string, unknown>; scopes?: string[] }
type Response = { json(body: unknown): void }

const echo = (req: Request, res: Response) => res.json({ user: req.user ?? null, scopes: req.scopes ?? null })
const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

function session(t: TestContext, issuer: TestIssuer, options: Partial<SessionOptions> = {}) {
  const middleware = requireSession({ ...verifierOptions(issuer), ...options })
  t.after(() => middleware.close())
  return middleware
}

function refused({ status, body, headers }: Answer, code: string, expected: number, challenge: string): void {
  assert.equal(status, expected)
  assert.deepEqual(Object.keys(body).sort(), ['error', 'message', 'request_id'])
  assert.equal(body.error, code)
  assert.match(String(body.request_id), /^req_[0-9A-HJKMNP-TV-Z]{26}$/)
  assert.equal(headers['x-request-id'], body.request_id)
  assert.equal(headers['www-authenticate'], challenge)
  assert.equal(headers['cache-control'], 'no-store')
}

const INVALID = 'Bearer error="invalid_token"'

for (const [name, express] of expresses) {
  test(`${name}: a user's token opens the door and names its user`, async (t) => {
    const issuer = await tenant(t)
    const app = express().use(session(t, issuer)).get('/me', echo)
    const ask = await serve(t, app)
    const token = issuer.mintUserToken({
      sub: 'usr_1',
      email: 'a@b.example',
      scope: 'users:read  users:write',
    })
    for (const scheme of ['Bearer', 'bearer', 'BEARER', 'Bearer  ']) {
      const { status, body } = await ask('/me', { authorization: `${scheme} ${token}` })
      assert.equal(status, 200)
      const user = body.user as Record<string, unknown>
      assert.deepEqual([user.sub, user.email, user.iss], ['usr_1', 'a@b.example', issuer.url])
      assert.deepEqual(body.scopes, ['users:read', 'users:write'])
    }
  })

  test(`${name}: each refusal has its status, code and challenge`, async (t) => {
    const issuer = await tenant(t)
    const ask = await serve(t, express().use(session(t, issuer)).get('/me', echo))
    const good = issuer.mintUserToken()
    refused(await ask('/me'), 'missing_token', 401, 'Bearer')
    refused(await ask('/me', { authorization: 'Basic YTpi' }), 'missing_token', 401, 'Bearer')
    refused(await ask('/me', { authorization: good }), 'missing_token', 401, 'Bearer')
    refused(await ask('/me', { authorization: '' }), 'missing_token', 401, 'Bearer')
    for (const odd of [
      'Bearer',
      'Bearer a b',
      `Bearer ${good},${good}`,
      `Bearer "${good}"`,
      `Bearer\t${good}`,
    ]) {
      refused(await ask('/me', { authorization: odd }), 'invalid_token', 401, INVALID)
    }
    refused(await ask('/me', bearer(`${good}=`)), 'invalid_token', 401, INVALID)
    refused(
      await ask('/me', bearer(issuer.mintUserToken({ lifetimeSeconds: -31 }))),
      'token_expired',
      401,
      INVALID,
    )
    refused(
      await ask('/me', bearer(issuer.mintUserToken({ audience: 'x' }))),
      'invalid_audience',
      401,
      INVALID,
    )
    issuer.revoke('user', 'usr_gone')
    issuer.clock.advance(61)
    const gone = issuer.mintUserToken({ sub: 'usr_gone', claims: { iat: issuer.clock.now() - 61 } })
    refused(await ask('/me', bearer(gone)), 'token_revoked', 401, INVALID)
  })

  test(`${name}: two Authorization headers are refused unread`, async (t) => {
    const issuer = await tenant(t)
    const ask = await serve(t, express().use(session(t, issuer)).get('/me', echo))
    const good = `Bearer ${issuer.mintUserToken()}`
    for (const two of [
      [good, good],
      [good, 'Basic YTpi'],
      ['Basic YTpi', good],
      [good, ''],
    ]) {
      const answer = await ask('/me', { authorization: two })
      refused(answer, 'invalid_request', 400, 'Bearer error="invalid_request"')
    }
  })

  test(`${name}: no keys, no verdict: 503 with Retry-After`, async (t) => {
    const issuer = await tenant(t)
    issuer.setOutage('down')
    const ask = await serve(t, express().use(session(t, issuer)).get('/me', echo))
    const { status, headers, body } = await ask('/me', bearer(issuer.mintUserToken()))
    assert.equal(status, 503)
    assert.equal(body.error, 'temporarily_unavailable')
    assert.match(String(headers['retry-after']), /^[1-9]\d*$/)
    assert.equal(headers['www-authenticate'], undefined)
    refused(await ask('/me'), 'missing_token', 401, 'Bearer')
  })

  test(`${name}: scopes are all-of, 403 names them, and without a session it is 401`, async (t) => {
    const issuer = await tenant(t)
    const app = express()
    app.get('/open', requireScope('a:read'), echo)
    app.use(session(t, issuer))
    app.get('/one', requireScope('a:read'), echo)
    app.get('/two', requireScope('a:read', 'a:write'), echo)
    app.get('/list', requireScope(['a:read', 'a:write']), echo)
    const ask = await serve(t, app)
    const read = bearer(issuer.mintClientToken({ scope: 'a:read' }))
    const both = bearer(issuer.mintClientToken({ scope: 'a:write a:read' }))
    assert.equal((await ask('/one', read)).status, 200)
    const challenge = 'Bearer error="insufficient_scope", scope="a:read a:write"'
    refused(await ask('/two', read), 'insufficient_scope', 403, challenge)
    refused(await ask('/list', read), 'insufficient_scope', 403, challenge)
    assert.equal((await ask('/two', both)).status, 200)
    assert.equal((await ask('/list', both)).status, 200)
    const none = bearer(issuer.mintClientToken({ scope: 'xa:read a:readx' }))
    refused(
      await ask('/one', none),
      'insufficient_scope',
      403,
      'Bearer error="insufficient_scope", scope="a:read"',
    )
    refused(await ask('/open', both), 'missing_token', 401, 'Bearer')
  })

  test(`${name}: requiredScopes hold for every token`, async (t) => {
    const issuer = await tenant(t)
    const app = express()
      .use(session(t, issuer, { requiredScopes: ['api'] }))
      .get('/me', echo)
    const ask = await serve(t, app)
    assert.equal((await ask('/me', bearer(issuer.mintUserToken({ scope: 'x api' })))).status, 200)
    assert.equal((await ask('/me', bearer(issuer.mintUserToken({ scope: 'x' })))).status, 403)
  })

  test(`${name}: optional means without a token, never with a bad one`, async (t) => {
    const issuer = await tenant(t)
    const middleware = optionalSession(verifierOptions(issuer))
    t.after(() => middleware.close())
    const ask = await serve(t, express().use(middleware).get('/me', echo))
    assert.deepEqual((await ask('/me')).body, { user: null, scopes: null })
    assert.notEqual((await ask('/me', bearer(issuer.mintUserToken()))).body.user, null)
    refused(await ask('/me', bearer('not.a.token')), 'invalid_token', 401, INVALID)
    refused(await ask('/me', { authorization: 'Bearer' }), 'invalid_token', 401, INVALID)
  })

  test(`${name}: errors of a later handler are the application's own`, async (t) => {
    const issuer = await tenant(t)
    const app = express().use(session(t, issuer))
    app.get('/boom', () => {
      throw new Error('boom')
    })
    app.use((_error: unknown, _req: unknown, res: { status(n: number): Response }, _next: unknown) =>
      res.status(418).json({}),
    )
    const ask = await serve(t, app)
    const token = bearer(issuer.mintUserToken())
    assert.equal((await ask('/boom', token)).status, 418)
    assert.equal((await ask('/boom', token)).status, 418)
  })
}

const [, express] = expresses[1] ?? []
if (express === undefined) throw new Error('Express 5 is missing')

test('a token in the query or a cookie is not looked at', async (t) => {
  const issuer = await tenant(t)
  const ask = await serve(t, express().use(session(t, issuer)).get('/me', echo))
  const token = issuer.mintUserToken()
  refused(await ask(`/me?access_token=${token}`), 'missing_token', 401, 'Bearer')
  refused(await ask('/me', { cookie: `access_token=${token}` }), 'missing_token', 401, 'Bearer')
})

test('16 KiB is the most a token may have', async (t) => {
  const issuer = await tenant(t)
  const ask = await serve(t, express().use(session(t, issuer)).get('/me', echo))
  const base = issuer.mintUserToken({ claims: { pad: '' } }).length
  const pad = (length: number) => issuer.mintUserToken({ claims: { pad: 'x'.repeat(length) } })
  const fits = pad(Math.floor(((16 * 1024 - base) * 3) / 4) - 2)
  const exceeds = pad(Math.ceil(((16 * 1024 - base) * 3) / 4) + 3)
  assert.ok(fits.length <= 16 * 1024 && exceeds.length > 16 * 1024)
  assert.equal((await ask('/me', bearer(fits))).status, 200)
  refused(await ask('/me', bearer(exceeds)), 'invalid_token', 401, INVALID)
})

test('cookies: only the named one, and only one of it', async (t) => {
  const issuer = await tenant(t)
  const token = issuer.mintUserToken()
  const app = express()
  app.get('/usual', session(t, issuer, { tokenLocation: 'cookie' }), echo)
  app.get('/named', session(t, issuer, { tokenLocation: 'cookie', cookieName: '__Host-at' }), echo)
  const ask = await serve(t, app)
  assert.equal((await ask('/usual', { cookie: `a=b; access_token=${token}; c=d` })).status, 200)
  assert.equal((await ask('/named', { cookie: `__Host-at=${token}` })).status, 200)
  refused(await ask('/named', { cookie: `access_token=${token}` }), 'missing_token', 401, 'Bearer')
  refused(await ask('/usual', { cookie: `xaccess_token=${token}` }), 'missing_token', 401, 'Bearer')
  refused(await ask('/usual', bearer(token)), 'missing_token', 401, 'Bearer')
  refused(await ask('/usual', { cookie: 'access_token=' }), 'missing_token', 401, 'Bearer')
  const twice = await ask('/usual', { cookie: `access_token=${token}; access_token=${token}` })
  refused(twice, 'invalid_request', 400, 'Bearer error="invalid_request"')
})

test('an extractor finds the token, at once or later; its errors go to Express', async (t) => {
  const issuer = await tenant(t)
  const token = issuer.mintUserToken()
  type Headers = { headers: Record<string, string> }
  const app = express()
  app.get('/now', session(t, issuer, { tokenLocation: (req: Headers) => req.headers['x-token'] }), echo)
  app.get(
    '/later',
    session(t, issuer, { tokenLocation: async (req: Headers) => req.headers['x-token'] }),
    echo,
  )
  app.get('/number', session(t, issuer, { tokenLocation: () => 7 as never }), echo)
  app.get('/throws', session(t, issuer, { tokenLocation: () => Promise.reject(new Error('no')) }), echo)
  app.set('env', 'test')
  const ask = await serve(t, app)
  for (const path of ['/now', '/later']) {
    assert.equal((await ask(path, { 'x-token': token })).status, 200)
    refused(await ask(path), 'missing_token', 401, 'Bearer')
    refused(await ask(path, { 'x-token': 'a b' }), 'invalid_token', 401, INVALID)
  }
  assert.equal((await ask('/number')).status, 500)
  assert.equal((await ask('/throws')).status, 500)
})

test('a cached verdict is held against the audience of each route', async (t) => {
  const issuer = await tenant(t)
  const app = express()
  app.get('/a', session(t, issuer, { audience: 'a', logger: undefined as never }), echo)
  app.get('/b', session(t, issuer, { audience: ['b', 'c'], logger: undefined as never }), echo)
  const ask = await serve(t, app)
  const forA = bearer(issuer.mintUserToken({ audience: 'a' }))
  const forBoth = bearer(issuer.mintUserToken({ audience: ['a', 'c'] }))
  for (let round = 0; round < 2; round += 1) {
    assert.equal((await ask('/a', forA)).status, 200)
    refused(await ask('/b', forA), 'invalid_audience', 401, INVALID)
    assert.equal((await ask('/a', forBoth)).status, 200)
    assert.equal((await ask('/b', forBoth)).status, 200)
  }
  assert.equal(issuer.requests.jwks, 1, 'both routes share one key set')
})

test('a cached verdict dies at exp', async (t) => {
  const issuer = await tenant(t)
  const ask = await serve(t, express().use(session(t, issuer)).get('/me', echo))
  const token = bearer(issuer.mintUserToken({ lifetimeSeconds: 20 }))
  assert.equal((await ask('/me', token)).status, 200)
  issuer.clock.advance(49)
  assert.equal((await ask('/me', token)).status, 200, 'still within the tolerance')
  issuer.clock.advance(1)
  refused(await ask('/me', token), 'token_expired', 401, INVALID)
})

test('what one handler writes on its user stays with its request', async (t) => {
  const issuer = await tenant(t)
  const app = express().use(session(t, issuer))
  app.get('/me', (req: Request, res: Response) => {
    const user = req.user ?? {}
    const before = { role: user.role ?? null, scopes: [...(req.scopes ?? [])] }
    user.role = 'admin'
    req.scopes?.push('everything')
    assert.throws(() => (user.amr as string[]).push('otp'))
    res.json(before)
  })
  const ask = await serve(t, app)
  const token = bearer(issuer.mintUserToken({ scope: 'x' }))
  for (let round = 0; round < 3; round += 1) {
    assert.deepEqual((await ask('/me', token)).body, { role: null, scopes: ['x'] })
  }
})

test("a request's own id is kept when it is harmless", async (t) => {
  const issuer = await tenant(t)
  const ask = await serve(t, express().use(session(t, issuer)))
  assert.equal((await ask('/', { 'x-request-id': 'abc-1' })).body.request_id, 'abc-1')
  assert.match(String((await ask('/', { 'x-request-id': 'a b"<' })).body.request_id), /^req_/)
})

test('intelliAuth is requireSession', () => assert.equal(intelliAuth, requireSession))
