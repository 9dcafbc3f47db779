// The example's nginx, over TLS with a throw-away certificate.
import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { run } from '../../../scripts/local/children.mjs'
import { ask } from '../../../scripts/local/http.mjs'
import { freePort } from '../../../scripts/local/ports.mjs'
import { ROOT } from '../../../scripts/local/products.mjs'
import { startDaemon } from './daemon.mjs'
import { substituted } from './example.mjs'
import { ASK_AGAIN_MS, AUTHORITY } from './nodes.mjs'

const EXAMPLE = join(ROOT, 'examples/nginx/intelliauth.conf')
const NAMES = '*.auth.example.com'
const STARTED_WITHIN_MS = 10_000
const LOGGED_WITHIN_MS = 2_000

/**
 * Starts nginx with the example in front of two nodes. `send` asks it over TLS, `lines` reads its log, and `logged` the
 * log from a line on as soon as it says enough: nginx answers first.
 */
export async function startNginx(place, nodes) {
  const at = (name) => join(place.directory, name)
  const port = await freePort()
  await makeCertificate(at('tls.pem'), at('tls.key'))
  const example = substituted(await readFile(EXAMPLE, 'utf8'), [
    ['10.0.0.11:8480', `127.0.0.1:${nodes[0].port}`],
    ['10.0.0.12:8480', `127.0.0.1:${nodes[1].port}`],
    ['listen 443 ', `listen 127.0.0.1:${port} `],
    // There may be no IPv6 here.
    ['listen [::]:443 ', `listen 127.0.0.1:${await freePort()} `],
    ['/etc/nginx/tls/auth.example.com.pem', at('tls.pem')],
    ['/etc/nginx/tls/auth.example.com.key', at('tls.key')],
    ['/var/log/nginx/intelliauth.log', at('access.log')],
  ])
  await writeFile(at('intelliauth.conf'), example)
  await writeFile(at('nginx.conf'), surroundings(at))
  const child = startDaemon('nginx', ['-c', at('nginx.conf'), '-e', at('nginx-error.log')])
  child.stdout.resume()
  const tls = { ca: await readFile(at('tls.pem')) }
  const send = (request) => ask({ port, authority: AUTHORITY, tls, ...request })
  await answers(send, child)
  const lines = async () => {
    const text = await readFile(at('access.log'), 'utf8')
    // What follows the last end of line is nothing, or a line of which the rest is still to come.
    const whole = text.split('\n').slice(0, -1)
    return whole.map((line) => JSON.parse(line))
  }
  const logged = async (from, enough) => {
    const deadline = performance.now() + LOGGED_WITHIN_MS
    for (;;) {
      const found = (await lines()).slice(from)
      if (enough(found)) return found
      assert.ok(performance.now() < deadline, `the log does not say so: ${JSON.stringify(found)}`)
      await pause(ASK_AGAIN_MS)
    }
  }
  return { child, port, tls, send, lines, logged }
}

/** What the system's own nginx.conf is to a file in conf.d. */
const surroundings = (at) => `
daemon off;
worker_processes 2;
${process.getuid() === 0 ? `user ${userInfo().username};` : ''}
pid ${at('nginx.pid')};
error_log ${at('nginx-error.log')} info;
events {}
http {
  ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_temp_path ${at(kind)};`).join('\n  ')}
  access_log off;
  include ${at('intelliauth.conf')};
}
`

async function makeCertificate(certificate, key) {
  const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2']
  const names = ['-subj', '/CN=throw-away', '-addext', `subjectAltName=DNS:${NAMES}`]
  await run('openssl', ['req', ...kind, ...names, '-keyout', key, '-out', certificate])
}

async function answers(send, child) {
  const deadline = performance.now() + STARTED_WITHIN_MS
  while (!(await send({ path: '/readyz' }).catch(() => undefined))) {
    if (performance.now() > deadline || child.exitCode !== null) {
      throw new Error(`nginx did not start\n${child.complaints}`)
    }
    await pause(ASK_AGAIN_MS)
  }
}
