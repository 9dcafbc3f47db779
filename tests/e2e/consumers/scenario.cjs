// What every cell of the matrix does with the installed package. It prints one line of JSON and must then end by
// itself: a timer that keeps the process alive is a defect of the SDK.
const assert = require('node:assert/strict')
const http = require('node:http')
const { close, startIssuer } = require('./issuer.cjs')

const STUCK_AFTER_MS = 30_000

/** Where a cell is, for the report of one that hangs. The timer itself keeps nothing alive. */
let stage = 'start'
setTimeout(() => {
  console.error(`stuck at: ${stage}; open: ${process.getActiveResourcesInfo()}`)
  process.exit(1)
}, STUCK_AFTER_MS).unref()

const get = (port, path, token) =>
  new Promise((resolve, reject) => {
    const headers = token ? { authorization: `Bearer ${token}` } : {}
    http
      .get({ host: '127.0.0.1', port, path, headers, agent: false }, (response) => {
        let text = ''
        response.on('data', (chunk) => {
          text += chunk
        })
        response.on('end', () => resolve({ status: response.statusCode, json: JSON.parse(text) }))
      })
      .on('error', reject)
  })

async function inbound(express, requireSession, issuer, engine) {
  const app = express()
  app.use(requireSession({ tenantUrl: issuer.issuer, audience: 'api', engine }))
  app.get('/me', (req, res) => res.json({ sub: req.user.sub, scopes: req.scopes }))
  const server = await new Promise((resolve) => {
    const listening = app.listen(0, '127.0.0.1', () => resolve(listening))
  })
  const { port } = server.address()
  const me = (claims) => get(port, '/me', claims && issuer.token(claims))

  stage = `${engine}: a good token`
  const good = await me({ scope: 'a b' })
  assert.deepEqual(good, { status: 200, json: { sub: 'usr_01', scopes: ['a', 'b'] } })
  for (const [claims, code] of [
    [undefined, 'missing_token'],
    [{ aud: 'another' }, 'invalid_audience'],
    [{ exp: 1 }, 'token_expired'],
    [{ iss: 'http://127.0.0.1:1' }, 'invalid_token'],
    [{ jti: 'tok_revoked' }, 'token_revoked'],
  ]) {
    stage = `${engine}: ${code}`
    const answer = await me(claims)
    assert.equal(answer.status, 401, JSON.stringify(answer))
    assert.equal(answer.json.error, code)
  }
  stage = `${engine}: a forged token`
  const forged = issuer.token({}).replace(/.{4}$/, 'AAAA')
  assert.equal((await get(port, '/me', forged)).json.error, 'invalid_token')
  stage = `${engine}: closing the API`
  await close(server)
}

async function outbound(ManagementClient, issuer) {
  const mgmt = new ManagementClient({ tenantUrl: issuer.issuer, clientId: 'app_01', clientSecret: 'secret' })
  const page = await mgmt.applications.list({ limit: 50 })
  assert.deepEqual(page, { data: [], meta: { next_cursor: null, limit: 50 } })
  assert.ok(issuer.seen.includes('GET /api/v1/applications?limit=50'), issuer.seen.join(', '))
}

/** Runs everything; `expectNative` says whether the addon is installed beside the SDK. */
exports.scenario = async function scenario({ express, fromRoot, fromExpress, expectNative }) {
  for (const name of ['requireSession', 'requireScope', 'optionalSession']) {
    assert.equal(typeof fromExpress[name], 'function', `${name} from /express`)
    assert.equal(typeof fromRoot[name], 'function', `${name} from the root`)
  }
  assert.equal(fromRoot.intelliAuth, fromRoot.requireSession)
  assert.equal(fromRoot.IntelliAuthManagement, fromRoot.ManagementClient)

  const issuer = await startIssuer({ revokedTokens: ['tok_revoked'] })
  const native = { tenantUrl: issuer.issuer, audience: 'api', engine: 'native' }
  if (!expectNative) assert.throws(() => fromExpress.requireSession(native), 'no addon, no native engine')
  for (const engine of expectNative ? ['native', 'portable', 'auto'] : ['portable', 'auto']) {
    await inbound(express, fromExpress.requireSession, issuer, engine)
  }
  stage = 'management'
  await outbound(fromRoot.ManagementClient, issuer)
  stage = 'closing the issuer'
  await issuer.close()
  stage = 'ending'
  console.log(JSON.stringify({ ok: true, node: process.versions.node }))
}
