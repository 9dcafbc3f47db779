import assert from 'node:assert/strict'
import { test } from 'node:test'
import { signCompact } from '../src/testing/index.js'
import { engines } from './support/engines.js'
import { tenant, verdict, verdicts, verifier } from './support/tenant.js'

const DAY = 86_400
/** Past this the state is too old, and the next request asks before it answers. */
const TOO_OLD = 61

for (const engine of engines) {
  for (const [kind, id] of [
    ['token', (claims: Record<string, string>) => claims.jti],
    ['session', (claims: Record<string, string>) => claims.sid],
    ['user', (claims: Record<string, string>) => claims.sub],
    ['client', (claims: Record<string, string>) => claims.client_id],
    ['tenant', (claims: Record<string, string>) => claims.iss],
  ] as const) {
    test(`${engine}: revoking a ${kind} kills its token, cached or not, and no other`, async (t) => {
      const issuer = await tenant(t)
      const subject = verifier(t, issuer, { engine })
      const mint = () => issuer.mintUserToken({ lifetimeSeconds: DAY, sub: 'usr_1', clientId: 'app_1' })
      const token = mint()
      const other = issuer.mintUserToken({ lifetimeSeconds: DAY, sub: 'usr_2', clientId: 'app_2' })
      assert.deepEqual(await verdicts(subject, [token, other]), { accept: 2 })
      issuer.revoke(kind, id(claimsOf(token)))
      issuer.clock.advance(TOO_OLD)
      assert.equal(await verdict(subject, token), 'token_revoked')
      assert.equal(await verdict(subject, other), kind === 'tenant' ? 'token_revoked' : 'accept')
      assert.equal(await verdict(subject, mint()), 'accept', 'a token issued after it lives')
    })
  }

  test(`${engine}: a tenant outage is lived through, then answered with 503, then over`, async (t) => {
    const issuer = await tenant(t)
    const subject = verifier(t, issuer, { engine })
    const seen = issuer.mintUserToken({ lifetimeSeconds: DAY })
    const unseen = issuer.mintUserToken({ lifetimeSeconds: DAY })
    assert.equal(await verdict(subject, seen), 'accept')
    issuer.setOutage('down')
    issuer.clock.advance(59)
    assert.deepEqual(await verdicts(subject, [seen, unseen]), { accept: 2 })
    issuer.clock.advance(10)
    assert.deepEqual(await verdicts(subject, [seen, unseen]), { temporarily_unavailable: 2 })
    assert.equal(subject.revocationStatus().state, 'stale')
    issuer.setOutage('none')
    issuer.clock.advance(10)
    assert.deepEqual(await verdicts(subject, [seen, unseen]), { accept: 2 })
    assert.equal(subject.revocationStatus().state, 'current')
  })
}

test('the first request waits for the first snapshot', async (t) => {
  const issuer = await tenant(t)
  const token = issuer.mintUserToken({ sub: 'usr_gone' })
  issuer.revoke('user', 'usr_gone')
  assert.equal(await verdict(verifier(t, issuer), token), 'token_revoked')
})

for (const outage of ['down', 'slow', 'error', 'garbage', 'redirect'] as const) {
  test(`a feed that is ${outage} from the start is 503 for good tokens, 401 for bad ones`, async (t) => {
    const issuer = await tenant(t)
    issuer.setOutage(outage, 'revocations')
    const subject = verifier(t, issuer)
    assert.equal(subject.revocationStatus().state, 'waiting')
    assert.equal(await verdict(subject, issuer.mintUserToken()), 'temporarily_unavailable')
    assert.equal(await verdict(subject, issuer.mintUserToken({ audience: 'x' })), 'invalid_audience')
  })
}

test("onStale: 'accept' goes on, yet keeps the dead dead", async (t) => {
  const issuer = await tenant(t)
  const subject = verifier(t, issuer, { revocation: { onStale: 'accept' } })
  const dead = issuer.mintUserToken({ sub: 'usr_dead', lifetimeSeconds: DAY })
  const alive = issuer.mintUserToken({ lifetimeSeconds: DAY })
  issuer.revoke('user', 'usr_dead')
  assert.equal(await verdict(subject, dead), 'token_revoked')
  issuer.setOutage('down', 'revocations')
  issuer.clock.advance(300)
  assert.equal(await verdict(subject, alive), 'accept')
  assert.equal(await verdict(subject, dead), 'token_revoked')
})

test("mode: 'off' asks nobody", async (t) => {
  const issuer = await tenant(t)
  const subject = verifier(t, issuer, { revocation: { mode: 'off' } })
  const token = issuer.mintUserToken({ sub: 'usr_dead' })
  issuer.revoke('user', 'usr_dead')
  assert.equal(await verdict(subject, token), 'accept')
  assert.equal(issuer.requests.revocations, 0)
  assert.equal(subject.revocationStatus().mode, 'off')
})

test('a feed signed by a stranger, or made of another kind of token, is not believed', async (t) => {
  const issuer = await tenant(t)
  const { currentKey } = issuer
  const stranger = await issuer.rotateKey({ publish: false })
  const payload = { iss: issuer.url, iat: issuer.clock.now(), type: 'snapshot', seq: 99, entries: [] }
  const header = { alg: 'RS256', typ: 'revocations+jwt', kid: currentKey.kid }
  for (const body of [
    signCompact(stranger, header, payload),
    signCompact(currentKey, { ...header, typ: 'at+jwt' }, payload),
    signCompact(currentKey, header, { ...payload, iss: 'https://other.example' }),
  ]) {
    const fetch: typeof globalThis.fetch = async (url, init) =>
      String(url).includes('/oauth2/revocations') ? new Response(body) : globalThis.fetch(url, init)
    const subject = verifier(t, issuer, { fetch })
    const token = issuer.mintUserToken({ key: currentKey })
    assert.equal(await verdict(subject, token), 'temporarily_unavailable')
    assert.equal(subject.revocationStatus().seq, null)
  }
})

test('status tells age, lag, sequence and size', async (t) => {
  const issuer = await tenant(t)
  const subject = verifier(t, issuer)
  issuer.revoke('user', 'usr_dead')
  assert.equal(await verdict(subject, issuer.mintUserToken()), 'accept')
  issuer.setOutage('down')
  issuer.clock.advance(20)
  assert.deepEqual(subject.revocationStatus(), {
    mode: 'poll',
    state: 'current',
    ageSeconds: 20,
    lagSeconds: 0,
    seq: 1,
    entries: 1,
  })
})

test('middlewares for one tenant share one poll, and the last to close ends it', async (t) => {
  const issuer = await tenant(t)
  const logger = {}
  const first = verifier(t, issuer, { logger, audience: 'one' })
  const second = verifier(t, issuer, { logger, audience: 'two' })
  const token = issuer.mintUserToken({ audience: ['one', 'two'] })
  assert.equal(await verdict(first, token), 'accept')
  assert.equal(await verdict(second, token), 'accept')
  assert.deepEqual({ ...issuer.requests }, { jwks: 1, revocations: 1, discovery: 0 })
  first.close()
  first.close()
  assert.equal(await verdict(second, token), 'accept')
})

function claimsOf(token: string): Record<string, string> {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())
}
