// HTTP framing: every request two parsers could read differently is refused, and the connection with it, so that
// nothing behind it can be taken for a second request (request smuggling, RFC 9112 §11.2).
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { ask } from '../../scripts/local/http.mjs'
import { at, managementAudience, requestToken } from '../../scripts/local/oauth.mjs'
import { answersIn, exchange, openSocket, received } from './support/raw.mjs'
import { tenantPlace } from './support/tenant.mjs'

const place = await tenantPlace('framing')
const tenant = await place.start()
after(tenant.stop)

const HOST = tenant.authority
const DISCOVERY = '/.well-known/openid-configuration'
const SMUGGLED = `GET /healthz HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`
const MEBIBYTE = 1024 * 1024
const SLOW_DEADLINE_MS = 90_000

const post = (headers, body) => `POST /oauth2/token HTTP/1.1\r\nHost: ${HOST}\r\n${headers}\r\n\r\n${body}`
const get = (headers, target = DISCOVERY) => `GET ${target} HTTP/1.1\r\n${headers}\r\n\r\n`

// What is sent, and which first answers are right. 0 stands for a close without an answer.
const REFUSED = [
  ['two Host headers', get(`Host: ${HOST}\r\nHost: ${HOST}`), [400]],
  ['two different Host headers', get(`Host: ${HOST}\r\nHost: evil.example`), [400]],
  ['no Host header', get('Accept: */*'), [400]],
  ['an empty Host header', get('Host:\r\nConnection: close'), [400, 404, 421]],
  ['a list in the Host header', get(`Host: ${HOST}, evil.example`), [400, 404]],
  [
    'an absolute target of a foreign host',
    get(`Host: ${HOST}`, `http://evil.example${DISCOVERY}`),
    [400, 404, 421],
  ],
  [
    'our absolute target, a foreign Host',
    get('Host: evil.example', `http://${HOST}${DISCOVERY}`),
    [400, 404, 421],
  ],
  [
    'user information in an absolute target',
    get(`Host: ${HOST}`, `http://a@${HOST}${DISCOVERY}`),
    [400, 404, 421],
  ],
  [
    'length and chunks',
    post('Content-Length: 4\r\nTransfer-Encoding: chunked', `0\r\n\r\n${SMUGGLED}`),
    [400, 411],
  ],
  [
    'chunks and length',
    post('Transfer-Encoding: chunked\r\nContent-Length: 6', `0\r\n\r\n${SMUGGLED}`),
    [400, 411],
  ],
  ['chunks alone', post('Transfer-Encoding: chunked', `0\r\n\r\n${SMUGGLED}`), [411]],
  [
    'an obfuscated coding',
    post('Transfer-Encoding: xchunked\r\nContent-Length: 0', SMUGGLED),
    [400, 411, 501],
  ],
  [
    'a vertical tab before the coding',
    post('Transfer-Encoding: \x0bchunked\r\nContent-Length: 0', SMUGGLED),
    [400, 411],
  ],
  ['two different lengths', post('Content-Length: 0\r\nContent-Length: 40', SMUGGLED), [400]],
  ['two lengths in one header', post('Content-Length: 0, 40', SMUGGLED), [400]],
  ['a signed length', post('Content-Length: +0', SMUGGLED), [400]],
  ['a negative length', post('Content-Length: -1', SMUGGLED), [400]],
  ['a length past 64 bits', post('Content-Length: 18446744073709551617', SMUGGLED), [400, 413]],
  ['a folded header', get(`Host: ${HOST}\r\nX-Long: a\r\n b`), [400]],
  ['a space before the colon', post('Content-Length : 5', `aaaaa${SMUGGLED}`), [400]],
  ['NUL in a value', get(`Host: ${HOST}\r\nX-A: a\0b`), [400]],
  ['NUL in the target', get(`Host: ${HOST}`, '/a\0b'), [400]],
  ['a bare CR in a value', get(`Host: ${HOST}\r\nX-A: a\rX-B: b`), [400]],
  ['a method of another protocol', `PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n`, [0, 400, 505]],
  ['no HTTP at all', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n', [0, 400]],
]

for (const [what, bytes, allowed] of REFUSED) {
  test(`${what} is refused, the connection closed`, async () => {
    const { text, answers } = await exchange(place.port, Buffer.from(bytes, 'latin1'))
    assert.ok(
      allowed.includes(answers[0] ?? 0),
      `answered ${answers[0] ?? 'nothing'}, expected ${allowed}: ${text}`,
    )
    assert.ok(answers.length <= 1, `a second request was read: ${answers}`)
    assert.ok(!text.includes('evil.example'), 'a foreign name is not repeated')
  })
}

test('an absolute target of our own host is the same request', async () => {
  const { answers } = await exchange(
    place.port,
    get(`Host: ${HOST}\r\nConnection: close`, `http://${HOST}${DISCOVERY}`),
  )
  assert.deepEqual(answers, [200])
})

test('a megabyte of headers is refused', async () => {
  const { answers } = await exchange(place.port, get(`Host: ${HOST}\r\nX-Big: ${'a'.repeat(MEBIBYTE)}`))
  assert.ok([0, 400, 431].includes(answers[0] ?? 0), `answered ${answers}`)
})

test('twenty thousand headers are refused', async () => {
  const many = Array.from({ length: 20_000 }, (_, index) => `X-${index}: a`).join('\r\n')
  const { answers } = await exchange(place.port, get(`Host: ${HOST}\r\n${many}`))
  assert.ok([0, 400, 431].includes(answers[0] ?? 0), `answered ${answers}`)
})

test('a body that announces too much is refused before it is read', async () => {
  const socket = await openSocket(place.port)
  socket.write(
    post(`Content-Length: ${20 * MEBIBYTE}\r\nContent-Type: application/x-www-form-urlencoded`, 'a='),
  )
  const text = await received(socket, (so) => answersIn(so).length > 0)
  socket.destroy()
  assert.deepEqual(answersIn(text), [413])
})

test('JSON of sixty thousand levels is a client error', async () => {
  const body = '['.repeat(60_000)
  const token = await requestToken(at(tenant), tenant.info.m2m, { audience: managementAudience(tenant) })
  const headers = [
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
    `Authorization: Bearer ${token.json.access_token}`,
    'Connection: close',
  ]
  const head = `POST /api/v1/users HTTP/1.1\r\nHost: ${HOST}\r\n${headers.join('\r\n')}\r\n\r\n`
  const { answers } = await exchange(place.port, head + body)
  assert.deepEqual(answers, [400])
})

for (const path of [
  DISCOVERY,
  '/.well-known/oauth-authorization-server',
  '/.well-known/jwks.json',
  '/oauth2/revocations',
]) {
  test(`an unknown host has no ${path}`, async () => {
    for (const authority of [
      'unknown.localhost',
      'evil.example',
      `${HOST}.evil.example`,
      'localhost:1',
      '127.0.0.1',
    ]) {
      const answer = await ask({ port: place.port, authority, path })
      assert.equal(answer.status, 404, `${authority}: ${answer.text}`)
      assert.ok(!answer.text.includes('issuer'), 'nothing of a tenant is shown')
    }
  })
}

test('forwarded hosts are not believed without a trusted proxy', async () => {
  for (const name of ['x-forwarded-host', 'forwarded']) {
    const value = name === 'forwarded' ? `host=${HOST}` : HOST
    const stranger = await ask({
      port: place.port,
      authority: 'evil.example',
      path: DISCOVERY,
      headers: { [name]: value },
    })
    assert.equal(stranger.status, 404, name)
    const evil = name === 'forwarded' ? 'host=evil.example' : 'evil.example'
    const own = await ask({ port: place.port, authority: HOST, path: DISCOVERY, headers: { [name]: evil } })
    assert.equal(own.json.issuer, tenant.info.tenant_url, 'the issuer is the tenant, whatever a header says')
  }
})

test('a client that never finishes its headers is let go, others are served meanwhile', async () => {
  const socket = await openSocket(place.port)
  socket.write(`GET ${DISCOVERY} HTTP/1.1\r\nHost: ${HOST}\r\nX-Slow: `)
  const letGo = received(socket, () => false, SLOW_DEADLINE_MS)
  assert.equal((await ask({ port: place.port, authority: HOST, path: DISCOVERY })).status, 200)
  const text = await letGo
  socket.destroy()
  assert.ok([0, 408].includes(answersIn(text)[0] ?? 0), text)
})

test('the server is unharmed by all of it', async () => {
  const answer = await ask({ port: place.port, authority: HOST, path: DISCOVERY })
  assert.equal(answer.status, 200)
  assert.equal(answer.json.issuer, tenant.info.tenant_url)
})
