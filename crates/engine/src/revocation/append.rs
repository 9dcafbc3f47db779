use intelliauth_model::{MAX_ACCESS_TOKEN_SECONDS, NewRevocation, RevocationKind, SessionId, Timestamp};
use intelliauth_store::TenantWrite;

use super::id_hash;
use crate::{Error, Tenancy, tenants::TRUSTED_MS};

/// How much longer than the last token an entry is kept: verifiers allow for clocks that differ.
const MARGIN_SECONDS: i64 = 300;

/// How far into the future the `iat` of a token may be moved, in seconds; verifiers allow 30.
pub(crate) const FURTHEST_AHEAD: i64 = 5;

/// Kills one token, by its `jti`, until it would have expired.
pub(crate) fn of_token(tenancy: &Tenancy, jti: &str, exp: i64) -> TenantWrite {
    TenantWrite::AppendRevocation(NewRevocation {
        kind: RevocationKind::Token,
        id_hash: id_hash(RevocationKind::Token, jti),
        not_before: tenancy.engine().now(),
        expires_at: Timestamp::from_seconds(exp).plus_seconds(MARGIN_SECONDS),
    })
}

/// Kills every token of a session, those issued later too: an ended session does not come back.
pub(crate) fn of_session(tenancy: &Tenancy, session: SessionId) -> TenantWrite {
    TenantWrite::AppendRevocation(NewRevocation {
        kind: RevocationKind::Session,
        id_hash: id_hash(RevocationKind::Session, &session.to_string()),
        not_before: tenancy.engine().now(),
        expires_at: last_death(tenancy.engine().now()),
    })
}

/// Kills every token of a user, client or tenant issued until now. `iat` counts in seconds and tokens may
/// have been issued in the second after an earlier revocation (see `oauth::mint`), by this process or by
/// another, so "now" reaches as far as the latest of those.
pub(crate) async fn until_now(
    tenancy: &Tenancy,
    kind: RevocationKind,
    id: &str,
) -> Result<TenantWrite, Error> {
    until(tenancy, kind, id, tenancy.engine().now()).await
}

/// The same for a user or client that is to get no more tokens: those count too that another process issues
/// before it has seen so, for they may be dated into the next second.
pub(crate) async fn for_good(
    tenancy: &Tenancy,
    kind: RevocationKind,
    id: &str,
) -> Result<TenantWrite, Error> {
    let seen_everywhere = Timestamp(tenancy.engine().now().0.saturating_add(TRUSTED_MS));
    until(tenancy, kind, id, seen_everywhere).await
}

async fn until(
    tenancy: &Tenancy,
    kind: RevocationKind,
    id: &str,
    now: Timestamp,
) -> Result<TenantWrite, Error> {
    // Another process may have revoked a moment ago and moved its tokens ahead since. What it does from here on
    // happens at the same time as this, and may as well come after.
    tenancy.entry().read_log(now).await?;
    let elsewhere = tenancy.entry().with_revocations(|state| state.latest_moved_iat(kind, id));
    let elsewhere = elsewhere.min(now.seconds() + FURTHEST_AHEAD);
    let not_before = now.seconds().max(tenancy.entry().latest_iat()).max(elsewhere);
    let not_before = Timestamp::from_seconds(not_before);
    Ok(TenantWrite::AppendRevocation(NewRevocation {
        kind,
        id_hash: id_hash(kind, id),
        not_before,
        expires_at: last_death(not_before),
    }))
}

fn last_death(now: Timestamp) -> Timestamp {
    now.plus_seconds(i64::from(MAX_ACCESS_TOKEN_SECONDS) + MARGIN_SECONDS)
}
