// `make demo`: a tenant and the quickstart's API on this machine, proved with real requests, then left running.
// `make demo ONCE=1`: the same proof on throw-away data, then everything is stopped; the exit code is the verdict.
// `make demo DB=postgres`: the tenant keeps its data in a PostgreSQL that is started for it and goes with it.
import { join } from 'node:path'
import { appWide, management, perRoute, runChecks } from './demo/checks.mjs'
import { prepareExample, readEnvironment, runManagement, startApp } from './demo/example.mjs'
import { bold, complaint, note, Reported, step, table, title } from './demo/screen.mjs'
import { run, stopAll } from './local/children.mjs'
import { freePort, isFree } from './local/ports.mjs'
import { startPostgres } from './local/postgres.mjs'
import { binary, packSdk, ROOT, tarballs } from './local/products.mjs'
import { scratch } from './local/project.mjs'
import { startTenant, userToken } from './local/tenant.mjs'

const ONCE = !['', '0', undefined].includes(process.env.ONCE)
const POSTGRES = process.env.DB === 'postgres'
const PACKED = process.env.INTELLIAUTH_PACKED === '1' // `make test-e2e` has just packed the SDK
const TENANT_PORT = 8480
const APP_PORT = 3000 // the quickstart's code says so
const PER_ROUTE_PORT = 3001

const rubbish = []

class Refused extends Error {}

/** Chooses ports and directories, refusing before anything is built when the machine has no room. */
async function choosePlaces() {
  if (!(await isFree(APP_PORT))) {
    throw new Refused(
      `port ${APP_PORT} is taken, and the quickstart's app, which runs here unchanged, listens on it; ` +
        'stop what listens there and start the demo again.',
    )
  }
  const thrown = ONCE || POSTGRES ? await throwAway() : {}
  if (ONCE) {
    const ports = { port: await freePort(), perRoutePort: await freePort() }
    return { ...thrown, ...ports, envFile: join(thrown.data, '..', '.env') }
  }
  if (!(await isFree(TENANT_PORT, '127.0.0.1'))) {
    throw new Refused(`port ${TENANT_PORT} is taken: is another demo or 'intelliauth dev' still running?`)
  }
  const perRoutePort = (await isFree(PER_ROUTE_PORT)) ? PER_ROUTE_PORT : await freePort()
  const kept = { data: join(ROOT, '.intelliauth'), envFile: join(ROOT, '.env') }
  return { ...kept, ...thrown, port: TENANT_PORT, perRoutePort }
}

/** A data directory that goes with the demo, and the PostgreSQL if one is wanted. */
async function throwAway() {
  const directory = await scratch('demo')
  rubbish.push(directory)
  if (!POSTGRES) return { data: join(directory.path, 'data') }
  const server = await startPostgres(join('/tmp', `intelliauth-demo-postgres-${process.pid}`))
  rubbish.push({ remove: server.stop })
  return { data: join(directory.path, 'data'), databaseUrl: server.url }
}

async function build() {
  title('Building')
  const path = await step('the tenant (cargo build)', binary)
  if (!PACKED) {
    await step('npm dependencies', installDependencies)
    await step('the SDK and its native engine, packed', packSdk)
  }
  return { path, packages: await tarballs() }
}

async function installDependencies() {
  await run('make', ['--silent', 'node_modules/.installed'], { cwd: ROOT })
}

async function begin({ path, packages }, places) {
  title('Starting')
  const { data, databaseUrl, port, envFile } = places
  const tenant = await step(`the tenant on port ${port}`, () =>
    startTenant({ binary: path, data, databaseUrl, port, envFile }),
  )
  const environment = await readEnvironment(envFile)
  const example = await step("the quickstart's project, installed from the tarball", () =>
    prepareExample([packages.sdk, ...packages.addon], tenant.info.user.id),
  )
  rubbish.push(example)
  await step(`the app-wide form on port ${APP_PORT}`, () =>
    startApp(example, 'app-wide', APP_PORT, environment),
  )
  await step(`the per-route form on port ${places.perRoutePort}`, () =>
    startApp(example, 'per-route', places.perRoutePort, {
      ...environment,
      PORT: String(places.perRoutePort),
    }),
  )
  return { tenant, snippet: () => runManagement(example, environment) }
}

async function prove({ tenant, snippet }, places) {
  title('app.use(requireSession(…))')
  let failures = await runChecks(appWide(tenant, APP_PORT))
  title("app.get('/private', requireSession(…), …)")
  failures += await runChecks(perRoute(tenant, places.perRoutePort))
  title('new ManagementClient(…)')
  failures += await runChecks(management(tenant, snippet))
  return failures
}

async function showAround({ tenant }, places) {
  const { info } = tenant
  title('Running')
  table([
    ['tenant', info.tenant_url],
    ['console', `${info.console_url}  ${info.admin.email} / ${info.admin.password}`],
    ['API, app-wide', `http://localhost:${APP_PORT}/me`],
    ['API, per route', `http://localhost:${places.perRoutePort}/public, /private`],
    ['audience', info.audience],
    ['user', `${info.user.email} / ${info.user.password}  (${info.user.id})`],
    ['machine client', `${info.m2m.client_id} / ${info.m2m.client_secret}`],
    ['browser client', info.spa.client_id],
    ['environment', places.envFile],
    ['data', POSTGRES ? 'a PostgreSQL that goes with this demo' : info.data],
  ])
  const { access_token: token } = await userToken(tenant)
  title('Try it')
  process.stdout.write(`curl -i http://localhost:${APP_PORT}/me -H 'Authorization: Bearer ${token}'\n\n`)
  note(
    `these credentials are for this machine only; ${bold('Ctrl-C')} stops everything and ${POSTGRES ? 'throws the data away' : 'keeps the data'}`,
  )
}

/** Runs until a signal comes; a child that ends by itself ends the demo too. */
const waitForTheEnd = (tenant) =>
  Promise.race([
    interrupted,
    tenant.child.gone.then(() => {
      throw new Error(`the tenant ended by itself\n${tenant.child.complaints.trim()}`)
    }),
  ])

const interrupted = new Promise((resolve) => {
  process.once('SIGINT', resolve)
  process.once('SIGTERM', resolve)
})

async function demo() {
  const places = await choosePlaces()
  const stage = await begin(await build(), places)
  const failures = await prove(stage, places)
  title(failures === 0 ? 'Everything holds.' : `${failures} of the checks failed.`)
  if (failures > 0) return 1
  if (!ONCE) {
    await showAround(stage, places)
    await waitForTheEnd(stage.tenant)
  }
  return 0
}

async function clean() {
  await stopAll()
  await Promise.all(rubbish.map((directory) => directory.remove()))
}

/** A signal during the build or the checks must stop the children as well. */
const cutShort = interrupted.then(() => (ONCE ? 130 : 0))

let code = 1
try {
  code = await Promise.race([demo(), cutShort])
} catch (error) {
  if (error instanceof Refused) complaint(error.message)
  else if (!(error instanceof Reported)) complaint(error.stack ?? error.message)
}
await clean()
process.exit(code)
