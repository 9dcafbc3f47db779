import assert from 'node:assert/strict'
import { test } from 'node:test'
import { selectEngine } from '../src/engines/select.js'
import { generateTestKey, signCompact } from '../src/testing/index.js'
import type { Algorithm } from '../src/verifier/algorithm.js'
import { readJwk } from '../src/verifier/jwk.js'
import { engines } from './support/engines.js'

async function signed(choice: (typeof engines)[number], algorithm: Algorithm) {
  const pair = await generateTestKey(algorithm)
  const engine = selectEngine(choice, {})
  const jwk = readJwk(pair.publicJwk)
  assert.ok(jwk !== null)
  const token = signCompact(pair, { alg: algorithm }, {})
  const dot = token.lastIndexOf('.')
  const signature = Buffer.from(token.slice(dot + 1), 'base64url')
  return { engine, key: await engine.importKey(jwk), input: token.slice(0, dot), signature }
}

for (const choice of engines) {
  for (const algorithm of ['RS256', 'ES256', 'EdDSA'] as const) {
    test(`${choice}: ${algorithm} is checked at once when alone, off the thread in a crowd`, async () => {
      const { engine, key, input, signature } = await signed(choice, algorithm)
      const check = () => engine.check(key, input, signature)
      await new Promise((resolve) => setImmediate(resolve))
      const [first, ...others] = [check(), check(), check()]
      assert.equal(first, true)
      assert.ok(others.every((one) => one instanceof Promise))
      assert.deepEqual(await Promise.all(others), [true, true])
      await new Promise((resolve) => setImmediate(resolve))
      assert.equal(check(), true, 'alone again in the next turn')
    })

    test(`${choice}: ${algorithm} refuses every other length and a changed text, either way`, async () => {
      const { engine, key, input, signature } = await signed(choice, algorithm)
      const longer = Buffer.concat([signature, Buffer.alloc(1)])
      const padded = Buffer.concat([Buffer.alloc(1), signature])
      for (const bad of [Buffer.alloc(0), signature.subarray(1), signature.subarray(0, -1), longer, padded]) {
        assert.deepEqual(await Promise.all([1, 2].map(() => engine.check(key, input, bad))), [false, false])
      }
      assert.equal(await engine.check(key, `${input}A`, signature), false)
      assert.equal(await engine.check(key, input, signature), true)
    })
  }
}
