// The promises of the quickstart, each shown with a real request to a real process.
import assert from 'node:assert/strict'
import { setTimeout as wait } from 'node:timers/promises'
import { ask, bearer } from '../local/http.mjs'
import { at, managementAudience, revokeAsPublicClient } from '../local/oauth.mjs'
import { userToken } from '../local/tenant.mjs'
import { failed, passed } from './screen.mjs'

// The SDK polls every 5 s; the rest is room for a busy machine.
const REVOCATION_DEADLINE_MS = 20_000
const POLL_EVERY_MS = 250

const brief = (answer) => `${answer.status} ${answer.json?.error ?? answer.text.slice(0, 110)}`

function expectRefusal(answer, status, code) {
  assert.equal(answer.status, status, brief(answer))
  assert.equal(answer.json?.error, code, brief(answer))
  assert.match(answer.headers['www-authenticate'] ?? '', /^Bearer/, 'a WWW-Authenticate header')
}

/** Asks again until the answer is `status`, or the deadline passes. */
async function until(status, request) {
  const deadline = performance.now() + REVOCATION_DEADLINE_MS
  for (;;) {
    const answer = await request()
    if (answer.status === status || performance.now() > deadline) return answer
    await wait(POLL_EVERY_MS)
  }
}

/** The app-wide form: `GET /me` behind `app.use(requireSession(…))`. */
export const appWide = (tenant, port) => {
  const me = (headers) => ask({ port, path: '/me', headers })
  return [
    [
      'no token → 401',
      async () => {
        const answer = await me({})
        expectRefusal(answer, 401, 'missing_token')
        return brief(answer)
      },
    ],
    [
      "a user's token → 200 with sub and email",
      async () => {
        const { access_token: token } = await userToken(tenant)
        const answer = await me(bearer(token))
        assert.equal(answer.status, 200, brief(answer))
        assert.deepEqual(answer.json, { sub: tenant.info.user.id, email: tenant.info.user.email })
        return brief(answer)
      },
    ],
    [
      'the same user, a token for another audience → 401',
      async () => {
        const { access_token: token } = await userToken(tenant, { audience: managementAudience(tenant) })
        const answer = await me(bearer(token))
        expectRefusal(answer, 401, 'invalid_audience')
        return brief(answer)
      },
    ],
    [
      'a good token, then revoked → 401',
      async () => {
        const { access_token: token } = await userToken(tenant)
        assert.equal((await me(bearer(token))).status, 200, 'the token works before it is revoked')
        const done = await revokeAsPublicClient(at(tenant), tenant.info.spa.client_id, token)
        assert.equal(done.status, 200, `the tenant revokes it: ${brief(done)}`)
        const began = performance.now()
        const answer = await until(401, () => me(bearer(token)))
        expectRefusal(answer, 401, 'token_revoked')
        return `${brief(answer)}, ${((performance.now() - began) / 1000).toFixed(1)} s after the revocation`
      },
    ],
  ]
}

/** The per-route form: one open route, one that needs a session. */
export const perRoute = (tenant, port) => [
  [
    'GET /public without a token → 200',
    async () => {
      const answer = await ask({ port, path: '/public' })
      assert.equal(answer.status, 200, brief(answer))
      assert.equal(answer.text, 'open to anyone')
      return brief(answer)
    },
  ],
  [
    'GET /private without a token → 401',
    async () => {
      const answer = await ask({ port, path: '/private' })
      expectRefusal(answer, 401, 'missing_token')
      return brief(answer)
    },
  ],
  [
    "GET /private with a user's token → 200 with the claims",
    async () => {
      const { access_token: token } = await userToken(tenant)
      const answer = await ask({ port, path: '/private', headers: bearer(token) })
      assert.equal(answer.status, 200, brief(answer))
      assert.equal(answer.json.user.sub, tenant.info.user.id)
      assert.equal(answer.json.user.aud, tenant.info.audience)
      return brief(answer)
    },
  ],
]

/** The management snippet: it prints what it got, this looks at it. */
export const management = (tenant, runSnippet) => {
  let output
  return [
    [
      'mgmt.users.get(…)',
      async () => {
        output = JSON.parse(await runSnippet())
        assert.equal(output.user.id, tenant.info.user.id)
        assert.equal(output.user.email, tenant.info.user.email)
        return `${output.user.id} ${output.user.email}`
      },
    ],
    [
      'mgmt.applications.list({ limit: 50 })',
      async () => {
        assert.ok(output, 'the snippet ran')
        assert.equal(output.apps.meta?.limit, 50)
        const ids = output.apps.data.map((application) => application.client_id)
        for (const { client_id: id } of [tenant.info.m2m, tenant.info.spa]) {
          assert.ok(ids.includes(id), `${id} is listed`)
        }
        return `${ids.length} applications`
      },
    ],
  ]
}

/** Runs checks one after another, says how each went, and gives how many failed. */
export async function runChecks(checks) {
  let failures = 0
  for (const [what, check] of checks) {
    try {
      passed(what, await check())
    } catch (error) {
      failures += 1
      failed(what, error.message)
    }
  }
  return failures
}
