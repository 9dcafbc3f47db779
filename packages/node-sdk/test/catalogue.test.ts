import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { generateTestKey, signCompact } from '../src/testing/index.js'
import type { Algorithm } from '../src/verifier/algorithm.js'
import { Verifier } from '../src/verifier/verifier.js'
import { engines } from './support/engines.js'
import { verdict } from './support/tenant.js'

/** The forgeries and good tokens every verifier of the project reads: here, in Rust, and in the tenant. */
const FILE =
  process.env.INTELLIAUTH_CATALOGUE ??
  join(dirname(fileURLToPath(import.meta.url)), '../../../tests/vectors/access-tokens.json')

interface Case {
  name: string
  class: string
  token?: string
  token_repeat?: { prefix: string; unit: string; count: number; suffix: string }
  key_set: string
  revocations?: string
  now?: number
  audiences?: string[]
  algorithms?: Algorithm[]
  tolerance?: number
  verdict: string
}

interface Catalogue {
  now: number
  issuer: string
  audiences: string[]
  tolerance: number
  key_sets: Record<string, { keys: unknown[] }>
  revocations: Record<string, { seq: number; entries: unknown[] }>
  cases: Case[]
}

/** One tenant per key set and revocation state, told apart by path, on one real server. */
async function serveCatalogue(catalogue: Catalogue) {
  const feedKey = await generateTestKey('EdDSA')
  const server = createServer((request, response) => {
    const [, now, keySet = '', revocations = '', ...rest] = decodeURIComponent(request.url ?? '').split('/')
    if (rest[0] === '.well-known') {
      const keys = catalogue.key_sets[keySet]?.keys ?? []
      // The catalogue has no private keys, so its feeds are signed with one of ours, added where it is needed.
      const added = revocations === '-' ? [] : [feedKey.publicJwk]
      response.end(JSON.stringify({ keys: [...keys, ...added] }))
      return
    }
    const { seq, entries } = catalogue.revocations[revocations] ?? { seq: 0, entries: [] }
    const header = { alg: feedKey.algorithm, typ: 'revocations+jwt', kid: feedKey.kid }
    const payload = { iss: catalogue.issuer, iat: Number(now), type: 'snapshot', seq, entries }
    response.end(signCompact(feedKey, header, payload))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  after(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

function tokenOf({ token, token_repeat: repeat }: Case): string {
  if (token !== undefined || repeat === undefined) return token ?? ''
  return repeat.prefix + repeat.unit.repeat(repeat.count) + repeat.suffix
}

if (!existsSync(FILE)) {
  test('the catalogue of forgeries', () => assert.fail(`${FILE} is missing`))
} else {
  const catalogue: Catalogue = JSON.parse(readFileSync(FILE, 'utf8'))
  const base = await serveCatalogue(catalogue)

  for (const engine of engines) {
    test(`${engine}: the catalogue of forgeries`, async (t) => {
      const wrong: string[] = []
      const verifiers = new Map<string, Verifier>()
      t.after(() => {
        for (const one of verifiers.values()) one.close()
      })
      for (const one of catalogue.cases) {
        const now = one.now ?? catalogue.now
        const path = [now, one.key_set, one.revocations ?? '-'].map(String).map(encodeURIComponent).join('/')
        const options = {
          tenantUrl: base,
          issuer: catalogue.issuer,
          audience: one.audiences ?? catalogue.audiences,
          clockTolerance: one.tolerance ?? catalogue.tolerance,
          ...(one.algorithms === undefined ? {} : { algorithms: one.algorithms }),
          revocation: { mode: one.revocations === undefined ? 'off' : 'poll' } as const,
          engine,
        }
        const name = createHash('sha256')
          .update(JSON.stringify([path, options]))
          .digest('hex')
        const fetch: typeof globalThis.fetch = (url, init) =>
          globalThis.fetch(String(url).replace(base, `${base}/${path}`), init)
        const verifier =
          verifiers.get(name) ?? new Verifier({ ...options, fetch, clock: () => now, logger: {} })
        verifiers.set(name, verifier)
        // Twice: a verdict must not change when it may come from the cache.
        for (const round of ['first', 'again']) {
          const got = await verdict(verifier, tokenOf(one))
          if (got !== one.verdict)
            wrong.push(`${one.class} / ${one.name} (${round}): ${got}, not ${one.verdict}`)
        }
      }
      assert.deepEqual(wrong, [])
      assert.ok(catalogue.cases.length >= 150, `only ${catalogue.cases.length} cases`)
      assert.ok(catalogue.cases.some((one) => one.verdict === 'accept'))
    })
  }
}
