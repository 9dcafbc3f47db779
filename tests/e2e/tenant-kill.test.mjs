// kill -9 in a write storm, again and again: nothing acknowledged is lost, nothing revoked is alive.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { checkAllUsers, checkLedger } from './support/ledger-check.mjs'
import { chooseSeed, sample, seeded } from './support/random.mjs'
import { newLedger, startStorm } from './support/storm.mjs'
import { tenantPlace } from './support/tenant.mjs'

const ROUNDS = Number(process.env.E2E_KILL_ROUNDS ?? 50)
const WORKERS = 8
const KILL_WITHIN_MS = 400

const place = await tenantPlace('kill')

test(`${ROUNDS} kills in a storm of ${WORKERS} writers`, async (t) => {
  const seed = chooseSeed()
  t.diagnostic(`E2E_SEED=${seed} walks this run's choices again`)
  const random = seeded(seed)
  const ledger = newLedger()
  const applications = new Map()
  let tenant = await place.start()
  const restarts = []
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = new Set(ledger.users.keys())
    const revoked = ledger.revoked.length
    const storm = await startStorm({ tenant, count: WORKERS, random, ledger, applications, round })
    // The moment is the point of the test, so this waits for time and not for an event.
    await Promise.race([wait(random.between(0, KILL_WITHIN_MS)), storm.ended])
    storm.killing()
    await tenant.kill()
    await storm.ended
    tenant = await place.start()
    restarts.push(tenant.readyMs)
    const ids = [...ledger.users.keys()]
    await checkLedger(tenant, ledger, {
      ids: [...new Set([...ids.filter((id) => !before.has(id)), ...sample(random, ids)])],
      deleted: sample(random, ledger.deleted),
      keys: sample(random, [...ledger.keys.keys()]),
      tokens: [...new Set([...ledger.revoked.slice(revoked), ...sample(random, ledger.revoked)])],
    })
  }
  await checkAllUsers(tenant, ledger)
  assert.equal((await tenant.stop()).code, 0)
  const slowest = Math.max(...restarts).toFixed(0)
  t.diagnostic(
    `${ledger.acknowledged} operations, ${ledger.users.size} users, ${ledger.revoked.length} revocations acknowledged; ` +
      `slowest restart ${slowest} ms`,
  )
  assert.ok(ledger.users.size > ROUNDS && ledger.revoked.length > ROUNDS, 'the storm really wrote')
})
