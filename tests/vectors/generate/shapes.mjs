// Texts that are not three parts with dots between.
import { b64, CLAIMS, header, json, signature, token } from './forge.mjs'

export function shapes(catalogue, keys) {
  const key = keys['a-ed']
  const good = token(key)
  const [head, payload, tail] = good.split('.')
  const why = 'not three non-empty parts'
  const texts = {
    'empty string': '',
    'one dot': '.',
    'two dots': '..',
    'three dots': '...',
    'one part': head,
    'two parts': `${head}.${payload}`,
    'four parts': `${good}.${tail}`,
    'dot before': `.${good}`,
    'dot behind': `${good}.`,
    'two dots between header and payload': `${head}..${payload}.${tail}`,
    'empty header': `.${payload}.${tail}`,
    'empty payload, detached': `${head}..${tail}`,
    'empty signature': `${head}.${payload}.`,
    'empty payload and signature': `${head}..`,
    'a word': 'undefined',
    null: 'null',
    'the scheme before it': `Bearer ${good}`,
    'two tokens with a space': `${good} ${good}`,
    'two tokens with a comma': `${good},${good}`,
    'a thousand dots': '.'.repeat(1000),
    'a full stop of another alphabet': good.replaceAll('.', '。'),
  }
  for (const [name, text] of Object.entries(texts)) catalogue.bad('shape', name, text, why)
  const truly = `${head}.`
  catalogue.bad('shape', 'empty payload, truly signed', `${truly}.${b64(signature(key, truly))}`, why)
  const flattened = { protected: head, payload, signature: tail }
  catalogue.bad('shape', 'JSON serialisation', JSON.stringify(flattened), 'the compact form alone is taken')
  const general = { payload, signatures: [{ protected: head, signature: tail }] }
  catalogue.bad(
    'shape',
    'general JSON serialisation',
    JSON.stringify(general),
    'the compact form alone is taken',
  )
  const swapped = b64(json(CLAIMS))
  catalogue.bad(
    'shape',
    'header and payload swapped',
    `${swapped}.${b64(json(header(key)))}.${tail}`,
    'claims are no header',
  )
}
