// A tenant for one test file: the real binary, a throw-away data directory, a port of its own.

import { join } from 'node:path'
import { after } from 'node:test'
import { stopAll } from '../../../scripts/local/children.mjs'
import { freePort } from '../../../scripts/local/ports.mjs'
import { binary } from '../../../scripts/local/products.mjs'
import { scratch } from '../../../scripts/local/project.mjs'
import { startTenant } from '../../../scripts/local/tenant.mjs'

/**
 * Prepares a place and gives `start`, which starts (or starts again) a tenant there. Everything is stopped and
 * removed after the file's tests.
 */
export async function tenantPlace(name) {
  const directory = await scratch(name)
  const place = { binary: await binary(), data: join(directory.path, 'data'), port: await freePort() }
  after(async () => {
    await stopAll()
    await directory.remove()
  })
  return { ...place, directory: directory.path, start: (more = {}) => startTenant({ ...place, ...more }) }
}
