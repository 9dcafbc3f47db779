//! Every write there is, for the cases that must try them all.

use std::sync::Arc;

use intelliauth_model::{JobEnd, NewRevocation, SingleUseKind, Timestamp, Version};

use super::fixtures::{
    CURRENT, END, NEXT, NOW, PREVIOUS, admin, application, application_id, audience, event, hash, job, key,
    lease, put, record, revocation, secret, session, single_use, tenant, user, user_id,
};
use crate::{PlatformTx, PlatformWrite, Store, TenantStore, TenantWrite};

pub(super) const CODE: SingleUseKind = SingleUseKind::AuthorizationCode;

/// One row of everything, each with `mark` somewhere in it and with the same keys in whatever tenant.
pub(super) async fn seed(store: &Arc<dyn Store>, tenant: &Arc<dyn TenantStore>, mark: &str) {
    let byte = mark.as_bytes()[0];
    let mut admin = admin(1);
    admin.password_hash.0 = mark.to_owned();
    let mut audience = audience(1);
    audience.name = mark.to_owned();
    let mut user = user(1);
    user.profile.name = Some(mark.to_owned());
    let mut application = application(1);
    application.name = mark.to_owned();
    let mut secret = secret(1, 1);
    secret.hash = [byte; 32];
    let mut session = session(1, 1);
    session.amr = vec![mark.to_owned()];
    let mut key = key(1, CURRENT);
    key.public_jwk = mark.to_owned();
    let mut single_use = single_use(1, CODE);
    single_use.payload = mark.to_owned();
    let mut record = record("key", 1);
    record.answer.resource_id = mark.to_owned();
    let mut event = event(1);
    event.data = mark.to_owned();
    let writes = [
        TenantWrite::InsertAdmin(Box::new(admin)),
        TenantWrite::InsertAudience(Box::new(audience)),
        TenantWrite::InsertUser(Box::new(user)),
        TenantWrite::InsertApplication(Box::new(application)),
        TenantWrite::InsertClientSecret(Box::new(secret)),
        TenantWrite::InsertSession(Box::new(session)),
        TenantWrite::InsertKey(Box::new(key)),
        TenantWrite::AppendRevocation(NewRevocation { id_hash: [byte; 16], ..revocation(1) }),
        TenantWrite::InsertSingleUse(Box::new(single_use)),
        TenantWrite::RememberIdempotency { record: Box::new(record), now: NOW },
        TenantWrite::AppendEvent(Box::new(event)),
        TenantWrite::ScheduleJob { name: job(1), at: NOW },
    ];
    put(tenant, writes).await.unwrap();
    // The mark is the moment at which the lease ends; a job that is held is not due, so this takes no other.
    let until = Timestamp(END.0 + i64::from(byte));
    let take = PlatformWrite::LeaseJobs { lease: lease(1), now: NOW, until, limit: 10 };
    assert_eq!(store.commit(PlatformTx::new().with(take)).await.unwrap().leased.len(), 1);
}

/// Every write, in an order in which each succeeds on tenant 1 after [`seed`].
pub(super) fn every_write() -> Vec<TenantWrite> {
    let mut renamed = tenant(1);
    renamed.name = String::from("Renamed");
    let mut changed = user(1);
    changed.profile.name = Some("Changed".to_owned());
    let expected = Version::FIRST;
    let mut writes = vec![
        TenantWrite::UpdateTenant { tenant: Box::new(renamed), expected },
        TenantWrite::InsertAdmin(Box::new(admin(2))),
        TenantWrite::InsertAudience(Box::new(audience(2))),
        TenantWrite::DeleteAudience(audience(1).id),
        TenantWrite::InsertUser(Box::new(user(2))),
        TenantWrite::UpdateUser { user: Box::new(changed), expected },
        TenantWrite::EndSession { id: session(1, 1).id, at: NOW },
        TenantWrite::InsertSession(Box::new(session(2, 2))),
        TenantWrite::DeleteUser { id: user_id(1), expected: expected.next() },
    ];
    writes.extend([
        TenantWrite::InsertApplication(Box::new(application(2))),
        TenantWrite::UpdateApplication { application: Box::new(application(1)), expected },
        TenantWrite::InsertClientSecret(Box::new(secret(2, 1))),
        TenantWrite::ExpireClientSecret { id: secret(2, 1).id, at: END },
        TenantWrite::DeleteClientSecret(secret(1, 1).id),
        TenantWrite::DeleteApplication { id: application_id(1), expected: expected.next() },
        TenantWrite::InsertKey(Box::new(key(2, NEXT))),
        TenantWrite::MoveKey { kid: key(1, CURRENT).kid, from: "current", to: PREVIOUS },
        TenantWrite::DeleteKey(key(1, CURRENT).kid),
        TenantWrite::AppendRevocation(revocation(2)),
        TenantWrite::InsertSingleUse(Box::new(single_use(2, CODE))),
        TenantWrite::ConsumeSingleUse { kind: CODE, hash: hash(1), now: NOW },
        TenantWrite::RememberIdempotency { record: Box::new(record("other", 1)), now: NOW },
        TenantWrite::ScheduleJob { name: job(2), at: NOW },
        TenantWrite::ExtendLease { name: job(1), lease: lease(1), until: END },
        TenantWrite::EndLease { name: job(1), lease: lease(1), end: JobEnd::Done { again_at: END } },
        TenantWrite::AppendEvent(Box::new(event(2))),
        TenantWrite::ForgetExpired { now: END, limit: 1000 },
    ]);
    writes
}

/// A write's name. A new write fails to compile here, which is a reminder to add it to [`every_write`] (a
/// unit test insists).
pub(super) fn name(write: &TenantWrite) -> &'static str {
    match write {
        TenantWrite::UpdateTenant { .. } => "UpdateTenant",
        TenantWrite::InsertAdmin(_) => "InsertAdmin",
        TenantWrite::InsertAudience(_) => "InsertAudience",
        TenantWrite::DeleteAudience(_) => "DeleteAudience",
        TenantWrite::InsertUser(_) => "InsertUser",
        TenantWrite::UpdateUser { .. } => "UpdateUser",
        TenantWrite::DeleteUser { .. } => "DeleteUser",
        TenantWrite::InsertApplication(_) => "InsertApplication",
        TenantWrite::UpdateApplication { .. } => "UpdateApplication",
        TenantWrite::DeleteApplication { .. } => "DeleteApplication",
        TenantWrite::InsertClientSecret(_) => "InsertClientSecret",
        TenantWrite::ExpireClientSecret { .. } => "ExpireClientSecret",
        TenantWrite::DeleteClientSecret(_) => "DeleteClientSecret",
        TenantWrite::InsertSession(_) => "InsertSession",
        TenantWrite::EndSession { .. } => "EndSession",
        TenantWrite::InsertKey(_) => "InsertKey",
        TenantWrite::MoveKey { .. } => "MoveKey",
        TenantWrite::DeleteKey(_) => "DeleteKey",
        TenantWrite::AppendRevocation(_) => "AppendRevocation",
        TenantWrite::InsertSingleUse(_) => "InsertSingleUse",
        TenantWrite::ConsumeSingleUse { .. } => "ConsumeSingleUse",
        TenantWrite::RememberIdempotency { .. } => "RememberIdempotency",
        TenantWrite::ForgetExpired { .. } => "ForgetExpired",
        TenantWrite::ScheduleJob { .. } => "ScheduleJob",
        TenantWrite::ExtendLease { .. } => "ExtendLease",
        TenantWrite::EndLease { .. } => "EndLease",
        TenantWrite::AppendEvent(_) => "AppendEvent",
    }
}
