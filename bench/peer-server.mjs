// The peer: oidc-provider as its manual has it, in one worker per core, which is how Node uses several cores.
// It gets its settings in BENCH_PEER: port, client, keys and the API its tokens are for. Its store is its own
// default, in memory; a JWT access token is stored nowhere, a static client is not looked up, so nothing is
// ever read from or written to a database.
import cluster from 'node:cluster'
import { Provider } from 'oidc-provider'

const { port, workers, issuer, client, keys, scope, lifetime } = JSON.parse(process.env.BENCH_PEER)

function serve() {
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: client.client_id,
        client_secret: client.client_secret,
        token_endpoint_auth_method: 'client_secret_basic',
        grant_types: ['client_credentials'],
        redirect_uris: [],
        response_types: [],
        scope,
      },
    ],
    jwks: { keys },
    scopes: scope.split(' '),
    ttl: { ClientCredentials: lifetime },
    enabledJWA: { idTokenSigningAlgValues: ['RS256', 'ES256'] },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        // `urn:bench:RS256`: the algorithm is the last word.
        getResourceServerInfo: (_, resource) => ({
          audience: resource,
          scope,
          accessTokenFormat: 'jwt',
          accessTokenTTL: lifetime,
          jwt: { sign: { alg: resource.slice(resource.lastIndexOf(':') + 1) } },
        }),
      },
    },
  })
  provider.listen(port, '127.0.0.1', () => cluster.worker.send('listening'))
}

if (cluster.isPrimary) {
  let waited = workers
  const began = () => {
    waited -= 1
    if (waited === 0) console.log('ready')
  }
  for (let number = 0; number < workers; number += 1) cluster.fork().on('message', began)
  cluster.on('exit', () => process.exit(1))
  process.on('SIGTERM', () => process.exit(0))
} else {
  process.on('disconnect', () => process.exit(0))
  serve()
}
