// What is measured: a node on SQLite, two nodes on one PostgreSQL (and a third that logs less), and the peer.
// All of them run all the time, so that each round can go from one to the next; idle they cost next to nothing.
import { join } from 'node:path'
import { ask } from '../scripts/local/http.mjs'
import { at, requestToken } from '../scripts/local/oauth.mjs'
import { startDatabase } from './database.mjs'
import { install, makeClient, makeTenant, startNode } from './installation.mjs'
import { startPeer } from './peer.mjs'
import { ALGORITHMS } from './settings.mjs'

/** `algorithm` -> a tenant that signs with it. Reading is done in the first, writing in one of its own. */
async function furnish(installation) {
  const tenants = {}
  for (const algorithm of ALGORITHMS) {
    tenants[algorithm] = await makeTenant(installation, algorithm.toLowerCase(), algorithm)
  }
  return { ...tenants, writing: await makeTenant(installation, 'writing', 'RS256') }
}

async function onSqlite(program, directory) {
  const installation = await install(program, join(directory, 'sqlite'))
  const tenants = await furnish(installation)
  return { name: 'SQLite', installation, tenants, nodes: [await startNode(installation)] }
}

async function onPostgres(program, directory) {
  const database = await startDatabase('pg')
  const installation = await install(program, join(directory, 'postgres'), database.url)
  const tenants = await furnish(installation)
  const nodes = [await startNode(installation), await startNode(installation)]
  const quiet = await startNode(installation, { INTELLIAUTH_LOG: 'warn' })
  return { name: 'PostgreSQL', installation, tenants, nodes, quiet, database }
}

export async function startSubjects(program, directory) {
  const sqlite = await onSqlite(program, directory)
  const postgres = await onPostgres(program, directory)
  return { sqlite, postgres, peer: await startPeer() }
}

/** `ask` bound to one tenant on one node. */
export const sender = (node, tenant) => at({ port: node.port, authority: tenant.host })

/** The keys an issuer publishes. */
export async function publishedKeys(port, authority, path) {
  const answer = await ask({ port, authority, path })
  if (answer.status !== 200) throw new Error(`the keys: ${answer.status} ${answer.text}`)
  return answer.json.keys
}

/** A token; throws if there is none. */
export async function tokenOf(node, tenant, client = tenant.client) {
  const answer = await requestToken(sender(node, tenant), client)
  if (answer.status !== 200) throw new Error(`no token: ${answer.status} ${answer.text}`)
  return answer.json.access_token
}

let made = 0

/**
 * A tenant in which nothing is revoked yet, so that every run begins alike. Its client's tokens are signed with
 * EdDSA, whose making takes least time.
 */
export async function freshTenant({ installation }) {
  made += 1
  const tenant = await makeTenant(installation, `fresh${made}`, 'RS256')
  return { ...tenant, client: await makeClient(installation, tenant.issuer, ['--algorithm', 'EdDSA']) }
}
