import { runtime } from '#runtime'
import { isPending, type Maybe } from '../maybe.js'
import type { Claims } from './claims.js'
import type { RevocationKind } from './feed.js'
import type { RevocationIds } from './revocations.js'

/** The feed carries this much of each SHA-256. */
const HASH_BYTES = 16

/** The ids under which a token may be revoked, hashed as the feed has them. */
export function revocationIdsOf({ jti, sid, sub, client_id, iss }: Claims): Maybe<RevocationIds> {
  const ids = [
    hashedId('token', jti),
    hashedId('session', sid ?? ''),
    hashedId('user', sub),
    hashedId('client', client_id),
    hashedId('tenant', iss),
  ]
  const named = ([token, session, user, client, tenant]: string[]) =>
    ({ token, session: sid === undefined ? null : session, user, client, tenant }) as RevocationIds
  return ids.some(isPending) ? Promise.all(ids).then(named) : named(ids as string[])
}

function hashedId(kind: RevocationKind, id: string): Maybe<string> {
  const hash = runtime.sha256(`${kind}:${id}`, HASH_BYTES)
  return isPending(hash) ? hash.then((text) => `${kind}:${text}`) : `${kind}:${hash}`
}
