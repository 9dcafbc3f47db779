// A write storm over two nodes while their database and they themselves are hurt, again and again: nothing that
// either acknowledged is lost, nothing revoked is alive on either. And single-use things, asked of both at once.
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { before, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { ask, bearer } from '../../scripts/local/http.mjs'
import { checkAllUsers, checkLedger, snapshot } from './support/ledger-check.mjs'
import {
  ASK_AGAIN_MS,
  AUTHORITY,
  activeOn,
  holds,
  ISSUER,
  kidOf,
  nodesPlace,
  tokenOn,
  usersOn,
} from './support/nodes.mjs'
import { chooseSeed, sample, seeded } from './support/random.mjs'
import { newLedger, startStorm } from './support/storm.mjs'

const ROUNDS = Number(process.env.E2E_STORM_ROUNDS ?? 8)
const WORKERS = 8
const FAULT_WITHIN_MS = 400
const HEALED_WITHIN_MS = 5_000
// After 503 a client waits; ours less than it is told to, so that the moment of healing is seen.
const PATIENCE_MS = 50
const AT_ONCE = 20
const RACES = 5

const place = await nodesPlace('storm')
const { cli, database } = place
let nodes
let client

before(async () => {
  nodes = await place.found()
  client = place.client
})

/** A node, as the storm and the ledger know tenants. */
const tenantOn = ({ port }) => ({ port, authority: AUTHORITY, info: { m2m: client, tenant_url: ISSUER } })

/** Both nodes as one tenant: each request goes to one of them by chance. */
const tenantOnBoth = (random) => ({
  info: { m2m: client, tenant_url: ISSUER },
  via: (agent) => (request) =>
    ask({ port: random.pick(nodes).port, authority: AUTHORITY, agent, ...request }),
})

const FAULTS = [
  { name: 'connections cut', act: () => database.cutConnections() },
  { name: 'PostgreSQL restarted', act: () => database.restart() },
  { name: 'a node killed', breaks: true, act: killOne },
  { name: 'PostgreSQL crashed', act: () => database.crash() },
]

async function killOne(random) {
  const index = random.between(0, nodes.length)
  await nodes[index].kill()
  nodes[index] = await place.startNode(nodes[index].port)
}

/** Hurts something in the middle of a storm; resolves when the storm is over and both nodes are well. */
async function round({ number, random, ledger, applications, worst }) {
  const fault = FAULTS[number % FAULTS.length]
  let hurting = false
  // A node that is killed takes its connections with it; nothing else may cut one.
  const outlives = () => hurting && fault.breaks
  const tenant = tenantOnBoth(random)
  const token = await tokenOn(nodes[0], client)
  const more = { ledger, applications, round: number, outlives, patienceMs: PATIENCE_MS }
  const storm = await startStorm({ tenant, count: WORKERS, random, ...more })
  // The moment is the point of the test, so this waits for time and not for an event.
  await Promise.race([wait(random.between(0, FAULT_WITHIN_MS)), storm.ended])
  const began = performance.now()
  hurting = true
  await fault.act(random)
  const over = performance.now()
  await Promise.race([healed(token, over), storm.ended])
  hurting = false
  const acknowledged = ledger.acknowledged + 5 * WORKERS
  while (ledger.acknowledged < acknowledged) await Promise.race([wait(ASK_AGAIN_MS), storm.ended])
  await storm.end()
  for (const at of ledger.refusals.splice(0)) {
    assert.ok(at > began, `503 without a fault, before ${fault.name}`)
    const outlived = at - over
    assert.ok(outlived < HEALED_WITHIN_MS, `503 ${outlived.toFixed(0)} ms after ${fault.name}`)
    worst.set(fault.name, Math.max(worst.get(fault.name) ?? 0, outlived))
  }
}

/** Both nodes do their work again, and soon enough. */
async function healed(token, over) {
  for (const node of nodes) {
    for (;;) {
      const answer = await usersOn(node, token)
      if (answer.status === 200) break
      assert.ok(performance.now() - over < HEALED_WITHIN_MS, `not well: ${answer.text}`)
      await wait(ASK_AGAIN_MS)
    }
  }
}

/** What either has revoked, both refuse and publish: they have a second. */
async function caughtUp(node, tokens) {
  const alive = async () => {
    const active = await Promise.all(tokens.map((token) => activeOn(node, client, token)()))
    return tokens.filter((_, index) => active[index] !== false)
  }
  await holds(alive, ({ length }) => length === 0, 'revocations hold')
  const [head] = await database.rows('SELECT coalesce(max(seq), 0) FROM revocations')
  const feed = () => snapshot(node.send, ISSUER)
  await holds(feed, ({ seq }) => seq >= Number(head), 'revocations published')
}

test(`${ROUNDS} faults in a storm of ${WORKERS} writers over two nodes`, async (t) => {
  const seed = chooseSeed()
  t.diagnostic(`E2E_SEED=${seed} walks this run's choices again`)
  const random = seeded(seed)
  const ledger = newLedger()
  const applications = new Map()
  const worst = new Map()
  for (let number = 0; number < ROUNDS; number += 1) {
    const before = new Set(ledger.users.keys())
    const revoked = ledger.revoked.length
    await round({ number, random, ledger, applications, worst })
    const ids = [...ledger.users.keys()]
    for (const node of nodes) {
      await caughtUp(node, ledger.revoked.slice(revoked))
      await checkLedger(tenantOn(node), ledger, {
        ids: [...new Set([...ids.filter((id) => !before.has(id)), ...sample(random, ids)])],
        deleted: sample(random, ledger.deleted),
        keys: sample(random, [...ledger.keys.keys()]),
        tokens: [...new Set([...ledger.revoked.slice(revoked), ...sample(random, ledger.revoked)])],
      })
    }
  }
  for (const node of nodes) await checkAllUsers(tenantOn(node), ledger)
  const { users, deleted, keys } = ledger
  t.diagnostic(
    `${ledger.acknowledged} operations, ${users.size} users, ${deleted.length} deletions, ${keys.size} keys, ` +
      `${ledger.revoked.length} revocations acknowledged`,
  )
  for (const [name, ms] of worst)
    t.diagnostic(`${name}: the last 503 came ${ms.toFixed(0)} ms after it was over`)
  assert.ok(users.size > ROUNDS && ledger.revoked.length > ROUNDS, 'the storm really wrote')
})

const unique = () => randomBytes(8).toString('hex')
/** The same of both nodes at once, many times over. */
const atOnce = (request) =>
  Promise.all(Array.from({ length: AT_ONCE }, (_, index) => request(nodes[index % nodes.length])))
const codes = (answers) => answers.map(({ status, json }) => `${status} ${json.error ?? ''}`.trim())

test('one idempotency key on both nodes at once makes one user', async () => {
  const token = await tokenOn(nodes[0], client)
  for (let race = 0; race < RACES; race += 1) {
    const json = { email: `race-${unique()}@example.com` }
    const headers = { ...bearer(token), 'idempotency-key': unique() }
    const answers = await atOnce((node) => usersOn(node, token, { method: 'POST', headers, json }))
    for (const code of codes(answers)) assert.match(code, /^(201|409 idempotency_key_in_use)$/)
    const made = answers.filter(({ status }) => status === 201)
    assert.equal(new Set(made.map((answer) => answer.json.data.id)).size, 1, 'all speak of one user')
    const [count] = await database.rows(`SELECT count(*) FROM users WHERE email = '${json.email}'`)
    assert.equal(count, '1')
  }
})

test('one address on both nodes at once is given to one user', async () => {
  const token = await tokenOn(nodes[0], client)
  for (let race = 0; race < RACES; race += 1) {
    const json = { email: `race-${unique()}@example.com` }
    const answers = await atOnce((node) => usersOn(node, token, { method: 'POST', json }))
    const expected = ['201', ...Array.from({ length: AT_ONCE - 1 }, () => '409 email_taken')]
    assert.deepEqual(codes(answers).sort(), expected)
  }
})

test('a secret rotated on both nodes at once is rotated once', async () => {
  const token = await tokenOn(nodes[0], client)
  const headers = bearer(token)
  const post = (path, json) => (node) => node.send({ method: 'POST', path, headers, json })
  for (let race = 0; race < RACES; race += 1) {
    const made = await post('/api/v1/applications', { name: unique(), type: 'm2m' })(nodes[0])
    const { id, client_id, client_secret } = made.json.data
    const answers = await atOnce(post(`/api/v1/applications/${id}/rotate-secret`, {}))
    const expected = ['200', ...Array.from({ length: AT_ONCE - 1 }, () => '409 rotation_in_progress')]
    const [winner] = answers.filter(({ status }) => status === 200)
    for (const secret of [client_secret, winner.json.data.client_secret]) {
      const works = activeOn(nodes[1], { client_id, client_secret: secret }, token)
      await holds(works, (active) => active !== undefined, 'secret works')
    }
    assert.deepEqual(codes(answers).sort(), expected)
  }
})

test('keys rotated twice at once: one key signs and one is next, on both nodes', async () => {
  for (let race = 0; race < RACES; race += 1) {
    const rotate = () => cli(['keys', 'rotate', '--force']).catch((error) => error)
    const rotated = await Promise.all([rotate(), rotate()])
    const done = rotated.filter((outcome) => !(outcome instanceof Error))
    assert.ok(done.length >= 1, `${rotated}`)
    const keys = await cli(['keys', 'list'])
    for (const algorithm of new Set(keys.map((key) => key.algorithm))) {
      for (const state of ['current', 'next']) {
        const found = keys.filter((key) => key.algorithm === algorithm && key.state === state)
        assert.equal(found.length, 1, `${found.length} ${state} keys of ${algorithm}`)
      }
    }
    const current = keys.find((key) => key.algorithm === done[0].algorithm && key.state === 'current')
    assert.ok(
      done.some((outcome) => outcome.current === current.kid),
      'one of them made the key that signs',
    )
    for (const node of nodes) {
      const signedBy = async () => kidOf(await tokenOn(node, client))
      await holds(signedBy, (kid) => kid === current.kid, `key rotated (${done.length} of 2)`)
    }
    const [one, two] = nodes
    assert.equal((await usersOn(two, await tokenOn(one, client))).status, 200)
  }
})

test('both nodes end cleanly', async () => {
  for (const node of nodes) assert.equal((await node.stop()).code, 0)
})
