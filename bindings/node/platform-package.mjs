import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Writes the npm package of one platform. npm installs it only where `os`, `cpu` and `libc` fit, so that an
 * optional dependency does what other packages need an install script for.
 */
export function writePlatformPackage({ root, name, platform, version, addon }) {
  const folder = join(root, 'npm', name)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const file = `intelliauth.${name}.node`
  copyFileSync(addon, join(folder, file))
  copyFileSync(join(root, 'index.d.ts'), join(folder, 'index.d.ts'))
  copyFileSync(join(root, '..', '..', 'LICENSE'), join(folder, 'LICENSE'))
  writeFileSync(join(folder, 'index.js'), `module.exports = require('./${file}')\n`)
  writeFileSync(
    join(folder, 'package.json'),
    `${JSON.stringify(manifest(name, platform, version, file), null, 2)}\n`,
  )
  return folder
}

function manifest(name, platform, version, file) {
  return {
    name: `@intelliauth/node-sdk-${name}`,
    version,
    description: `Native engine of @intelliauth/node-sdk for ${name}`,
    license: 'Apache-2.0',
    repository: {
      type: 'git',
      url: 'git+https://github.com/intelliauth/intelliauth.git',
      directory: 'bindings/node',
    },
    engines: { node: '>=18' },
    os: [platform.os],
    cpu: [platform.cpu],
    ...(platform.libc === undefined ? {} : { libc: [platform.libc] }),
    main: 'index.js',
    types: 'index.d.ts',
    files: [file, 'index.js', 'index.d.ts', 'LICENSE'],
  }
}
