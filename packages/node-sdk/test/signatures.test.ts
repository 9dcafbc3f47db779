import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { runtime } from '#runtime'
import type { Engine } from '../src/engines/engine.js'
import { selectEngine } from '../src/engines/select.js'
import { readPart, splitCompact } from '../src/verifier/compact.js'
import { type PublicJwk, readJwk } from '../src/verifier/jwk.js'
import { engines } from './support/engines.js'
import { missingVectors, readVectors } from './support/vectors.js'

type Jwk = Record<string, unknown>
type Result = 'valid' | 'invalid' | 'acceptable'

interface Raw {
  testGroups: {
    publicKeyJwk?: Jwk
    keyJwk?: Jwk
    tests: { tcId: number; msg: string; sig: string; result: Result }[]
  }[]
}

interface Wycheproof {
  testGroups: {
    comment: string
    public?: Jwk
    private?: Jwk
    tests: { tcId: number; jws: string; result: Result }[]
  }[]
}

interface Cookbook {
  input: { key: Jwk }
  output: { compact: string }
}

/** The examples that the Rust crate holds as well, committed with it: these are never absent. */
interface Examples {
  valid: { source: string; jwk: Jwk; jws: string }[]
  refused_keys: { source: string; jwk: Jwk; jws: string }[]
  unsecured: string
}

const EXAMPLES: Examples = JSON.parse(
  readFileSync(new URL('../../../crates/jose/tests/rfc_examples.json', import.meta.url), 'utf8'),
)

/** A private key's public half; the examples publish both in one. */
function publicHalf({ d: _d, p: _p, q: _q, dp: _dp, dq: _dq, qi: _qi, ...jwk }: Jwk): Jwk {
  return { kid: 'vector', ...jwk }
}

/** Through the same gates a token passes: shape, key, algorithm, signature. */
async function holds(engine: Engine, jwk: PublicJwk | null, jws: string): Promise<boolean> {
  const compact = splitCompact(jws)
  const header = compact === null ? null : readPart(compact.header)
  if (jwk === null || compact === null || header?.alg !== jwk.alg) return false
  if (Object.hasOwn(header, 'crit') || Object.hasOwn(header, 'b64')) return false
  const key = await engine.importKey(jwk)
  return engine.check(key, compact.signingInput, runtime.fromBase64url(compact.signature))
}

for (const choice of engines) {
  const engine = selectEngine(choice, {})

  test(`${choice}: the examples of the standards that the Rust crate checks too`, async () => {
    const { valid, refused_keys: refused, unsecured } = EXAMPLES
    assert.ok(valid.length >= 4 && refused.length >= 2)
    for (const { source, jwk: published, jws } of valid) {
      const jwk = readJwk(publicHalf(published))
      assert.equal(await holds(engine, jwk, jws), true, source)
      assert.equal(await holds(engine, jwk, tampered(jws)), false, source)
      assert.equal(await holds(engine, jwk, unsecured), false, source)
    }
    for (const { source, jwk, jws } of refused) {
      assert.equal(await holds(engine, readJwk(publicHalf(jwk)), jws), false, source)
    }
  })

  test(`${choice}: the examples of RFC 7515 Appendix A`, { skip: missingVectors }, async () => {
    const { vectors } = readVectors<{ vectors: { name: string; jws: string; jwk: Jwk | null }[] }>(
      'rfc7515/appendix_a.json',
    )
    const held: string[] = []
    for (const { name, jws, jwk } of vectors) {
      if (await holds(engine, jwk === null ? null : readJwk(publicHalf(jwk)), jws)) held.push(name)
    }
    assert.deepEqual(held, ['A.2 RS256', 'A.3 ES256'], 'neither HS256 nor none may hold')
  })

  test(`${choice}: the examples of RFC 7520 and RFC 8037`, { skip: missingVectors }, async () => {
    const rsa = readVectors<Cookbook>('jose-cookbook/jws/4_1.rsa_v15_signature.json')
    const pss = readVectors<Cookbook>('jose-cookbook/jws/4_2.rsa-pss_signature.json')
    const ed = readVectors<Cookbook>('jose-cookbook/curve25519/jws.json')
    for (const [{ input, output }, expected] of [
      [rsa, true],
      [pss, false],
      [ed, true],
    ] as const) {
      const jwk = readJwk(publicHalf(input.key))
      assert.equal(await holds(engine, jwk, output.compact), expected)
      assert.equal(await holds(engine, jwk, tampered(output.compact)), false)
    }
  })

  test(`${choice}: Wycheproof's JSON Web Signatures`, { skip: missingVectors }, async () => {
    const { testGroups } = readVectors<Wycheproof>('wycheproof/json_web_signature_test.json')
    let valid = 0
    for (const group of testGroups) {
      const jwk = readJwk({ kid: 'vector', ...(group.public ?? group.private) })
      if (!['RS256', 'ES256'].includes(String(group.public?.alg))) assert.equal(jwk, null, group.comment)
      for (const { tcId, jws, result } of group.tests) {
        // An empty payload is a good JWS and no token; our shape asks for three parts that are not empty.
        const expected = jwk !== null && result === 'valid' && !jws.includes('..')
        if (result !== 'acceptable') {
          assert.equal(await holds(engine, jwk, jws), expected, `${group.comment} ${tcId}`)
        }
        if (expected) valid += 1
      }
    }
    assert.equal(valid, 9, 'the good signatures by RS256 and ES256 keys')
  })

  for (const file of [
    'ecdsa_secp256r1_sha256_p1363_test',
    'ed25519_test',
    'rsa_signature_2048_sha256_test',
    'rsa_signature_3072_sha256_test',
    'rsa_signature_4096_sha256_test',
  ]) {
    test(`${choice}: Wycheproof ${file}`, { skip: missingVectors }, async () => {
      const { testGroups } = readVectors<Raw>(`wycheproof/${file}.json`)
      let checked = 0
      for (const group of testGroups) {
        const jwk = readJwk({ ...(group.publicKeyJwk ?? group.keyJwk), kid: 'vector' })
        if (jwk === null) continue
        const key = await engine.importKey(jwk)
        for (const { tcId, msg, sig, result } of group.tests) {
          if (result === 'acceptable') continue
          // The engines take text, as signing inputs are; latin1 carries any byte, UTF-8 at the edge only ASCII.
          const message = Buffer.from(msg, 'hex').toString('latin1')
          if (engine.name !== 'portable' && /[^\x20-\x7e]/.test(message)) continue
          const good = await engine.check(key, message, Buffer.from(sig, 'hex'))
          assert.equal(good, result === 'valid', `${file} ${tcId}`)
          checked += 1
        }
      }
      assert.ok(checked >= 50, `only ${checked} signatures were checked`)
    })
  }
}

