import assert from 'node:assert/strict'
import dns from 'node:dns'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { fetchWithLocalhost } from '../src/runtime/localhost.js'

/** A tenant that listens on 127.0.0.1 only and answers with what it was asked. */
async function echo(t: TestContext): Promise<number> {
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    const { method, url, headers } = request
    response.writeHead(url === '/empty' ? 204 : url === '/away' ? 302 : 200, {
      location: 'http://127.0.0.1:1/',
    })
    response.end(url === '/empty' ? undefined : JSON.stringify({ method, url, host: headers.host, body }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

/** Node 18 on a machine whose hosts file says `::1 localhost` first. */
function onlyIpv6(t: TestContext): void {
  t.mock.method(
    dns,
    'lookup',
    (_name: string, options: { all?: boolean }, done: (...args: unknown[]) => void) =>
      options.all ? done(null, [{ address: '::1', family: 6 }]) : done(null, '::1', 6),
  )
}

test('localhost that means ::1 first finds a tenant on 127.0.0.1', async (t) => {
  const port = await echo(t)
  onlyIpv6(t)
  await assert.rejects(globalThis.fetch(`http://localhost:${port}/`), 'the machine is as the test wants it')
  const response = await fetchWithLocalhost(`http://localhost:${port}/a?b=c`, {
    method: 'POST',
    body: 'x=1',
    headers: { 'content-type': 'text/plain' },
  })
  const expected = { method: 'POST', url: '/a?b=c', host: `localhost:${port}`, body: 'x=1' }
  assert.deepEqual(await response.json(), expected)
  assert.equal((await fetchWithLocalhost(`http://localhost:${port}/empty`, {})).status, 204)
  assert.equal((await fetchWithLocalhost(`http://localhost:${port}/away`, {})).status, 302, 'not followed')
})

test('a tenant under localhost is found although the resolver does not know its name', async (t) => {
  const port = await echo(t)
  const response = await fetchWithLocalhost(`http://banking-acme.localhost:${port}/`, {})
  assert.equal(((await response.json()) as { host: string }).host, `banking-acme.localhost:${port}`)
})

test('no other name is ever taken for this machine', async (t) => {
  const port = await echo(t)
  onlyIpv6(t)
  for (const host of ['localhost.example', 'tenant.example']) {
    await assert.rejects(fetchWithLocalhost(`http://${host}:${port}/`, {}))
  }
})

test('nobody at localhost is the error fetch gave', async (t) => {
  onlyIpv6(t)
  await assert.rejects(fetchWithLocalhost('http://localhost:1/', {}), TypeError)
})

test('an aborted request to localhost ends, also in the middle of its body', async (t) => {
  const server = createServer((_request, response) => void response.write('a'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  onlyIpv6(t)
  const abort = new AbortController()
  const { port } = server.address() as AddressInfo
  const response = await fetchWithLocalhost(`http://localhost:${port}/`, { signal: abort.signal })
  const body = response.text()
  abort.abort()
  await assert.rejects(body)
})
