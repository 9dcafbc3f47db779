// The quickstart's code is an interface: what a reader pastes must be what the example runs. `founding/*.txt`
// holds that code as it was published (its line breaks lost), so the comparison ignores white space.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'

const FOUNDING = new URL('./founding/', import.meta.url)
const EXAMPLES = new URL('../../examples/express-api/', import.meta.url)

const squeezed = async (url) => (await readFile(url, 'utf8')).replace(/\s+/g, '')

test('app-wide.ts is the published code and nothing else', async () => {
  const published = await squeezed(new URL('app-wide.txt', FOUNDING))
  assert.equal(await squeezed(new URL('app-wide.ts', EXAMPLES)), published)
})

for (const name of ['per-route', 'management']) {
  test(`${name}.ts contains the published code in one piece`, async () => {
    const published = await squeezed(new URL(`${name}.txt`, FOUNDING))
    const example = await squeezed(new URL(`${name}.ts`, EXAMPLES))
    assert.ok(published.length > 100, 'the founding code is there to compare with')
    assert.ok(example.includes(published), `${name}.ts differs from founding/${name}.txt`)
  })
}

test('a comment in the published code swallows no code', async () => {
  // White space is ignored above, so a lost line break after `//` would pass; it must not.
  for (const name of ['app-wide', 'per-route', 'management']) {
    const lines = (await readFile(new URL(`${name}.ts`, EXAMPLES), 'utf8')).split('\n')
    for (const line of lines.filter((text) => text.includes('//') && !text.includes('://'))) {
      assert.match(line, /^\s*\/\/ [^;(){}]*$|^\/\/ ---.*---$/, `code after a comment in ${name}.ts: ${line}`)
    }
  }
})
