// --- the quickstart's snippet, unchanged; put one of your users' ids where `usr_01HZX...` stands ---
import { ManagementClient } from '@intelliauth/node-sdk'

const mgmt = new ManagementClient({
  tenantUrl: process.env.INTELLIAUTH_TENANT_URL!,
  clientId: process.env.INTELLIAUTH_M2M_CLIENT_ID!,
  clientSecret: process.env.INTELLIAUTH_M2M_CLIENT_SECRET!,
})

const user = await mgmt.users.get('usr_01HZX...')
const apps = await mgmt.applications.list({ limit: 50 })
// --- end of the snippet ---

console.log(JSON.stringify({ user, apps }))
