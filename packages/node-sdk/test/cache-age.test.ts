import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cacheAge } from '../src/verifier/cache-age.js'

for (const [headers, expected] of [
  [{}, 900],
  [{ 'cache-control': 'public, max-age=300' }, 300],
  [{ 'cache-control': 'max-age="300"' }, 300],
  [{ 'cache-control': 'MAX-AGE=300' }, 300],
  [{ 'cache-control': 'max-age=300', age: '100' }, 200],
  [{ 'cache-control': 'max-age=300', age: 'old' }, 300],
  [{ 'cache-control': 'max-age=99999999' }, 900],
  [{ 'cache-control': 'max-age=0' }, 30],
  [{ 'cache-control': 'max-age=-1' }, 900],
  [{ 'cache-control': 'no-store' }, 30],
  [{ 'cache-control': 'max-age=300, no-cache' }, 30],
  [{ 'cache-control': 's-maxage=5' }, 900],
] as const) {
  test(`${JSON.stringify(headers)} is fresh for ${expected} s`, () => {
    const map = new Map<string, string>(Object.entries(headers))
    assert.equal(cacheAge({ get: (name) => map.get(name) ?? null }, 900), expected)
  })
}

test("a cache age below our floor is the application's to choose", () => {
  assert.equal(cacheAge({ get: () => 'max-age=1' }, 5), 5)
})
