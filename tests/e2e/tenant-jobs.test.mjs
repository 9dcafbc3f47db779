// Background work of nodes on one PostgreSQL: what a killed node had begun another finishes, and none does it twice.
import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { ask } from '../../scripts/local/http.mjs'
import { freePort } from '../../scripts/local/ports.mjs'
import { ASK_AGAIN_MS, nodesPlace } from './support/nodes.mjs'

const EXPIRED = 150_000
const DONE_WITHIN_MS = 60_000

const place = await nodesPlace('jobs')
const { rows } = place.database

before(async () => {
  const nodes = await place.found()
  for (const node of nodes) assert.equal((await node.stop()).code, 0)
})

const KEYS_DUE = "SELECT count(*) FROM jobs WHERE kind = 'key_schedule' AND (due_at < 2 OR lease IS NOT NULL)"
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

  // Other work is due as well: when that is done, the second node has looked and taken what was to be had.
  await rows("UPDATE jobs SET due_at = 1 WHERE kind = 'key_schedule'")
  const early = await place.startNode()
  await until(async () => (await rows(KEYS_DUE))[0] === '0', 'the second node works')
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

/** How often a node forgot for a tenant, by outcome. */
async function forgettings(port) {
  const { text } = await ask({ port, path: '/metrics' })
  const lines = text.matchAll(/^intelliauth_jobs_total\{kind="forget_expired",outcome="(\w+)"\} (\d+)$/gm)
  return Object.fromEntries([...lines].map(([, outcome, number]) => [outcome, Number(number)]))
}

test('many nodes share the work of many tenants, each job done once a turn', async () => {
  await rows(
    `INSERT INTO tenants SELECT gen_random_uuid(), organisation_id, 'copy' || n, name, 'https://copy' || n || '.x.com',
       'copy' || n || '.x.com', NULL, settings, 1, 1, 0, 0, 0 FROM tenants, generate_series(1, 60) n`,
  )
  const ports = await Promise.all([freePort(), freePort(), freePort()])
  const listening = (port) => ({ INTELLIAUTH_OPERATIONS_LISTEN: `127.0.0.1:${port}` })
  const nodes = await Promise.all(ports.map((port) => place.startNode(undefined, listening(port))))
  // The copies had no work: a release that knew of none made them. Their keys are missing, so key work fails there.
  await until(
    async () => (await rows('SELECT count(*) FROM jobs'))[0] === '122',
    'work is scheduled everywhere',
  )
  const waiting =
    "SELECT count(*) FROM jobs WHERE kind = 'forget_expired' AND due_at > 1000000 AND lease IS NULL"
  await until(async () => (await rows(waiting))[0] === '61', 'all of it is done')
  const counts = await Promise.all(ports.map(forgettings))
  const sum = (outcome) => counts.reduce((all, count) => all + (count[outcome] ?? 0), 0)
  assert.equal(sum('done'), 60, `the new ones, each once: ${JSON.stringify(counts)}`)
  assert.equal(sum('failed') + sum('lost'), 0, JSON.stringify(counts))
  for (const node of nodes) assert.equal((await node.stop()).code, 0)
})