test('keys that must not be used are not', () => {
  const n = Buffer.alloc(256, 0xc5).toString('base64url')
  const rsa = { kty: 'RSA', kid: 'k', n, e: 'AQAB' }
  const x = Buffer.alloc(32, 7).toString('base64url')
  assert.equal(readJwk(rsa)?.alg, 'RS256')
  for (const [why, jwk] of Object.entries({
    'too short': { ...rsa, n: Buffer.alloc(255, 0xc5).toString('base64url') },
    'just too short': { ...rsa, n: Buffer.alloc(256, 0x7f).toString('base64url') },
    'too long': { ...rsa, n: Buffer.alloc(1025, 0xc5).toString('base64url') },
    'leading zero': {
      ...rsa,
      n: Buffer.concat([Buffer.alloc(1), Buffer.alloc(256, 0xc5)]).toString('base64url'),
    },
    'exponent 1': { ...rsa, e: 'AQ' },
    'even exponent': { ...rsa, e: 'AQAC' },
    'endless exponent': { ...rsa, e: 'AQAAAAE' },
    'even modulus': { ...rsa, n: Buffer.alloc(256, 0xc4).toString('base64url') },
    'padded modulus': { ...rsa, n: `${n}=` },
    'for encryption': { ...rsa, use: 'enc' },
    'operations without verify': { ...rsa, key_ops: ['encrypt'] },
    'operations not a list': { ...rsa, key_ops: 'verify' },
    'another algorithm': { ...rsa, alg: 'PS256' },
    HMAC: { ...rsa, alg: 'HS256' },
    'algorithm null': { ...rsa, alg: null },
    private: { ...rsa, d: 'AQAB' },
    symmetric: { kty: 'oct', kid: 'k', k: 'AQAB' },
    'no kid': { ...rsa, kid: undefined },
    'kid a number': { ...rsa, kid: 7 },
    'kid endless': { ...rsa, kid: 'k'.repeat(257) },
    'kid endless in bytes': { ...rsa, kid: 'ü'.repeat(129) },
    'P-384': { kty: 'EC', kid: 'k', crv: 'P-384', x, y: x },
    'short coordinate': { kty: 'EC', kid: 'k', crv: 'P-256', x, y: 'AQAB' },
    X25519: { kty: 'OKP', kid: 'k', crv: 'X25519', x },
    nothing: null,
    list: [],
  })) {
    assert.equal(readJwk(jwk), null, why)
  }
})

for (const choice of engines) {
  test(`${choice}: a point off its curve is no key`, async () => {
    const x = Buffer.alloc(32, 7).toString('base64url')
    const jwk = readJwk({ kty: 'EC', kid: 'k', crv: 'P-256', x, y: x })
    assert.ok(jwk !== null)
    await assert.rejects(async () => selectEngine(choice, {}).importKey(jwk))
  })
}

function tampered(compact: string): string {
  const dot = compact.lastIndexOf('.')
  const last = compact.charAt(dot + 10) === 'A' ? 'B' : 'A'
  return compact.slice(0, dot + 10) + last + compact.slice(dot + 11)
}
