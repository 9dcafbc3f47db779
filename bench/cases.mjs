// Every case of the bench: what is asked, of whom, over how many connections.
import { end, issue, issueByPeer, look, poll, readUser, writeUser } from './requests.mjs'
import { ALGORITHMS, CONNECTIONS } from './settings.mjs'

const SOME = 16
const MANY = 64

const on = (subject, nodes, side) => ({ side, subject, nodes, database: subject.database })

/** Those that are compared stand next to each other, so that little time lies between them. */
export function cases({ sqlite, postgres, peer }) {
  const [one, two] = postgres.nodes
  const single = [on(sqlite, sqlite.nodes, 'SQLite'), on(postgres, [one], 'PostgreSQL')]
  const double = on(postgres, [one, two], 'PostgreSQL, two nodes')
  const quiet = on(postgres, [postgres.quiet], 'PostgreSQL, log = "warn"')
  const other = { side: 'oidc-provider', subject: peer, nodes: [peer] }
  const list = []
  const add = (group, what, connections, prepare, places) => {
    for (const place of places) list.push({ group, what, connections, prepare, ...place })
  }
  for (const algorithm of ALGORITHMS) {
    for (const connections of CONNECTIONS) {
      add('token', algorithm, connections, issue(algorithm), single)
      if (algorithm !== 'EdDSA') add('token', algorithm, connections, issueByPeer(algorithm), [other])
      if (algorithm === 'RS256' && connections > 1) {
        add('token', algorithm, connections, issue(algorithm), [double])
      }
      if (algorithm === 'EdDSA' && connections === SOME) {
        add('token', algorithm, connections, issue(algorithm), [quiet])
      }
    }
  }
  add('read', 'POST /oauth2/introspect', SOME, look, single)
  add('read', 'GET /oauth2/revocations', SOME, poll, single)
  add('read', 'GET /api/v1/users/{id}', SOME, readUser, single)
  for (const connections of CONNECTIONS) {
    add('write', 'POST /api/v1/users', connections, writeUser, single)
  }
  add('write', 'POST /api/v1/users', MANY, writeUser, [double])
  add('write', 'POST /oauth2/revoke', SOME, end, single)
  return list.map((one) => ({ ...one, name: `${one.what}, ${one.connections}, ${one.side}`, results: [] }))
}
