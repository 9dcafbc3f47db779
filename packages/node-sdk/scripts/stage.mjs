// Lays out what is published: the build, the README, the licence, and a manifest without what only a source tree needs.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const PACKAGE = join(dirname(fileURLToPath(import.meta.url)), '..')
export const ROOT = join(PACKAGE, '..', '..')

/**
 * Stages the package in `folder`. `addons` are the platform packages it names as optional dependencies: all of them for a
 * release, none for a local tarball. They stand in no committed manifest because `npm ci` fails over one that is
 * not published yet.
 */
export function stage(folder, addons = []) {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  for (const name of ['dist', 'README.md'])
    cpSync(join(PACKAGE, name), join(folder, name), { recursive: true })
  cpSync(join(ROOT, 'LICENSE'), join(folder, 'LICENSE'))
  const { devDependencies, scripts, ...manifest } = JSON.parse(
    readFileSync(join(PACKAGE, 'package.json'), 'utf8'),
  )
  for (const condition of Object.keys(manifest.imports['#runtime'])) {
    if (condition.startsWith('intelliauth-source')) delete manifest.imports['#runtime'][condition]
  }
  if (addons.length > 0) {
    manifest.optionalDependencies = Object.fromEntries(addons.map((name) => [name, manifest.version]))
  }
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`)
}
