import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Published vectors are read where they lie and never copied here. `INTELLIAUTH_VECTORS` names the place. */
const PLACE =
  process.env.INTELLIAUTH_VECTORS ??
  join(dirname(fileURLToPath(import.meta.url)), '../../../../../shared/vectors')

/** Why there are none, or `false`: what `node:test` takes as `skip`. */
export const missingVectors: string | false = existsSync(PLACE)
  ? false
  : 'no published vectors here (INTELLIAUTH_VECTORS)'

if (missingVectors) console.log(`# ${missingVectors}`)

export function readVectors<T>(file: string): T {
  return JSON.parse(readFileSync(join(PLACE, file), 'utf8')) as T
}
