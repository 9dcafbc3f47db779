import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ALGORITHMS, addon, signer } from './addon.mjs'

const TEXT = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ1c3JfMSJ9'

/** The verdict, once both ways have reached the same one. */
async function verdict(key, text, signature) {
  const here = addon.checkSync(key, text, signature)
  assert.equal(await addon.check(key, text, signature), here)
  return here
}

for (const algorithm of Object.keys(ALGORITHMS)) {
  const { key, sign } = signer(algorithm)
  const signature = sign(TEXT)

  test(`${algorithm}: a good signature holds`, async () => {
    assert.equal(key.algorithm, algorithm)
    assert.equal(await verdict(key, TEXT, signature), true)
    assert.equal(await verdict(key, TEXT, Buffer.from(signature)), true)
  })

  test(`${algorithm}: each flipped bit of the signature is noticed`, async () => {
    for (let bit = 0; bit < signature.length * 8; bit += 1) {
      const flipped = Uint8Array.from(signature)
      flipped[bit >> 3] ^= 1 << (bit & 7)
      assert.equal(addon.checkSync(key, TEXT, flipped), false, `bit ${bit}`)
    }
  })

  test(`${algorithm}: another text, another key and another length are noticed`, async () => {
    const other = signer(algorithm)
    assert.equal(await verdict(key, `${TEXT} `, signature), false)
    assert.equal(await verdict(key, TEXT.slice(1), signature), false)
    assert.equal(await verdict(key, '', signature), false)
    assert.equal(await verdict(other.key, TEXT, signature), false)
    assert.equal(await verdict(key, TEXT, signature.subarray(1)), false)
    assert.equal(await verdict(key, TEXT, Uint8Array.of(...signature, 0)), false)
    assert.equal(await verdict(key, TEXT, Uint8Array.of(0, ...signature)), false)
    assert.equal(await verdict(key, TEXT, new Uint8Array()), false)
    assert.equal(await verdict(key, TEXT, new Uint8Array(signature.length)), false)
  })

  test(`${algorithm}: an empty text can be signed`, async () => {
    assert.equal(await verdict(key, '', sign('')), true)
  })

  test(`${algorithm}: every Latin-1 character stands for its byte`, async () => {
    const all = String.fromCharCode(...Array.from({ length: 256 }, (_, code) => code))
    assert.equal(await verdict(key, all, sign(all)), true)
  })

  test(`${algorithm}: characters beyond Latin-1 do not pass for their low byte`, async () => {
    const good = sign('A\u00e9')
    for (const alias of [
      '\u0141\u00e9',
      'A\u01e9',
      'A\uffe9',
      '\ud841\u00e9',
      'A\u{1f6e9}',
      '\u0141\u01e9',
    ]) {
      assert.equal(await verdict(key, alias, good), false, JSON.stringify(alias))
    }
    assert.equal(await verdict(key, 'A\u00e9', good), true)
  })
}

test('a key checks its own algorithm only', async () => {
  const signers = Object.keys(ALGORITHMS).map(signer)
  for (const [index, { key }] of signers.entries()) {
    for (const [other, { sign }] of signers.entries()) {
      assert.equal(await verdict(key, TEXT, sign(TEXT)), index === other)
    }
  }
})

test('ES256: a signature in DER is not one (RFC 7518 §3.4)', async () => {
  const { key, sign } = signer('ES256')
  const raw = sign(TEXT)
  const integer = (bytes) => [2, 33, 0, ...bytes]
  const der = Uint8Array.of(48, 70, ...integer(raw.subarray(0, 32)), ...integer(raw.subarray(32)))
  assert.equal(await verdict(key, TEXT, der), false)
})

test('many checks at once agree with those made one by one', async () => {
  const { key, sign } = signer('ES256')
  const cases = Array.from({ length: 64 }, (_, n) => {
    const text = `${TEXT}${n}`
    return { text, signature: sign(n % 3 === 0 ? `${text}!` : text) }
  })
  const together = await Promise.all(cases.map(({ text, signature }) => addon.check(key, text, signature)))
  assert.deepEqual(
    together,
    cases.map(({ text, signature }) => addon.checkSync(key, text, signature)),
  )
  assert.deepEqual(
    together,
    cases.map((_, n) => n % 3 !== 0),
  )
})

test('what JavaScript does to the signature meanwhile does not matter', async () => {
  const { key, sign } = signer('EdDSA')
  const good = sign(TEXT)
  const bad = new Uint8Array(good.length)
  const first = addon.check(key, TEXT, good)
  const second = addon.check(key, TEXT, bad)
  bad.set(good)
  good.fill(0)
  assert.deepEqual(await Promise.all([first, second]), [true, false])
})

test('a key may be garbage while its check is still under way', async () => {
  const pending = Array.from({ length: 16 }, () => {
    const { key, sign } = signer('EdDSA')
    return addon.check(key, TEXT, sign(TEXT))
  })
  globalThis.gc?.()
  assert.ok((await Promise.all(pending)).every(Boolean))
})
