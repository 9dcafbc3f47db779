// `aud` is a string or an array of strings, one of which is one of ours exactly (RFC 7519 §4.1.3).
import { AUDIENCE, ISSUER, NOW, token } from './forge.mjs'

export function audiences(catalogue, keys) {
  const key = keys['a-ed']
  others(catalogue, key)
  malformed(catalogue, key)
  orders(catalogue, key)
  fitting(catalogue, key)
}

function others(catalogue, key) {
  const wrong = {
    'cut short': AUDIENCE.slice(0, -1),
    'with more behind': `${AUDIENCE}.attacker.example`,
    'with more before': `attacker-${AUDIENCE}`,
    'with a slash behind': `${AUDIENCE}/`,
    'with a space behind': `${AUDIENCE} `,
    'in upper case': AUDIENCE.toUpperCase(),
    'with a letter for the dot': AUDIENCE.replace('.', 'x'),
    'as two in one text': `${AUDIENCE} api.other.example`,
    'as two with a comma': `${AUDIENCE},api.other.example`,
    'as JSON in a text': JSON.stringify([AUDIENCE]),
    'a star': '*',
    'the issuer': ISSUER,
    'another API': 'api.other.example',
    'empty text': '',
    'empty array': [],
    'an array of others': ['api.other.example', `${AUDIENCE}2`],
    'an array with empty text': [''],
  }
  for (const [name, aud] of Object.entries(wrong)) {
    const more = { verdict: 'invalid_audience' }
    catalogue.bad('aud', `aud ${name}`, token(key, { aud }), 'none of the audiences is ours', more)
  }
  catalogue.bad('aud', 'aud ours, where two others are expected', token(key), 'not one of the expected', {
    audiences: ['api.one.example', 'api.two.example'],
    verdict: 'invalid_audience',
  })
}

function malformed(catalogue, key) {
  const wrong = {
    missing: undefined,
    null: null,
    'a number': 7,
    true: true,
    'an object': { [AUDIENCE]: true },
    'an object like an array': { 0: AUDIENCE, length: 1 },
    'a nested array': [[AUDIENCE]],
    'an array with a number beside ours': [AUDIENCE, 7],
    'an array with null beside ours': [null, AUDIENCE],
    'an array with an array beside ours': [AUDIENCE, [AUDIENCE]],
    'an array with an object': [{ value: AUDIENCE }],
  }
  for (const [name, aud] of Object.entries(wrong)) {
    catalogue.bad('aud', `aud ${name}`, token(key, { aud }), 'neither a string nor an array of strings')
  }
}

/** Which of two faults decides is part of the answer: issuer, audience, times, revocation. */
function orders(catalogue, key) {
  const aud = 'api.other.example'
  catalogue.bad(
    'order',
    'another audience and expired',
    token(key, { aud, exp: NOW - 100 }),
    'the audience comes before the times',
    { verdict: 'invalid_audience' },
  )
  catalogue.bad(
    'order',
    'another issuer and another audience',
    token(key, { aud, iss: `${ISSUER}/` }),
    'the issuer comes before the audience',
  )
  catalogue.bad(
    'order',
    'another issuer and expired',
    token(key, { exp: 1, iss: `${ISSUER}/` }),
    'the issuer comes before the times',
  )
}

function fitting(catalogue, key) {
  const good = (name, aud, more) =>
    catalogue.good('aud', `aud ${name}`, token(key, { aud }), 'one of the audiences is ours', more)
  good('an array with ours alone', [AUDIENCE])
  good('an array with ours last', ['api.other.example', AUDIENCE])
  good('an array with ours twice', [AUDIENCE, AUDIENCE])
  good('ours, the second of those expected', AUDIENCE, { audiences: ['api.other.example', AUDIENCE] })
  good('a text with a letter beyond ASCII', 'api.bücher.example', { audiences: ['api.bücher.example'] })
}
