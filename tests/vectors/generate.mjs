// Writes access-tokens.json. Run by hand when a case is added: `node tests/vectors/generate.mjs`.
// ES256 signatures are random, so their tokens change with every run; the others do not.
import { writeFileSync } from 'node:fs'
import { algorithms } from './generate/algorithms.mjs'
import { audiences } from './generate/audiences.mjs'
import { Catalogue } from './generate/catalogue.mjs'
import { claims } from './generate/claims.mjs'
import { confusion } from './generate/confusion.mjs'
import { dates } from './generate/dates.mjs'
import { ecSignatures } from './generate/ec-signatures.mjs'
import { edSignatures } from './generate/ed-signatures.mjs'
import { encodings } from './generate/encodings.mjs'
import { encrypted } from './generate/encrypted.mjs'
import { AUDIENCE, ISSUER, NOW, TOLERANCE } from './generate/forge.mjs'
import { headers } from './generate/headers.mjs'
import { issuers } from './generate/issuers.mjs'
import { jsonTexts } from './generate/json-texts.mjs'
import { keyIds } from './generate/key-ids.mjs'
import { keySources } from './generate/key-sources.mjs'
import { loadKeys } from './generate/keys.mjs'
import { publishedKeys } from './generate/published-keys.mjs'
import { revoked } from './generate/revoked.mjs'
import { rsaSignatures } from './generate/rsa-signatures.mjs'
import { shapes } from './generate/shapes.mjs'
import { sizes } from './generate/sizes.mjs'
import { tampered } from './generate/tampered.mjs'
import { types } from './generate/types.mjs'

const MODULES = [
  algorithms,
  confusion,
  keySources,
  keyIds,
  ecSignatures,
  edSignatures,
  rsaSignatures,
  publishedKeys,
  headers,
  types,
  encrypted,
  shapes,
  encodings,
  jsonTexts,
  sizes,
  tampered,
  issuers,
  audiences,
  dates,
  claims,
  revoked,
]

const here = (name) => new URL(`./${name}`, import.meta.url)
const keys = loadKeys(here('keys.json'))
const catalogue = new Catalogue()
for (const module of MODULES) module(catalogue, keys)

const document = {
  description: 'Good and bad access tokens, made by generate.mjs. See README.md beside this file.',
  now: NOW,
  issuer: ISSUER,
  audiences: [AUDIENCE],
  tolerance: TOLERANCE,
  key_sets: catalogue.keySets,
  revocations: catalogue.revocations,
  cases: catalogue.cases,
}
writeFileSync(here('access-tokens.json'), `${JSON.stringify(document, null, 2)}\n`)

const good = catalogue.cases.filter(({ verdict }) => verdict === 'accept').length
console.log(`${catalogue.cases.length - good} bad, ${good} good`)
