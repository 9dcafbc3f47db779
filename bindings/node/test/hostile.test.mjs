import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addon, signer } from './addon.mjs'

const { key, sign } = signer('EdDSA')
const GOOD = sign('text')

for (const [what, text] of [
  ['of 16 MiB and one', 'a'.repeat(16 * 1024 * 1024 + 1)],
  ['of 256 MiB', 'a'.repeat(256 * 1024 * 1024)],
]) {
  test(`a text ${what} is refused, even with a good signature`, async () => {
    const signature = text.length < 1e8 ? sign(text) : GOOD
    assert.equal(addon.checkSync(key, text, signature), false)
    assert.equal(await addon.check(key, text, signature), false)
  })
}

test('a revocation feed of 16 MiB is checked', async () => {
  const text = 'a'.repeat(16 * 1024 * 1024)
  assert.equal(addon.checkSync(key, text, sign(text)), true)
  assert.equal(await addon.check(key, text, sign(text)), true)
})

test('a huge signature is refused', async () => {
  const huge = new Uint8Array(64 * 1024 * 1024)
  assert.equal(addon.checkSync(key, 'text', huge), false)
  assert.equal(await addon.check(key, 'text', huge), false)
})

test('ropes, slices and internalised strings are read right', () => {
  const rope = `${'te'}${Math.random() < 2 ? 'xt' : ''}`
  assert.equal(addon.checkSync(key, rope, GOOD), true)
  assert.equal(addon.checkSync(key, `some longer text to slice from: text`.slice(-4), GOOD), true)
  // Stored with two bytes a character although each would fit in one.
  assert.equal(addon.checkSync(key, `\u4e00text`.slice(1), GOOD), true)
})

test('a view into a larger buffer is read from its offset', () => {
  const larger = new Uint8Array(GOOD.length + 20)
  larger.set(GOOD, 7)
  assert.equal(addon.checkSync(key, 'text', larger.subarray(7, 7 + GOOD.length)), true)
  assert.equal(addon.checkSync(key, 'text', larger.subarray(6, 6 + GOOD.length)), false)
})

test('shared and detached memory is no trap', async () => {
  const shared = new Uint8Array(new SharedArrayBuffer(GOOD.length))
  shared.set(GOOD)
  assert.equal(addon.checkSync(key, 'text', shared), true)
  const detached = Uint8Array.from(GOOD)
  structuredClone(detached, { transfer: [detached.buffer] })
  assert.equal(addon.checkSync(key, 'text', detached), false)
  assert.equal(await addon.check(key, 'text', detached), false)
})

const WRONG = [undefined, null, 7, true, Symbol('s'), 1n, {}, [], () => undefined]
const throwsError = (work) => assert.throws(work, Error)

test('arguments of another type throw', () => {
  for (const wrong of WRONG) {
    for (const check of [addon.checkSync, addon.check]) {
      throwsError(() => check(wrong, 'text', GOOD))
      throwsError(() => check(key, wrong, GOOD))
      throwsError(() => check(key, 'text', wrong))
    }
    throwsError(() => addon.importKey(wrong))
  }
  for (const near of [
    'text',
    new Uint16Array(32),
    new Int8Array(64),
    new DataView(new ArrayBuffer(64)),
    new ArrayBuffer(64),
  ]) {
    throwsError(() => addon.checkSync(key, 'text', near))
    throwsError(() => addon.importKey(near))
  }
  throwsError(() => addon.checkSync(key, Object('text'), GOOD))
  throwsError(() => addon.checkSync())
  throwsError(() => addon.check())
  throwsError(() => addon.importKey())
})

test('a key handle cannot be forged', () => {
  throwsError(() => new addon.KeyHandle())
  throwsError(() => addon.checkSync(Object.create(addon.KeyHandle.prototype), 'text', GOOD))
  throwsError(() => addon.checkSync(Object.create(key), 'text', GOOD))
  throwsError(() => addon.checkSync(new Proxy(key, {}), 'text', GOOD))
  throwsError(() => addon.checkSync({ algorithm: 'EdDSA' }, 'text', GOOD))
  const { get } = Object.getOwnPropertyDescriptor(addon.KeyHandle.prototype, 'algorithm')
  throwsError(() => get.call({}))
})

test('an object of another native class does not pass for a key', () => {
  const stranger = new Map()
  Object.setPrototypeOf(stranger, addon.KeyHandle.prototype)
  throwsError(() => addon.checkSync(stranger, 'text', GOOD))
})

test('the version is that of the crate', () => {
  assert.match(addon.version(), /^\d+\.\d+\.\d+/)
})
