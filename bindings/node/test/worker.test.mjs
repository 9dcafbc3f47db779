import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { isMainThread, parentPort, Worker } from 'node:worker_threads'
import { addon, signer } from './addon.mjs'

if (isMainThread) {
  test('several threads load the addon and end with checks under way', async () => {
    for (let round = 0; round < 3; round += 1) {
      const workers = Array.from({ length: 3 }, () => new Worker(new URL(import.meta.url)))
      const verdicts = await Promise.all(workers.map((worker) => once(worker, 'message')))
      assert.deepEqual(verdicts.flat(), [true, true, true])
      await Promise.all(workers.map((worker) => worker.terminate()))
    }
    const { key, sign } = signer('EdDSA')
    assert.equal(await addon.check(key, 'text', sign('text')), true)
  })
} else {
  const { key, sign } = signer('ES256')
  const signature = sign('text')
  parentPort.postMessage(await addon.check(key, 'text', signature))
  // Still running when the thread is ended.
  for (let n = 0; n < 200; n += 1) void addon.check(key, 'text', signature)
}
