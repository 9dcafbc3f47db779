// Revocations: token and session kill whatever the time; user, client and tenant kill what was issued until then.
import { CLAIMS, ISSUER, idHash, NOW, OTHER_ISSUER, token } from './forge.mjs'

const IDS = {
  token: CLAIMS.jti,
  session: CLAIMS.sid,
  user: CLAIMS.sub,
  client: CLAIMS.client_id,
  tenant: ISSUER,
}
const DATED = ['user', 'client', 'tenant']
const AT = CLAIMS.iat

export function revoked(catalogue, keys) {
  const key = keys['a-ed']
  kills(catalogue, key)
  outlives(catalogue, key)
  spares(catalogue, key)
  others(catalogue, key)
  orders(catalogue, key)
}

/** Registers a state of revocations and returns what a case says to use it. */
function state(catalogue, name, ...entries) {
  catalogue.revocations[name] = {
    seq: entries.length,
    entries: entries.map(([kind, id, not_before, expires_at = NOW + 90_000], index) => ({
      seq: index + 1,
      kind,
      id_hash: idHash(kind, id),
      not_before,
      expires_at,
    })),
  }
  return { revocations: name }
}

const dead = (use) => ({ ...use, verdict: 'token_revoked' })

function kills(catalogue, key) {
  for (const [kind, id] of Object.entries(IDS)) {
    const now = state(catalogue, `${kind}_now`, [kind, id, NOW])
    catalogue.bad(
      'revoked',
      `${kind} revoked`,
      token(key),
      `the ${kind} was revoked after the token’s issue`,
      dead(now),
    )
  }
  for (const kind of DATED) {
    const same = state(catalogue, `${kind}_same_second`, [kind, IDS[kind], AT])
    catalogue.bad(
      'revoked',
      `${kind} revoked in the second of issue`,
      token(key),
      'issued at or before that second',
      dead(same),
    )
    catalogue.bad(
      'revoked',
      `${kind} revoked in the second of issue, iat with a fraction`,
      token(key, { iat: AT + 0.5 }),
      'the fraction is cut off',
      dead({ revocations: `${kind}_same_second` }),
    )
  }
  for (const kind of ['token', 'session']) {
    const before = state(catalogue, `${kind}_before`, [kind, IDS[kind], AT - 1])
    catalogue.bad(
      'revoked',
      `${kind} revoked, not_before ahead of iat`,
      token(key),
      `a ${kind} has no second life`,
      dead(before),
    )
  }
  const twice = state(catalogue, 'user_twice', ['user', IDS.user, NOW], ['user', IDS.user, AT - 100])
  catalogue.bad(
    'revoked',
    'user revoked twice, the later entry with the earlier time',
    token(key),
    'a later entry never makes an earlier one weaker',
    dead(twice),
  )
  const many = state(
    catalogue,
    'many',
    ['token', 'tok_x', NOW],
    ['session', IDS.session, NOW],
    ['user', 'usr_x', NOW],
  )
  catalogue.bad(
    'revoked',
    'session revoked among other entries',
    token(key),
    'one entry is enough',
    dead(many),
  )
  const machine = state(catalogue, 'machine', ['user', IDS.client, NOW])
  catalogue.bad(
    'revoked',
    'user revoked whose id is a client’s, a machine’s token',
    token(key, { sub: IDS.client }),
    'a user entry is about sub, whatever it names',
    dead(machine),
  )
}

/** An entry dropped when its last token expires would let it live again for the clock tolerance. */
function outlives(catalogue, key) {
  const exp = NOW - 10
  const use = state(catalogue, 'token_past', ['token', IDS.token, AT, exp])
  catalogue.bad(
    'revoked',
    'token revoked, both it and the entry expired within the tolerance',
    token(key, { exp }),
    'an entry counts for as long as any token it kills could be accepted, tolerance included',
    dead(use),
  )
}

function spares(catalogue, key) {
  for (const kind of DATED) {
    const before = state(catalogue, `${kind}_before_issue`, [kind, IDS[kind], AT - 1])
    catalogue.good(
      'revoked',
      `${kind} revoked a second before the issue`,
      token(key),
      'issued after it',
      before,
    )
  }
}

function others(catalogue, key) {
  const good = (name, use, why, signed = token(key)) => catalogue.good('revoked', name, signed, why, use)
  good('nothing revoked', state(catalogue, 'none'), 'an empty log')
  const ids = Object.entries({
    token: 'tok_x',
    session: 'ses_x',
    user: 'usr_x',
    client: 'app_x',
    tenant: OTHER_ISSUER,
  })
  good(
    'others revoked',
    state(catalogue, 'others', ...ids.map(([kind, id]) => [kind, id, NOW])),
    'not this token',
  )
  const crossed = [
    ['user', IDS.token],
    ['token', IDS.user],
    ['client', IDS.session],
    ['session', IDS.client],
  ]
  good(
    'the ids revoked under other kinds',
    state(catalogue, 'crossed', ...crossed.map((pair) => [...pair, NOW])),
    'the kind is part of what is hashed',
  )
  good(
    'an unknown kind revoked',
    state(catalogue, 'unknown_kind', ['device', IDS.user, NOW]),
    'a newer tenant may revoke what this verifier has no name for',
  )
  good(
    'a session revoked, a token without one',
    { revocations: 'session_now' },
    'it belongs to no session',
    token(key, { sid: undefined }),
  )
}

function orders(catalogue, key) {
  const use = { revocations: 'token_now' }
  catalogue.bad(
    'order',
    'expired and revoked',
    token(key, { exp: NOW - 100 }),
    'the times come before the revocations',
    {
      ...use,
      verdict: 'token_expired',
    },
  )
  catalogue.bad(
    'order',
    'another audience and revoked',
    token(key, { aud: 'api.other.example' }),
    'the audience comes before the revocations',
    { ...use, verdict: 'invalid_audience' },
  )
  const forged = `${token(key).slice(0, -4)}AAAA`
  catalogue.bad(
    'order',
    'no true signature and revoked',
    forged,
    'nothing is read before the signature held',
    use,
  )
}
