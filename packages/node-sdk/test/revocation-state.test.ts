import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Feed, type RevocationKind, readFeed } from '../src/verifier/feed.js'
import { type RevocationIds, Revocations } from '../src/verifier/revocations.js'

const ISSUER = 'https://tenant.example'
const NOW = 1_800_000_000

const ids: RevocationIds = {
  token: 'token:t',
  session: 'session:s',
  user: 'user:u',
  client: 'client:c',
  tenant: 'tenant:i',
}

function entry(seq: number, kind: RevocationKind, id_hash: string, not_before = NOW) {
  return { seq, kind, id_hash, not_before, expires_at: NOW + 3600 }
}

function snapshot(seq: number, entries: Feed['entries'] = [], iat = NOW): Feed {
  return { type: 'snapshot', iss: ISSUER, iat, since: 0, seq, entries }
}

function delta(since: number, seq: number, entries: Feed['entries'] = [], iat = NOW): Feed {
  return { type: 'delta', iss: ISSUER, iat, since, seq, entries }
}

function state(...feeds: Feed[]): Revocations {
  const made = new Revocations(ISSUER)
  for (const feed of feeds) assert.equal(made.apply(feed, NOW), 'applied')
  return made
}

test('token and session die whatever their age', () => {
  for (const [kind, hash] of [
    ['token', 't'],
    ['session', 's'],
  ] as const) {
    assert.equal(state(snapshot(1, [entry(1, kind, hash)])).isRevoked(ids, NOW + 100), true)
  }
})

test('user, client and tenant take only what was issued until then', () => {
  for (const [kind, hash] of [
    ['user', 'u'],
    ['client', 'c'],
    ['tenant', 'i'],
  ] as const) {
    const subject = state(snapshot(1, [entry(1, kind, hash)]))
    assert.equal(subject.isRevoked(ids, NOW), true)
    assert.equal(subject.isRevoked(ids, NOW + 0.9), true, 'a fraction counts as its second')
    assert.equal(subject.isRevoked(ids, NOW + 1), false)
  }
})

test('a hash counts for its own kind only', () => {
  const subject = state(
    snapshot(1, [entry(1, 'session', 't'), entry(2, 'token', 's'), entry(3, 'token', 'u')]),
  )
  assert.equal(subject.isRevoked(ids, NOW), false)
})

test('a delta adds to what is known', () => {
  const subject = state(snapshot(1, [entry(1, 'token', 't')]), delta(1, 2, [entry(2, 'token', 'other')]))
  assert.equal(subject.isRevoked(ids, NOW), true)
  assert.equal(subject.seq, 2)
})

test('an overlapping delta is taken in, one with a gap asks for a snapshot', () => {
  const subject = state(snapshot(5), delta(3, 6, [entry(4, 'token', 'x'), entry(6, 'token', 't')]))
  assert.equal(subject.isRevoked(ids, NOW), true)
  assert.equal(subject.apply(delta(7, 8), NOW), 'needs_snapshot')
  assert.equal(subject.seq, 6)
})

test('a delta before any snapshot asks for one', () => {
  assert.equal(new Revocations(ISSUER).apply(delta(0, 1), NOW), 'needs_snapshot')
})

test('the sequence never runs backwards, and a replay changes nothing', () => {
  const subject = state(snapshot(9, [entry(9, 'token', 't')]))
  assert.equal(subject.apply(snapshot(8, [], NOW + 500), NOW + 500), 'runs_backwards')
  assert.equal(subject.apply(delta(7, 8, [], NOW + 500), NOW + 500), 'runs_backwards')
  assert.equal(subject.isRevoked(ids, NOW), true)
  assert.equal(subject.asOf, NOW)
})

test('a replayed feed vouches for no more than half a minute after it was signed', () => {
  const subject = state(snapshot(1))
  assert.equal(subject.apply(snapshot(1), NOW + 500), 'applied')
  assert.equal(subject.asOf, NOW + 30)
})

test("a feed from the future vouches until it came in, and another tenant's not at all", () => {
  const subject = state(snapshot(1, [], NOW + 1000))
  assert.equal(subject.asOf, NOW)
  assert.equal(subject.apply({ ...snapshot(2), iss: 'https://other.example' }, NOW), 'wrong_issuer')
})

test('two entries for one id: the later bound holds', () => {
  const subject = state(snapshot(2, [entry(1, 'user', 'u', NOW), entry(2, 'user', 'u', NOW - 100)]))
  assert.equal(subject.isRevoked(ids, NOW), true)
})

test('what has expired is dropped', () => {
  const subject = state(snapshot(1, [entry(1, 'token', 't')]))
  assert.equal(subject.apply(delta(1, 1, [], NOW + 4000), NOW + 4000), 'applied')
  assert.equal(subject.size, 0)
})

test('a clock far ahead for a moment does not make the state forget', () => {
  const subject = state(snapshot(1, [entry(1, 'token', 't')]))
  assert.equal(subject.apply(delta(1, 1, [], NOW + 5), NOW + 1_000_000), 'applied')
  assert.equal(subject.isRevoked(ids, NOW), true)
})

test('a kind we have no name for does no harm', () => {
  const planet = { ...entry(2, 'token', 't'), kind: 'planet' }
  assert.equal(state(snapshot(2, [planet])).isRevoked(ids, NOW), false)
})

test('one unreadable entry spoils the feed', () => {
  const good = { ...snapshot(1, [entry(1, 'token', 't')]) }
  assert.notEqual(readFeed(good as never), null)
  const bad: unknown[] = [
    { ...entry(1, 'token', 't'), kind: 7 },
    { ...entry(1, 'token', 't'), id_hash: 7 },
    { ...entry(1, 'token', 't'), not_before: '1' },
    { ...entry(1, 'token', 't'), expires_at: -1 },
    { ...entry(1, 'token', 't'), seq: 1.5 },
    null,
  ]
  for (const one of bad) assert.equal(readFeed({ ...good, entries: [one] } as never), null)
  for (const change of [{ type: 'rumour' }, { seq: -1 }, { iat: '1' }, { iss: 1 }, { entries: {} }]) {
    assert.equal(readFeed({ ...good, ...change } as never), null)
  }
  assert.equal(readFeed({ ...good, type: 'delta', since: undefined } as never), null)
})
