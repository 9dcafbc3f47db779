// `exp`, `nbf` and `iat`: finite JSON numbers of at most 2^53, a fraction cut off; 30 s of skew either way.
import { CLAIMS, header, json, NOW, signTexts, TOLERANCE, token } from './forge.mjs'

const LATEST = NOW + TOLERANCE
const EARLIEST = NOW - TOLERANCE

export function dates(catalogue, keys) {
  const key = keys['a-ed']
  malformed(catalogue, key)
  huge(catalogue, key)
  expired(catalogue, key)
  early(catalogue, key)
  inTime(catalogue, key)
}

function malformed(catalogue, key) {
  const right = { exp: CLAIMS.exp, nbf: CLAIMS.iat, iat: CLAIMS.iat }
  for (const claim of ['exp', 'nbf', 'iat']) {
    const values = {
      text: String(right[claim]),
      'empty text': '',
      'a date as text': '2099-01-01T00:00:00Z',
      null: null,
      true: true,
      false: false,
      'an object': {},
      'an array': [right[claim]],
    }
    for (const [name, value] of Object.entries(values)) {
      catalogue.bad('date', `${claim} as ${name}`, token(key, { [claim]: value }), 'not a JSON number')
    }
  }
  for (const claim of ['exp', 'iat']) {
    catalogue.bad('date', `${claim} missing`, token(key, { [claim]: undefined }), 'required (RFC 9068 §2.2)')
  }
}

function huge(catalogue, key) {
  const why = 'beyond 2^53 seconds, where readers begin to differ'
  const written = (claim, number) => {
    const text = json(CLAIMS, { [claim]: undefined })
    return signTexts(key, json(header(key)), `${text.slice(0, -1)},"${claim}":${number}}`)
  }
  for (const number of ['1e300', '9223372036854775808', '18446744073709551616', '9007199254740994', '1e16']) {
    catalogue.bad('date', `exp ${number}`, written('exp', number), why)
  }
  catalogue.bad('date', 'exp 1e999', written('exp', '1e999'), 'not a finite number')
  catalogue.bad('date', 'exp -1e300', written('exp', '-1e300'), why)
  catalogue.bad('date', 'iat -1e300', written('iat', '-1e300'), why)
  catalogue.bad('date', 'nbf -1e999', written('nbf', '-1e999'), 'not a finite number')
  catalogue.good(
    'date',
    'exp 2^53',
    written('exp', '9007199254740992'),
    'the largest that every reader holds',
  )
}

function expired(catalogue, key) {
  const add = (name, exp) =>
    catalogue.bad('date', `exp ${name}`, token(key, { exp }), 'past its time', { verdict: 'token_expired' })
  add('an hour ago', NOW - 3600)
  add('exactly the tolerance ago', EARLIEST)
  add('the tolerance ago with a fraction', EARLIEST + 0.9)
  add('zero', 0)
  add('negative', -1)
  add('negative with a fraction', -0.5)
  add('in the year 1', -62_135_596_800)
}

function early(catalogue, key) {
  const add = (name, change) => catalogue.bad('date', name, token(key, change), 'not valid yet')
  add('nbf one second beyond the tolerance', { nbf: LATEST + 1 })
  add('nbf in milliseconds', { nbf: NOW * 1000 })
  add('iat one second beyond the tolerance', { iat: LATEST + 1 })
  add('iat in milliseconds', { iat: NOW * 1000 })
}

function inTime(catalogue, key) {
  const add = (name, change, why) => catalogue.good('date', name, token(key, change), why)
  add('exp one second within the tolerance', { exp: EARLIEST + 1 }, 'clocks differ by so much')
  add('exp with a fraction', { exp: NOW + 60.75 }, 'a NumericDate may have one (RFC 7519 §2)')
  add('iat with a fraction', { iat: NOW - 60.25 }, 'a NumericDate may have one (RFC 7519 §2)')
  add('nbf exactly at the tolerance', { nbf: LATEST }, 'clocks differ by so much')
  add('nbf at the tolerance with a fraction', { nbf: LATEST + 0.9 }, 'the fraction is cut off')
  add('nbf in the past', { nbf: NOW - 600 }, 'valid since then')
  add('nbf zero', { nbf: 0 }, 'valid since then')
  add('iat exactly at the tolerance', { iat: LATEST }, 'clocks differ by so much')
  add('iat long ago', { iat: 1 }, 'how old a token may be is for exp to say')
  add('iat negative', { iat: -1 }, 'a number like any other')
  const later = token(key, { exp: NOW + 10_000_000, iat: NOW })
  catalogue.good('date', 'a later now', later, 'the time is an argument', { now: NOW + 9_000_000 })
  catalogue.bad('date', 'a good token, an hour later', token(key), 'the time is an argument', {
    now: CLAIMS.exp + TOLERANCE,
    verdict: 'token_expired',
  })
}
