import { requireSession } from '@intelliauth/node-sdk/express'
import express from 'express'

const app = express()

app.use(
  requireSession({
    tenantUrl: process.env.INTELLIAUTH_TENANT_URL!,
    audience: 'api.banking.cymmetri.com',
  }),
)

app.get('/me', (req, res) => {
  // req.user is fully typed and validated
  res.json({ sub: req.user.sub, email: req.user.email })
})

app.listen(3000)
