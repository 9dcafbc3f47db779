// Each line below a mark must fail to compile; `tsc` complains about a mark that has nothing to excuse.

import { requireScope, requireSession } from '@intelliauth/node-sdk/express'
import express from 'express'

const tenantUrl = 'https://t.example'
const audience = 'a'
const app = express()

// @ts-expect-error an audience is required
requireSession({ tenantUrl })
// @ts-expect-error a tenant is required
requireSession({ audience })
// @ts-expect-error options are required
requireSession()
// @ts-expect-error an environment variable may be missing
requireSession({ tenantUrl: process.env.INTELLIAUTH_TENANT_URL, audience })
// @ts-expect-error audiences are strings
requireSession({ tenantUrl, audience: 7 })
// @ts-expect-error no token in the query
requireSession({ tenantUrl, audience, tokenLocation: 'query' })
// @ts-expect-error no HMAC
requireSession({ tenantUrl, audience, algorithms: ['HS256'] })
// @ts-expect-error no unsigned tokens
requireSession({ tenantUrl, audience, algorithms: ['none'] })
// @ts-expect-error a misspelt option
requireSession({ tenantUrl, audience, requiredScope: ['a'] })
// @ts-expect-error engines have names
requireSession({ tenantUrl, audience, engine: 'fast' })
// @ts-expect-error not available yet
requireSession({ tenantUrl, audience, revocation: { mode: 'stream' } })
// @ts-expect-error at least one scope
requireScope()
app.get('/', (req) => {
  // @ts-expect-error verified claims are not for writing
  req.user.sub = 'usr_other'
  // @ts-expect-error an email may be missing
  const email: string = req.user.email
  // @ts-expect-error what we do not know has no type
  const plan: string = req.user.plan
  return [email, plan]
})
