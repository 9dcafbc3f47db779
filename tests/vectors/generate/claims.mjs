// The other claims of RFC 9068 §2.2, and the ones that make a token more than a bearer token.
import { CLAIMS, token } from './forge.mjs'

export function claims(catalogue, keys) {
  const key = keys['a-ed']
  required(catalogue, key)
  optional(catalogue, key)
  bound(catalogue, key)
  fitting(catalogue, key)
}

function required(catalogue, key) {
  for (const claim of ['sub', 'jti', 'client_id']) {
    const values = {
      missing: undefined,
      empty: '',
      'a number': 7,
      zero: 0,
      null: null,
      true: true,
      'an array': [CLAIMS[claim]],
      'an object': {},
    }
    for (const [name, value] of Object.entries(values)) {
      catalogue.bad(
        'claim',
        `${claim} ${name}`,
        token(key, { [claim]: value }),
        'a string that is not empty is required',
      )
    }
  }
}

function optional(catalogue, key) {
  for (const claim of ['scope', 'sid']) {
    const values = { 'a number': 7, null: null, true: true, 'an array': ['accounts:read'], 'an object': {} }
    for (const [name, value] of Object.entries(values)) {
      catalogue.bad(
        'claim',
        `${claim} ${name}`,
        token(key, { [claim]: value }),
        'a string, if it is there at all',
      )
    }
  }
}

function bound(catalogue, key) {
  const values = {
    'to a DPoP key': { jkt: 'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs' },
    'to a certificate': { 'x5t#S256': 'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs' },
    'to a key by its kid': { kid: 'a-ed' },
    'as an empty object': {},
    'as null': null,
    'as text': '',
    'as false': false,
  }
  for (const [name, cnf] of Object.entries(values)) {
    catalogue.bad(
      'bound',
      `cnf ${name}`,
      token(key, { cnf }),
      'a bound token is no bearer token: whoever stole it must not get by without the proof (RFC 9449 §7, RFC 8705 §3)',
    )
  }
}

function fitting(catalogue, key) {
  const good = (name, change, why) => catalogue.good('claim', name, token(key, change), why)
  good('no sid and no scope', { sid: undefined, scope: undefined }, 'both are optional')
  good('scope empty', { scope: '' }, 'a string, if an empty one')
  good('a machine’s token', { sub: CLAIMS.client_id, sid: undefined }, 'sub is the client (RFC 9068 §2.2)')
  good(
    'unknown claims',
    { roles: ['a'], 'https://example.com/x': { y: [1.5, null] } },
    'unknown claims are passed on',
  )
  good(
    'a user’s token with all claims',
    {
      acr: 'aal1',
      amr: ['pwd'],
      auth_level: 'AAL1',
      email: 'ana@example.com',
      email_verified: true,
      name: 'Ana',
    },
    'what the tenant issues to a user',
  )
}
