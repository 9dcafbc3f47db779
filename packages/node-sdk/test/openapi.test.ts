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
}

interface Document {
  readonly components: { readonly schemas: Record<string, Schema> }
  readonly paths: Record<string, Record<string, { parameters?: { in: string; name: string }[] }>>
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

test('Page is the envelope of a list', () => {
  const { data, pagination } = document().components.schemas.ListBody_UserBody?.properties ?? {}
  assert.deepEqual(kindsOf(data ?? {}), ['object'])
  assert.equal(pagination?.$ref, '#/components/schemas/Pagination')
  assert.deepEqual(Object.keys(types('Page')).sort(), ['data', 'pagination'])
  assert.deepEqual(Object.keys(fieldsOf('Pagination')).sort(), ['limit', 'next_cursor'])
})

function document(): Document {
  const file = join(here, FILE)
  assert.ok(existsSync(file), 'openapi/intelliauth.json is missing: `intelliauth openapi` prints it')
  return JSON.parse(readFileSync(file, 'utf8')) as Document
}

function fieldsOf(name: string): Record<string, Field> {
  const { schemas } = document().components
  const found = schemas[name]
  assert.ok(found !== undefined, `the tenant has no schema ${name}`)
  const fields: Record<string, Field> = {}
  const collect = ({ $ref, allOf, properties, required }: Schema): void => {
    if ($ref !== undefined) collect(schemas[$ref.split('/').pop() ?? ''] ?? {})
    for (const part of allOf ?? []) collect(part)
    for (const [field, schema] of Object.entries(properties ?? {})) {
      fields[field] = { kinds: kindsOf(schema), optional: required?.includes(field) !== true }
    }
  }
  collect(found)
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
