// SIGTERM: what has begun is finished, what has not is not begun, and the exit code says that all went well.
import assert from 'node:assert/strict'
import http from 'node:http'
import { test } from 'node:test'
import { basic } from '../../scripts/local/http.mjs'
import { at, managementAudience, requestToken } from '../../scripts/local/oauth.mjs'
import { answersIn, openSocket, received } from './support/raw.mjs'
import { tenantPlace } from './support/tenant.mjs'

const place = await tenantPlace('shutdown')
const IN_FLIGHT = 50
const LOADERS = 16
const LOAD_BEFORE_SIGNAL = 200

/** A token request whose body is held back; the server's `100 Continue` says that it has begun to read it. */
async function beginRequest(tenant) {
  const body = `grant_type=client_credentials&audience=${encodeURIComponent(managementAudience(tenant))}`
  const socket = await openSocket(tenant.port)
  const { client_id: id, client_secret: secret } = tenant.info.m2m
  socket.write(
    `POST /oauth2/token HTTP/1.1\r\nHost: ${tenant.authority}\r\nAuthorization: ${basic(id, secret)}\r\n` +
      `Content-Type: application/x-www-form-urlencoded\r\nContent-Length: ${body.length}\r\n` +
      'Expect: 100-continue\r\n\r\n',
  )
  const text = await received(socket, (so) => so.includes('\r\n\r\n'))
  assert.match(text, /^HTTP\/1\.1 100 /, text)
  return { socket, finish: () => socket.write(body) }
}

test('requests that have begun are answered, then the process ends with 0', async () => {
  const tenant = await place.start()
  const begun = await Promise.all(Array.from({ length: IN_FLIGHT }, () => beginRequest(tenant)))
  tenant.child.kill('SIGTERM')
  for (const { finish } of begun) finish()
  for (const { socket } of begun) {
    const text = await received(socket, (so) => answersIn(so).length >= 2 && so.includes('access_token'))
    assert.deepEqual(answersIn(text), [100, 200], text)
    socket.destroy()
  }
  assert.deepEqual(await tenant.child.gone, { code: 0, signal: null })
})

test('under load no answer that has begun is cut off', async () => {
  const tenant = await place.start()
  const agent = new http.Agent({ keepAlive: true, maxSockets: LOADERS })
  const send = at(tenant, agent)
  let answered = 0
  let cutOff = 0
  let signalled = false
  const load = async () => {
    for (;;) {
      try {
        const answer = await requestToken(send, tenant.info.m2m, { audience: managementAudience(tenant) })
        assert.ok([200, 429, 503].includes(answer.status), answer.text)
        answered += 1
        if (!signalled && answered >= LOAD_BEFORE_SIGNAL) {
          signalled = true
          tenant.child.kill('SIGTERM')
        }
      } catch (error) {
        if (error instanceof assert.AssertionError) throw error
        if (/cut off|aborted/.test(error.message)) cutOff += 1
        // Refused or reset before an answer began: the server no longer takes requests.
        if (signalled) return
        throw error
      }
    }
  }
  await Promise.all(Array.from({ length: LOADERS }, load))
  agent.destroy()
  assert.equal(cutOff, 0, 'answers cut off in the middle')
  assert.deepEqual(await tenant.child.gone, { code: 0, signal: null })
})

test('an idle connection does not hold the process', async () => {
  const tenant = await place.start()
  const socket = await openSocket(tenant.port)
  socket.write(`GET /healthz HTTP/1.1\r\nHost: ${tenant.authority}\r\n\r\n`)
  await received(socket, (so) => answersIn(so).length === 1)
  tenant.child.kill('SIGTERM')
  await received(socket, () => false)
  assert.deepEqual(await tenant.child.gone, { code: 0, signal: null })
})
