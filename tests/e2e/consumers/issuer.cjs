// A tenant in forty lines, for the package matrix: published keys, a signed revocation snapshot, a token endpoint.
// Written against the documents and node:crypto alone, so that the SDK is not tested with its own code.
const { createHash, generateKeyPairSync, sign } = require('node:crypto')
const http = require('node:http')

const encode = (value) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')
const seconds = () => Math.floor(Date.now() / 1000)

/** Starts the issuer; `revokedTokens` are the `jti`s its first snapshot names. */
exports.startIssuer = async function startIssuer({ revokedTokens }) {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const kid = 'matrix-key'
  const jws = (typ, payload) => {
    const input = `${encode({ alg: 'RS256', typ, kid })}.${encode(payload)}`
    return `${input}.${sign('sha256', Buffer.from(input), privateKey).toString('base64url')}`
  }
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid, alg: 'RS256', use: 'sig' }
  const seen = []
  let issuer
  const token = (claims) => {
    const now = seconds()
    const usual = {
      iss: issuer,
      sub: 'usr_01',
      aud: 'api',
      iat: now,
      exp: now + 600,
      jti: 'tok_01',
      client_id: 'app_01',
    }
    return jws('at+jwt', { ...usual, ...claims })
  }
  const entry = (jti, index) => ({
    seq: index + 1,
    kind: 'token',
    id_hash: createHash('sha256').update(`token:${jti}`).digest().subarray(0, 16).toString('base64url'),
    not_before: seconds(),
    expires_at: seconds() + 3600,
  })
  const snapshot = () => {
    const entries = revokedTokens.map(entry)
    return jws('revocations+jwt', {
      iss: issuer,
      iat: seconds(),
      type: 'snapshot',
      seq: entries.length,
      entries,
    })
  }
  const json = (response, value) => {
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(value))
  }
  const answers = {
    '/.well-known/jwks.json': (response) => json(response, { keys: [jwk] }),
    '/oauth2/revocations': (response) => {
      response.setHeader('content-type', 'application/revocations+jwt')
      response.end(snapshot())
    },
    '/oauth2/token': (response) =>
      json(response, {
        access_token: token({ aud: `${issuer}/api` }),
        token_type: 'Bearer',
        expires_in: 600,
      }),
    '/api/v1/applications': (response) =>
      json(response, { data: [], meta: { next_cursor: null, limit: 50 } }),
  }
  const server = http.createServer((request, response) => {
    const { pathname } = new URL(request.url, issuer)
    seen.push(`${request.method} ${request.url}`)
    request.resume()
    if (answers[pathname]) answers[pathname](response)
    else response.writeHead(404).end()
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  issuer = `http://127.0.0.1:${server.address().port}`
  return { issuer, token, seen, close: () => close(server) }
}

const close = (server) =>
  new Promise((resolve) => {
    server.close(resolve)
    server.closeAllConnections()
  })

exports.close = close
