// Background work of nodes on one PostgreSQL: what a killed node had begun another finishes, and none does it twice.
import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { ASK_AGAIN_MS, nodesPlace } from './support/nodes.mjs'

const EXPIRED = 150_000
const DONE_WITHIN_MS = 60_000

const place = await nodesPlace('jobs')
const { rows } = place.database

before(async () => {
  const nodes = await place.found()
  for (const node of nodes) assert.equal((await node.stop()).code, 0)
})

const left = async () => Number((await rows('SELECT count(*) FROM idempotency'))[0])
const job = async () => {
  const [row] = await rows("SELECT lease IS NOT NULL, attempts FROM jobs WHERE kind = 'forget_expired'")
  const [leased, attempts] = row.split('|')
  return { leased: leased === 't', attempts: Number(attempts) }
}

async function until(question, what) {
  const deadline = performance.now() + DONE_WITHIN_MS
  while (!(await question())) {
    assert.ok(performance.now() < deadline, `${what}: not within ${DONE_WITHIN_MS} ms`)
    await pause(ASK_AGAIN_MS)
  }
}

test('work that a killed node had begun is finished by another when its lease ends', async () => {
  await rows(
    `INSERT INTO idempotency SELECT id, gen_random_uuid(), 'key' || n, '\\x00', 'usr', 1
       FROM tenants, generate_series(1, ${EXPIRED}) n`,
  )
  await rows("UPDATE jobs SET due_at = 0 WHERE kind = 'forget_expired'")
  const victim = await place.startNode()
  await until(async () => (await left()) < EXPIRED, 'the first node begins')
  await victim.kill()
  const remaining = await left()
  assert.ok(remaining > 0, 'it was killed half-way')
  assert.deepEqual(await job(), { leased: true, attempts: 1 })

  const early = await place.startNode()
  // It has looked for work when it has told the database that it lives; the lease is not its own to take.
  await until(async () => (await early.send({ path: '/readyz' })).status === 200, 'the second node looks')
  assert.equal(await left(), remaining, 'the lease holds, though its owner is dead')
  assert.equal((await early.stop()).code, 0)

  // A minute goes by.
  await rows('UPDATE jobs SET due_at = 0 WHERE lease IS NOT NULL')
  const heir = await place.startNode()
  await until(async () => (await left()) === 0, 'the rest is done')
  await until(async () => !(await job()).leased, 'the job is given back')
  assert.equal((await job()).attempts, 0)
  assert.equal((await heir.stop()).code, 0)
})

test('many nodes share the work of many tenants, each job done once a turn', async () => {
  await rows(
    `INSERT INTO tenants SELECT gen_random_uuid(), organisation_id, 'copy' || n, name, 'https://copy' || n || '.x.com',
       'copy' || n || '.x.com', NULL, settings, 1, 1, 0, 0, 0 FROM tenants, generate_series(1, 60) n`,
  )
  const nodes = await Promise.all([place.startNode(), place.startNode(), place.startNode()])
  // The copies had no work: a release that knew of none made them. Their keys are missing, so key work fails there.
  await until(
    async () => (await rows('SELECT count(*) FROM jobs'))[0] === '122',
    'work is scheduled everywhere',
  )
  const waiting =
    "SELECT count(*) FROM jobs WHERE kind = 'forget_expired' AND due_at > 1000000 AND lease IS NULL"
  await until(async () => (await rows(waiting))[0] === '61', 'all of it is done')
  const stuck = "SELECT count(*) FROM jobs WHERE kind = 'forget_expired' AND attempts > 0"
  assert.deepEqual(await rows(stuck), ['0'], 'nothing was done twice or failed')
  for (const node of nodes) assert.equal((await node.stop()).code, 0)
})
