import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestIssuer } from '../src/testing/index.js'
import { elapsed } from '../src/verifier/clock.js'
import { engines } from './support/engines.js'
import { tenant, verdict, verdicts, verifier } from './support/tenant.js'

const DAY = 86_400
const revocation = { mode: 'off' } as const

function madeUpKids(issuer: TestIssuer, count: number): string[] {
  return Array.from({ length: count }, (_, n) => issuer.mintUserToken({ header: { kid: `made-up-${n}` } }))
}

for (const engine of engines) {
  test(`${engine}: 50 concurrent first requests cost one fetch`, async (t) => {
    const issuer = await tenant(t)
    const subject = verifier(t, issuer, { engine, revocation })
    const tokens = Array.from({ length: 50 }, () => issuer.mintUserToken())
    assert.deepEqual(await verdicts(subject, tokens), { accept: 50 })
    assert.equal(issuer.requests.jwks, 1)
  })

  test(`${engine}: 100 made-up kids cost at most two fetches, good tokens pass meanwhile`, async (t) => {
    const issuer = await tenant(t)
    const subject = verifier(t, issuer, { engine, revocation })
    const good = Array.from({ length: 20 }, () => issuer.mintUserToken())
    const [bad, fine] = await Promise.all([
      verdicts(subject, madeUpKids(issuer, 100)),
      verdicts(subject, good),
    ])
    assert.deepEqual(bad, { invalid_token: 100 })
    assert.deepEqual(fine, { accept: 20 })
    for (const token of madeUpKids(issuer, 100)) assert.equal(await verdict(subject, token), 'invalid_token')
    assert.ok(issuer.requests.jwks <= 2, `${issuer.requests.jwks} fetches`)
  })

  test(`${engine}: through an outage keys serve stale, one fetch per back-off step, then 503`, async (t) => {
    const issuer = await tenant(t, { jwksMaxAge: 300 })
    const subject = verifier(t, issuer, { engine, revocation, jwksMaxStaleSeconds: 600 })
    const mint = () => issuer.mintUserToken({ lifetimeSeconds: DAY })
    assert.equal(await verdict(subject, mint()), 'accept')
    issuer.setOutage('error', 'jwks')
    issuer.clock.advance(301)
    for (const [step, wait] of [1.3, 2.6, 5.1, 10.1].entries()) {
      const before = issuer.requests.jwks
      const tokens = Array.from({ length: 30 }, mint)
      assert.deepEqual(await verdicts(subject, tokens), { accept: 30 })
      assert.ok(issuer.requests.jwks - before <= 1, `step ${step}: more than one fetch`)
      await settled(issuer, before)
      issuer.clock.advance(wait)
    }
    issuer.clock.advance(600)
    const { refusal } = await subject.judge(mint())
    assert.equal(refusal?.code, 'temporarily_unavailable')
    assert.ok((refusal?.retryAfter ?? 0) >= 1)
    issuer.setOutage('none', 'jwks')
    issuer.clock.advance(80)
    assert.equal(await verdict(subject, mint()), 'accept')
  })

  test(`${engine}: a withdrawn key's tokens are refused within the cache age, cached ones too`, async (t) => {
    const issuer = await tenant(t, { jwksMaxAge: 300 })
    const subject = verifier(t, issuer, { engine, revocation })
    const old = issuer.currentKey
    const cached = issuer.mintUserToken({ lifetimeSeconds: DAY })
    const unseen = issuer.mintUserToken({ lifetimeSeconds: DAY })
    assert.equal(await verdict(subject, cached), 'accept')
    assert.equal(await verdict(subject, cached), 'accept')
    await issuer.rotateKey()
    issuer.withdrawKey(old.kid)
    issuer.clock.advance(300)
    assert.deepEqual(await verdicts(subject, [cached, unseen]), { invalid_token: 2 })
    assert.equal(await verdict(subject, issuer.mintUserToken()), 'accept')
  })

  test(`${engine}: a key published just after a fetch is found at once`, async (t) => {
    const issuer = await tenant(t)
    const subject = verifier(t, issuer, { engine, revocation })
    assert.equal(await verdict(subject, issuer.mintUserToken()), 'accept')
    await issuer.rotateKey()
    const first = Array.from({ length: 10 }, () => issuer.mintUserToken())
    assert.deepEqual(await verdicts(subject, first), { accept: 10 })
    assert.equal(issuer.requests.jwks, 2)
  })

  test(`${engine}: another key under an old kid does not inherit its verdicts`, async (t) => {
    const issuer = await tenant(t, { jwksMaxAge: 300 })
    const subject = verifier(t, issuer, { engine, revocation })
    const old = issuer.currentKey
    const token = issuer.mintUserToken({ lifetimeSeconds: DAY })
    assert.equal(await verdict(subject, token), 'accept')
    const fresh = await issuer.rotateKey({ publish: false })
    issuer.publishKey({ ...fresh, kid: old.kid, publicJwk: { ...fresh.publicJwk, kid: old.kid } })
    issuer.clock.advance(300)
    assert.equal(await verdict(subject, token), 'invalid_token')
  })
}

test('a new kid behind a key set that cannot be fetched is 503, not 401', async (t) => {
  const issuer = await tenant(t)
  const subject = verifier(t, issuer, { revocation })
  assert.equal(await verdict(subject, issuer.mintUserToken()), 'accept')
  issuer.setOutage('down', 'jwks')
  await issuer.rotateKey()
  assert.equal(await verdict(subject, issuer.mintUserToken()), 'temporarily_unavailable')
})

for (const outage of ['down', 'error', 'garbage', 'redirect'] as const) {
  test(`a key set that is ${outage} from the start gives 503, and none of it is believed`, async (t) => {
    const issuer = await tenant(t)
    issuer.setOutage(outage, 'jwks')
    const subject = verifier(t, issuer, { revocation })
    const token = issuer.mintUserToken()
    assert.equal(await verdict(subject, token), 'temporarily_unavailable')
    issuer.setOutage('none')
    issuer.clock.advance(2)
    assert.equal(await verdict(subject, token), 'accept')
  })
}

test('a key set that never comes ends in 503, not in a hang', async (t) => {
  const issuer = await tenant(t)
  issuer.setOutage('slow')
  const subject = verifier(t, issuer, { revocation })
  assert.equal(await verdict(subject, issuer.mintUserToken()), 'temporarily_unavailable')
})

test('an unchanged key set is not sent twice', async (t) => {
  const issuer = await tenant(t, { jwksMaxAge: 300 })
  const statuses: number[] = []
  const fetch = async (...args: Parameters<typeof globalThis.fetch>) => {
    const response = await globalThis.fetch(...args)
    statuses.push(response.status)
    return response
  }
  const subject = verifier(t, issuer, { revocation, fetch })
  const token = issuer.mintUserToken({ lifetimeSeconds: DAY })
  assert.equal(await verdict(subject, token), 'accept')
  issuer.clock.advance(300)
  assert.equal(await verdict(subject, token), 'accept')
  assert.deepEqual(statuses, [200, 304])
})

test('a wall clock set back does not stretch the cache age', () => {
  assert.equal(elapsed({ wall: 1000, steady: 10 }, { wall: 400, steady: 310 }), 300)
  assert.equal(elapsed({ wall: 1000, steady: 10 }, { wall: 1300, steady: 11 }), 300)
})

/** Until the tenant has been asked again since `before`, and the answer has been dealt with. */
async function settled(issuer: TestIssuer, before: number): Promise<void> {
  while (issuer.requests.jwks === before) await new Promise((resolve) => setImmediate(resolve))
  await fetch(`${issuer.url}/nothing`)
}
