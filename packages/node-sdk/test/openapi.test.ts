import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

/** What the tenant says of its own API; made from its code, and checked against it there. */
const FILE = '../../../openapi/intelliauth.json'

const here = dirname(fileURLToPath(import.meta.url))

interface Schema {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly properties?: Record<string, Schema>
  readonly required?: readonly string[]
  readonly allOf?: readonly Schema[]
  readonly items?: Schema
}

interface Document {
  readonly components: { readonly schemas: Record<string, Schema> }
  readonly paths: Record<string, Record<string, Operation>>
}

interface Operation {
  readonly parameters?: readonly { readonly in: string; readonly name: string }[]
  readonly responses: Record<string, { readonly content?: Record<string, { readonly schema: Schema }> }>
}

/** What a field may hold, and whether it may be left out. */
interface Field {
  readonly kinds: readonly string[]
  readonly optional: boolean
}

const ANSWERS: Record<string, string> = {
  User: 'UserBody',
  Application: 'ApplicationBody',
  CreatedApplication: 'CreatedApplication',
  RotatedSecret: 'RotatedBody',
}

const REQUESTS: Record<string, string> = {
  UserCreate: 'CreateUser',
  UserUpdate: 'UpdateUser',
  ApplicationCreate: 'CreateApplication',
  ApplicationUpdate: 'UpdateApplication',
}

const types = typesOf(join(here, '../src/management/types.ts'))

for (const [name, schema] of Object.entries({ ...ANSWERS, ...REQUESTS })) {
  test(`${name} has the fields of the tenant's ${schema}`, () => {
    assert.deepEqual(Object.keys(types(name)).sort(), Object.keys(fieldsOf(schema)).sort())
  })
}

for (const [name, schema] of Object.entries(ANSWERS)) {
  test(`${name} is ready for whatever ${schema} may hold`, () => {
    const said = fieldsOf(schema)
    for (const [field, { kinds, optional }] of Object.entries(types(name))) {
      const missing = said[field]?.kinds.filter(
        (kind) => !kinds.includes(kind) && !(optional && kind === 'null'),
      )
      // This one throws rather than give an answer without the secret.
      if (field !== 'client_secret') assert.deepEqual(missing, [], field)
    }
  })
}

for (const [name, schema] of Object.entries(REQUESTS)) {
  test(`${name} sends nothing that ${schema} does not take, and leaves out nothing it needs`, () => {
    const said = fieldsOf(schema)
    for (const [field, { kinds, optional }] of Object.entries(types(name))) {
      assert.deepEqual(
        kinds.filter((kind) => !said[field]?.kinds.includes(kind)),
        [],
        field,
      )
      assert.equal(optional, said[field]?.optional, `${field}: optional`)
    }
  })
}

for (const [name, path] of [
  ['UserListParams', '/api/v1/users'],
  ['ListParams', '/api/v1/applications'],
] as const) {
  test(`${name} has the query parameters of ${path}`, () => {
    const parameters = document().paths[path]?.get?.parameters ?? []
    const names = parameters.filter((one) => one.in === 'query').map((one) => one.name)
    assert.deepEqual(Object.keys(types(name)).sort(), names.sort())
  })
}

const ONE = ['/api/v1/users/{id}', '/api/v1/applications/{id}'] as const
const ENVELOPES: [method: string, path: string, schema: string][] = [
  ['post', '/api/v1/users', 'UserBody'],
  ['get', ONE[0], 'UserBody'],
  ['patch', ONE[0], 'UserBody'],
  ['post', '/api/v1/applications', 'CreatedApplication'],
  ['get', ONE[1], 'ApplicationBody'],
  ['patch', ONE[1], 'ApplicationBody'],
  ['post', `${ONE[1]}/rotate-secret`, 'RotatedBody'],
]

for (const [method, path, schema] of ENVELOPES) {
  test(`${method} ${path} answers with an envelope around ${schema}`, () => {
    const { data, meta } = envelopeOf(method, path)
    assert.deepEqual(membersOf(data), fieldsOf(schema))
    assert.deepEqual(membersOf(meta), {})
  })
}

