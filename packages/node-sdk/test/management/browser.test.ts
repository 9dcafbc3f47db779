import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as browser from '../../src/management/browser.js'
import * as server from '../../src/management/index.js'

test('construction is refused where there is a window with a document', (t) => {
  const scope = globalThis as { window?: unknown; document?: unknown }
  scope.window = {}
  scope.document = {}
  t.after(() => {
    delete scope.window
    delete scope.document
  })
  assert.throws(
    () => new server.ManagementClient({ tenantUrl: 'https://t.example', clientId: 'a', clientSecret: 'b' }),
    /must not run in a browser/,
  )
})

test('the browser condition refuses whatever the surroundings', () => {
  assert.throws(() => new browser.ManagementClient(), /must not run in a browser/)
  assert.equal(browser.IntelliAuthManagement, browser.ManagementClient)
})

test('both conditions export the same names, so that a bundle fails at run time with the reason', () => {
  assert.deepEqual(Object.keys(browser).sort(), Object.keys(server).sort())
})
