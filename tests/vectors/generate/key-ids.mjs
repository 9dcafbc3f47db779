// The header's `kid`: text from a stranger that ends up in look-ups, paths, queries and logs.
import { CLAIMS, hmac, json, published, signTexts, token, tokenSignedBy } from './forge.mjs'

const STRANGE = [
  '../../../../dev/null',
  '/dev/null',
  "' UNION SELECT 'secret'-- -",
  "a-ed' OR '1'='1",
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'prototype',
  'length',
  '0',
  'a-ed\u0000',
  '\u0000',
  'a-ed\r\nX: 1',
  'a-ed\n',
  ' a-ed',
  'a-ed ',
  'A-ED',
  'a-e',
  'a-edd',
  'a-ed|',
  '$(id)',
  '*',
  'a-ed,a-rsa',
  'ａ-ed',
]

export function keyIds(catalogue, keys) {
  strange(catalogue, keys)
  malformed(catalogue, keys)
  otherTenant(catalogue, keys)
  unusualButPublished(catalogue, keys)
}

function strange(catalogue, keys) {
  const why = 'no such key is published; a kid is compared, never interpreted'
  for (const kid of STRANGE) {
    catalogue.bad('kid-injection', `kid ${JSON.stringify(kid)}`, token(keys['a-ed'], {}, { kid }), why)
  }
  const nul = tokenSignedBy(
    (text) => hmac('', text),
    json({ alg: 'HS256', typ: 'at+jwt', kid: '../../dev/null' }),
  )
  catalogue.bad('kid-injection', 'HS256 with the kid of an empty file', nul, 'HMAC is not on the list')
  catalogue.bad(
    'kid-injection',
    'kid of 257 bytes',
    token(keys['a-ed'], {}, { kid: 'k'.repeat(257) }),
    'longer than any kid may be, though a key of this id is published',
    { key_set: 'long_kid' },
  )
  catalogue.bad('kid-injection', 'kid of 4 KB', token(keys['a-ed'], {}, { kid: 'A'.repeat(4096) }), why)
}

function malformed(catalogue, keys) {
  const why = 'a kid is required and is a string (RFC 7515 §4.1.4)'
  const values = {
    missing: undefined,
    empty: '',
    null: null,
    number: 0,
    true: true,
    array: ['a-ed'],
    object: { kid: 'a-ed' },
  }
  for (const [name, kid] of Object.entries(values)) {
    catalogue.bad('kid-malformed', `kid ${name}`, token(keys['a-ed'], {}, { kid }), why)
  }
  catalogue.bad(
    'kid-malformed',
    'kid missing though one key alone is published',
    token(keys['a-ed'], {}, { kid: undefined }),
    why,
    { key_set: 'ed_only' },
  )
  const proto = `{"alg":"EdDSA","typ":"at+jwt","__proto__":{"kid":"a-ed"}}`
  catalogue.bad(
    'kid-malformed',
    'kid inside a member __proto__',
    signTexts(keys['a-ed'], proto, json(CLAIMS)),
    why,
  )
  catalogue.bad(
    'kid-malformed',
    'kid 7 where the number’s text is published',
    token(keys['a-ed'], {}, { kid: 7 }),
    why,
    { key_set: 'odd_kids' },
  )
}

function otherTenant(catalogue, keys) {
  const why = 'the key is another tenant’s; only the issuer’s own set counts'
  const { 'b-rsa': rsa, 'b-ed': ed } = keys
  catalogue.keySet('other_tenant', published(rsa), published(ed, { kid: 'a-ed' }))
  catalogue.bad('other-tenant', 'kid of another tenant’s key', token(rsa), why)
  catalogue.bad(
    'other-tenant',
    'another tenant’s key under a kid that both publish',
    token(ed, {}, { kid: 'a-ed' }),
    why,
  )
  catalogue.bad('other-tenant', 'our token checked with the other tenant’s keys', token(keys['a-ed']), why, {
    key_set: 'other_tenant',
  })
  const iss = 'https://rival-bank.auth.example'
  catalogue.bad('other-tenant', 'a whole token of another tenant', token(rsa, { iss }), why)
  catalogue.bad(
    'other-tenant',
    'a whole token of another tenant with a kid that both publish',
    token(ed, { iss }, { kid: 'a-ed' }),
    why,
  )
}

function unusualButPublished(catalogue, keys) {
  const ed = keys['a-ed']
  const long = 'k'.repeat(256)
  catalogue.keySet('ed_only', published(ed))
  catalogue.keySet('long_kid', published(ed, { kid: long }), published(ed, { kid: `${long}k` }))
  catalogue.good('kid', 'kid of 256 bytes', token(ed, {}, { kid: long }), 'as long as may be', {
    key_set: 'long_kid',
  })
  const odd = ['__proto__', 'constructor', '7', 'ключ', 'a b/c?d#e"\\']
  catalogue.keySet('odd_kids', ...odd.map((kid) => published(ed, { kid })))
  for (const kid of odd) {
    const signed = token(ed, {}, { kid })
    catalogue.good('kid', `published kid ${JSON.stringify(kid)}`, signed, 'a published key, oddly named', {
      key_set: 'odd_kids',
    })
  }
}
