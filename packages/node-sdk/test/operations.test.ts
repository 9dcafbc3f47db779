import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { runtime } from '#runtime'
import type { TestIssuer } from '../src/testing/index.js'
import { RemoteKeys } from '../src/verifier/remote-keys.js'
import { RevocationPoll } from '../src/verifier/revocation-poll.js'
import { Verifier } from '../src/verifier/verifier.js'
import { tenant, verdict, verifier } from './support/tenant.js'

const DAY = 86_400

test('a tenant whose clock is behind ours is named in the log, and not asked once per request', async (t) => {
  const issuer = await tenant(t)
  const lines: string[] = []
  const logger = { warn: (line: string) => void lines.push(line) }
  const clock = () => issuer.clock.now() + 200
  const subject = verifier(t, issuer, { clock, logger })
  for (let n = 0; n < 20; n += 1) {
    assert.equal(await verdict(subject, issuer.mintUserToken()), 'temporarily_unavailable')
  }
  assert.ok(issuer.requests.revocations <= 2, `${issuer.requests.revocations} requests`)
  assert.equal(lines.length, 1)
  assert.match(lines[0] ?? '', /compare the clocks/)
})

test('a logger that throws costs nobody a verdict', async (t) => {
  const issuer = await tenant(t)
  issuer.setOutage('down')
  const logger = {
    warn: () => {
      throw new Error('the disk is full')
    },
  }
  const subject = verifier(t, issuer, { logger })
  assert.equal(await verdict(subject, issuer.mintUserToken()), 'temporarily_unavailable')
  issuer.setOutage('none')
  issuer.clock.advance(10)
  assert.equal(await verdict(subject, issuer.mintUserToken()), 'accept')
})

test('a tenant that is back after a long outage is noticed within seconds', async (t) => {
  const issuer = await tenant(t)
  issuer.setOutage('down')
  const subject = verifier(t, issuer)
  for (let minutes = 0; minutes < 10; minutes += 1) {
    assert.equal(await verdict(subject, issuer.mintUserToken()), 'temporarily_unavailable')
    issuer.clock.advance(60)
  }
  assert.equal(await verdict(subject, issuer.mintUserToken()), 'temporarily_unavailable')
  const { refusal } = await subject.judge(issuer.mintUserToken())
  assert.ok((refusal?.retryAfter ?? 99) <= 13, `Retry-After: ${refusal?.retryAfter}`)
  issuer.setOutage('none')
  issuer.clock.advance(13)
  assert.equal(await verdict(subject, issuer.mintUserToken()), 'accept')
})

test('a wall clock set back does not lend the revocations the hours it lost', async (t) => {
  const issuer = await tenant(t)
  const time = { wall: issuer.clock.now(), steady: 0 }
  const poll = pollOn(t, issuer, { now: () => ({ ...time }) })
  const ids = { token: 'token:t', session: null, user: 'user:u', client: 'client:c', tenant: 'tenant:i' }
  assert.equal(await poll.find(ids, time.wall), 'clear')
  time.wall -= 3600
  time.steady += 61
  assert.equal(await poll.find(ids, time.wall), 'clear', 'fed once more after the step')
  issuer.setOutage('down')
  time.wall += 61
  time.steady += 61
  assert.equal(await poll.find(ids, time.wall), 'unavailable')
})

test('a misspelt option of the verifier or the session is refused', async (t) => {
  const issuer = await tenant(t)
  const options = { tenantUrl: issuer.url, audience: 'a', algorithm: ['EdDSA'] }
  assert.throws(() => new Verifier(options as never), { option: 'algorithm' })
})

function pollOn(
  t: TestContext,
  issuer: TestIssuer,
  clock: { now(): { wall: number; steady: number } },
): RevocationPoll {
  const engine = runtime.portableEngine()
  const common = { fetch: globalThis.fetch, engine, clock, logger: {}, background: false }
  const url = `${issuer.url}/.well-known/jwks.json`
  const keys = new RemoteKeys({ ...common, url, ttlSeconds: DAY, maxStaleSeconds: DAY, random: () => 0 })
  const poll = new RevocationPoll({
    ...common,
    url: `${issuer.url}/oauth2/revocations`,
    issuer: issuer.url,
    keys,
    algorithms: ['RS256'],
    maxStalenessSeconds: 60,
    onStale: 'reject',
  })
  t.after(() => {
    keys.close()
    poll.close()
  })
  return poll
}