for (const [path, schema] of [
  ['/api/v1/users', 'UserBody'],
  ['/api/v1/applications', 'ApplicationBody'],
] as const) {
  test(`Page is what ${path} lists`, () => {
    const { data, meta } = envelopeOf('get', path)
    assert.equal(data.type, 'array')
    assert.deepEqual(membersOf(data.items ?? {}), fieldsOf(schema))
    assert.deepEqual(Object.keys(types('Page')).sort(), ['data', 'meta'])
    assert.deepEqual(Object.keys(membersOf(meta)).sort(), ['limit', 'next_cursor'])
  })
}

test('every success of the API but 204 is an envelope', () => {
  const operations = Object.entries(document().paths).filter(([path]) => path.startsWith('/api/v1/'))
  assert.ok(operations.length > 0)
  for (const [path, methods] of operations) {
    for (const method of Object.keys(methods)) if (method !== 'delete') envelopeOf(method, path)
  }
})

function document(): Document {
  const file = join(here, FILE)
  assert.ok(existsSync(file), 'openapi/intelliauth.json is missing: `intelliauth openapi` prints it')
  return JSON.parse(readFileSync(file, 'utf8')) as Document
}

/** The two members of what an operation answers with when it succeeds. */
function envelopeOf(method: string, path: string): { data: Schema; meta: Schema } {
  const responses = Object.entries(document().paths[path]?.[method]?.responses ?? {})
  const [, success] = responses.find(([status]) => status.startsWith('2')) ?? []
  const schema = resolved(success?.content?.['application/json']?.schema ?? {})
  const what = `${method} ${path}`
  assert.deepEqual(Object.keys(schema.properties ?? {}).sort(), ['data', 'meta'], what)
  assert.deepEqual([...(schema.required ?? [])].sort(), ['data', 'meta'], what)
  const { data = {}, meta = {} } = schema.properties ?? {}
  return { data, meta }
}

function resolved(schema: Schema): Schema {
  if (schema.$ref === undefined) return schema
  const found = document().components.schemas[schema.$ref.split('/').pop() ?? '']
  assert.ok(found !== undefined, `the tenant has no schema ${schema.$ref}`)
  return found
}

function fieldsOf(name: string): Record<string, Field> {
  return membersOf({ $ref: `#/components/schemas/${name}` })
}

function membersOf(schema: Schema): Record<string, Field> {
  const fields: Record<string, Field> = {}
  const collect = (one: Schema): void => {
    const { allOf, properties, required } = resolved(one)
    for (const part of allOf ?? []) collect(part)
    for (const [field, held] of Object.entries(properties ?? {})) {
      fields[field] = { kinds: kindsOf(held), optional: required?.includes(field) !== true }
    }
  }
  collect(schema)
  return fields
}

function kindsOf({ type = [] }: Schema): string[] {
  const names: Record<string, string> = { integer: 'number', array: 'object' }
  return [type].flat().map((one) => names[one] ?? one)
}

/** Reads the fields of the interfaces in a file as the compiler sees them. */
function typesOf(file: string): (name: string) => Record<string, Field> {
  const program = ts.createProgram([file], { strict: true, exactOptionalPropertyTypes: true, noLib: false })
  const checker = program.getTypeChecker()
  const source = program.getSourceFile(file)
  return (name) => {
    const declaration = source?.statements.find(
      (one): one is ts.InterfaceDeclaration => ts.isInterfaceDeclaration(one) && one.name.text === name,
    )
    assert.ok(declaration !== undefined, `${name} is not declared`)
    const properties = checker.getTypeAtLocation(declaration).getProperties()
    return Object.fromEntries(
      properties.map((property) => {
        const optional = (property.flags & ts.SymbolFlags.Optional) !== 0
        const type = checker.getTypeOfSymbolAtLocation(property, declaration)
        return [property.name, { kinds: kindsIn(type), optional }]
      }),
    )
  }
}

function kindsIn(type: ts.Type): string[] {
  const parts = type.isUnion() ? type.types : [type]
  const kinds = parts.map(({ flags }) => {
    if (flags & ts.TypeFlags.StringLike) return 'string'
    if (flags & ts.TypeFlags.NumberLike) return 'number'
    if (flags & ts.TypeFlags.BooleanLike) return 'boolean'
    if (flags & ts.TypeFlags.Null) return 'null'
    return flags & ts.TypeFlags.Undefined ? 'undefined' : 'object'
  })
  return [...new Set(kinds)].filter((kind) => kind !== 'undefined')
}
