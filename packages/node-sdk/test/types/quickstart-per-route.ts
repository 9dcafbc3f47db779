import { requireSession } from '@intelliauth/node-sdk/express'
import express from 'express'

const app = express()

const auth = requireSession({
  tenantUrl: process.env.INTELLIAUTH_TENANT_URL!,
  audience: 'api.banking.cymmetri.com',
})

app.get('/public', (req, res) => res.send('open to anyone'))
app.get('/private', auth, (req, res) => res.json({ user: req.user }))
