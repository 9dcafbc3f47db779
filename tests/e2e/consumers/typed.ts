// Compiled, never run: the types a user sees. `@ts-expect-error` marks what must not compile.
import { IntelliAuthManagement, ManagementClient, requireScope } from '@intelliauth/node-sdk'
import { optionalSession, requireSession } from '@intelliauth/node-sdk/express'
import express from 'express'

const app = express()
const tenantUrl = 'https://banking-cymmetri.example.com'

app.use(requireSession({ tenantUrl, audience: ['one', 'two'], jwksCacheTtlSeconds: 900, clockTolerance: 30 }))
app.get('/me', requireScope('users:read'), (req, res) => {
  const sub: string = req.user.sub
  const email: string | undefined = req.user.email
  const scopes: string[] = req.scopes
  res.json({ sub, email, scopes })
})
app.get('/maybe', optionalSession({ tenantUrl, audience: 'one' }), (_req, res) => {
  res.end()
})

// @ts-expect-error an audience is required: a verifier without one accepts every API's tokens
requireSession({ tenantUrl })
// @ts-expect-error a misspelt option is a mistake, not a default
requireSession({ tenantUrl, audience: 'one', clockTolerence: 5 })

const mgmt = new ManagementClient({ tenantUrl, clientId: 'app_01', clientSecret: 'secret' })
const alias: ManagementClient = new IntelliAuthManagement({
  tenantUrl,
  clientId: 'app_01',
  clientSecret: 'secret',
})

export async function emails(): Promise<string[]> {
  const found: string[] = []
  for await (const user of mgmt.users.list({ limit: 50 })) found.push(user.email)
  const one = await alias.users.get('usr_01')
  return [...found, one.email]
}
