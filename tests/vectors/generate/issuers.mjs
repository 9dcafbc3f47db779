// `iss` is compared as text, byte for byte (RFC 9068 §4, RFC 3986 §6.2.1).
import { ISSUER, OTHER_ISSUER, token } from './forge.mjs'

export function issuers(catalogue, keys) {
  const key = keys['a-ed']
  const wrong = {
    'with a slash behind': `${ISSUER}/`,
    'in upper case': ISSUER.toUpperCase(),
    'with the scheme in upper case': ISSUER.replace('https', 'HTTPS'),
    'over http': ISSUER.replace('https', 'http'),
    'with its port spelt out': `${ISSUER}:443`,
    'cut short': ISSUER.slice(0, -1),
    'with more behind': `${ISSUER}.attacker.example`,
    'with a path behind': `${ISSUER}/oauth2`,
    'with more before': `https://attacker.example/${ISSUER}`,
    'with a user name': ISSUER.replace('https://', 'https://x@'),
    'with a dot behind the host': `${ISSUER}.`,
    'with a space behind': `${ISSUER} `,
    'with NUL behind': `${ISSUER}\u0000`,
    'percent-encoded': ISSUER.replace('acme', '%61cme'),
    'with a Cyrillic letter': ISSUER.replace('a', 'а'),
    'of another tenant': OTHER_ISSUER,
    'as an array': [ISSUER],
    'as an object': { [ISSUER]: true },
    'as a number': 7,
    null: null,
    empty: '',
    missing: undefined,
  }
  for (const [name, iss] of Object.entries(wrong)) {
    catalogue.bad('iss', `iss ${name}`, token(key, { iss }), 'not exactly the issuer')
  }
}
