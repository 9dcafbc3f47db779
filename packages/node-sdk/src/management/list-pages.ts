import { ConfigurationError } from '../errors.js'
import type { Api } from './api.js'
import { IntelliAuthApiError } from './errors.js'
import { List } from './list.js'
import type { CallOptions, ListParams, Page } from './types.js'

/** Lists a collection. `filters` are query parameters beside `limit` and `cursor`. */
export function listOf<T>(
  api: Api,
  path: string,
  params: ListParams,
  filters: Readonly<Record<string, string | undefined>>,
  options: CallOptions | undefined,
): List<T> {
  const query = new URLSearchParams()
  if (params.limit !== undefined) query.set('limit', String(limit(params.limit)))
  for (const [name, value] of Object.entries({ ...filters, cursor: params.cursor })) {
    if (value !== undefined) query.set(name, text(name, value))
  }
  return new List<T>(async (cursor) => {
    const here = new URLSearchParams(query)
    if (cursor !== undefined) here.set('cursor', cursor)
    const page = pageOf<T>(await api.envelope({ method: 'GET', path, query: here, options }))
    // A tenant that hands out the cursor it was given would keep the loop running for ever.
    if (page.meta.next_cursor !== null && page.meta.next_cursor === here.get('cursor')) {
      throw invalidPage('the list does not advance')
    }
    return page
  })
}

function limit(value: unknown): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0) return value
  throw new ConfigurationError('limit', 'limit must be a positive whole number')
}

function text(name: string, value: unknown): string {
  if (typeof value === 'string') return value
  throw new ConfigurationError(name, `${name} must be a string`)
}

function pageOf<T>(answer: Record<string, unknown>): Page<T> {
  const meta = answer['meta'] as { next_cursor?: unknown } | null | undefined
  const next = meta?.next_cursor
  if (!Array.isArray(answer['data']) || (next !== null && (typeof next !== 'string' || next === ''))) {
    throw invalidPage('the answer is not a page of a list')
  }
  return answer as unknown as Page<T>
}

function invalidPage(message: string): IntelliAuthApiError {
  return new IntelliAuthApiError({ status: 200, code: 'invalid_response', message })
}
