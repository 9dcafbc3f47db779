// Keys that the token itself brings or points at. They are never looked at: a token that carries them is
// judged by its kid alone.
import { header, json, published, signature, token, tokenSignedBy } from './forge.mjs'

const URLS = [
  'https://attacker.example/jwks.json',
  'https://acme-bank.auth.example@attacker.example/jwks.json',
  'https://acme-bank.auth.example/redirect?to=https://attacker.example/jwks.json',
  'http://169.254.169.254/latest/meta-data/',
  'file:///etc/passwd',
]

export function keySources(catalogue, keys) {
  embedded(catalogue, keys)
  pointedAt(catalogue, keys)
  ignored(catalogue, keys)
}

function embedded(catalogue, keys) {
  const why = 'a key that the token brings proves nothing (CVE-2018-0114)'
  for (const name of ['attacker-rsa', 'attacker-ed']) {
    const attacker = keys[name]
    const jwk = published(attacker)
    const victim = name === 'attacker-rsa' ? 'a-rsa' : 'a-ed'
    const forge = (change) =>
      tokenSignedBy((text) => signature(attacker, text), json(header(attacker), change))
    catalogue.bad('embedded-key', `${name}: jwk beside a known kid`, forge({ jwk, kid: victim }), why)
    catalogue.bad(
      'embedded-key',
      `${name}: jwk that claims the known kid`,
      forge({ jwk: { ...jwk, kid: victim }, kid: victim }),
      why,
    )
    catalogue.bad('embedded-key', `${name}: jwk with a kid of its own`, forge({ jwk }), why)
    catalogue.bad('embedded-key', `${name}: jwk without a kid`, forge({ jwk, kid: undefined }), why)
    catalogue.bad(
      'embedded-key',
      `${name}: jwk in the payload`,
      token(attacker, { jwk }, { kid: victim }),
      why,
    )
  }
  const x5c = ['MIIBszCCAVmgAwIBAgIUAAAAAAAAAAAAAAAAAAAAAAAAAAAwCgYIKoZIzj0EAwIw']
  const forged = tokenSignedBy(
    (text) => signature(keys['attacker-rsa'], text),
    json(header(keys['a-rsa']), { x5c }),
  )
  catalogue.bad('embedded-key', 'x5c beside a known kid', forged, why)
}

function pointedAt(catalogue, keys) {
  const attacker = keys['attacker-ed']
  for (const member of ['jku', 'x5u']) {
    for (const url of URLS) {
      const forged = token(attacker, {}, { [member]: url, kid: 'attacker-ed' })
      catalogue.bad('key-url', `${member} ${url}`, forged, 'an address in a token is never followed')
    }
    const known = token(attacker, {}, { [member]: URLS[0], kid: 'a-ed' })
    catalogue.bad('key-url', `${member} beside a known kid`, known, 'an address in a token is never followed')
  }
}

function ignored(catalogue, keys) {
  const why = 'the member is ignored; the kid alone finds the key, and its signature holds'
  const members = {
    jwk: published(keys['attacker-ed']),
    jku: URLS[0],
    x5u: URLS[0],
    x5c: ['bm90IGEgY2VydGlmaWNhdGU='],
    x5t: 'bm90IGEgdGh1bWJwcmludA',
  }
  for (const [member, value] of Object.entries(members)) {
    const signed = token(keys['a-ed'], {}, { [member]: value })
    catalogue.good('key-url', `${member} on a token that is good by its kid`, signed, why)
  }
  const odd = token(keys['a-rsa'], {}, { jku: 7, x5u: null, jwk: 'text', x5c: {} })
  catalogue.good('key-url', 'jku, x5u, jwk and x5c of the wrong types', odd, why)
}
