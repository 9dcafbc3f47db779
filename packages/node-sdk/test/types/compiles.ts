// Uses that must compile, under both majors of Express's types.

import { requireSession, Verifier } from '@intelliauth/node-sdk'
import intelliAuthDefault, {
  AuthError,
  type Claims,
  intelliAuth,
  optionalSession,
  requireScope,
} from '@intelliauth/node-sdk/express'
import { startTestIssuer } from '@intelliauth/node-sdk/testing'
import express, { type Request } from 'express'

const options = { tenantUrl: 'https://t.example', audience: ['a', 'b'] } as const
const app = express()
const router = express.Router()

app.use('/api', requireSession(options), router)
app.use(intelliAuth(options), intelliAuthDefault(options))
app.get('/a/:id', optionalSession(options), requireScope('a:read'), (req, res) => {
  const id: string = req.params.id
  const scopes: string[] = req.scopes
  const claims: Claims = req.user
  const level: string | undefined = req.user.acr
  const custom: unknown = req.user['https://example.com/plan']
  res.json({ id, scopes, claims, level, custom })
})
router.post(
  '/b',
  [requireScope(['a', 'b']), requireScope('c', 'd')],
  (req: Request, res: express.Response) => {
    res.send(req.user.name?.toUpperCase())
  },
)
app.use(requireSession({ ...options, tokenLocation: (req: Request) => req.get('x-token'), logger: console }))
app.use(
  requireSession({
    ...options,
    fetch,
    engine: 'portable',
    algorithms: ['ES256'],
    revocation: { mode: 'off' },
  }),
)

export async function elsewhere(token: string): Promise<string> {
  const issuer = await startTestIssuer()
  const verifier = new Verifier({ tenantUrl: issuer.url, audience: issuer.audience, clock: issuer.clock.now })
  try {
    return (await verifier.verify(token)).claims.sub
  } catch (error) {
    if (error instanceof AuthError && error.code === 'token_expired') return String(error.retryAfter)
    throw error
  }
}
