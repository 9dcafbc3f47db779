// The header's `typ`: a token made for something else is not an access token (RFC 8725 §3.11, RFC 9068 §4).
import { token } from './forge.mjs'

const WRONG = [
  'JWT',
  'jwt',
  'id_token',
  'id_token+jwt',
  'logout+jwt',
  'secevent+jwt',
  'dpop+jwt',
  'token-introspection+jwt',
  'revocations+jwt',
  'oauth-authz-req+jwt',
  'JOSE',
  'at+jwt ',
  ' at+jwt',
  'at+jwt\u0000',
  'at+jwt;charset=utf-8',
  'at jwt',
  'at+jwts',
  'xat+jwt',
  'at',
  '',
  'application/',
  'application/application/at+jwt',
  'application/jwt',
  'text/at+jwt',
  '/at+jwt',
  'application//at+jwt',
  'applicationat+jwt',
  'at＋jwt',
]
const GOOD = ['at+jwt', 'AT+JWT', 'At+Jwt', 'application/at+jwt', 'APPLICATION/AT+JWT', 'Application/at+JWT']

export function types(catalogue, keys) {
  const key = keys['a-ed']
  for (const typ of WRONG) {
    catalogue.bad(
      'typ',
      `typ ${JSON.stringify(typ)}`,
      token(key, {}, { typ }),
      'not the type of an access token',
    )
  }
  const malformed = { absent: undefined, null: null, number: 1, true: true, array: ['at+jwt'], object: {} }
  for (const [name, typ] of Object.entries(malformed)) {
    catalogue.bad('typ', `typ ${name}`, token(key, {}, { typ }), 'the type is required (RFC 9068 §2.1)')
  }
  for (const typ of GOOD) {
    catalogue.good(
      'typ',
      `typ ${typ}`,
      token(key, {}, { typ }),
      'media types compare without case, application/ may be left out (RFC 7515 §4.1.9)',
    )
  }
}
