use std::sync::Arc;

use intelliauth_model::{NewRevocation, SessionState, Timestamp};

use super::{
    fixtures::{
        ALL, END, NOW, application, application_id, hash, open, open_one, put, record, revocation, secret,
        session, single_use, user, user_id,
    },
    users,
    writes::CODE,
};
use crate::{Constraint, Store, StoreError, TenantStore, TenantWrite};

fn forget(now: Timestamp, limit: u32) -> [TenantWrite; 1] {
    [TenantWrite::ForgetExpired { now, limit }]
}

async fn with_owners(store: &Arc<dyn Store>) -> Arc<dyn TenantStore> {
    let tenant = open_one(store).await;
    add_owners(&tenant).await;
    tenant
}

async fn add_owners(tenant: &Arc<dyn TenantStore>) {
    let owners = [users::insert(&user(1)), TenantWrite::InsertApplication(Box::new(application(1)))];
    put(tenant, owners).await.unwrap();
}

/// One of everything that can be forgotten, number `n`, past its time at `end`.
fn mortal(n: u64, end: Timestamp) -> [TenantWrite; 5] {
    let mut secret = secret(n, 1);
    secret.expires_at = Some(end);
    let mut session = session(n, 1);
    session.expires_at = end;
    let mut single_use = single_use(n, CODE);
    single_use.expires_at = end;
    let mut record = record(&format!("key{n}"), 1);
    record.expires_at = end;
    [
        TenantWrite::AppendRevocation(NewRevocation { expires_at: end, ..revocation(n) }),
        TenantWrite::InsertSingleUse(Box::new(single_use)),
        TenantWrite::RememberIdempotency { record: Box::new(record), now: Timestamp(0) },
        TenantWrite::InsertSession(Box::new(session)),
        TenantWrite::InsertClientSecret(Box::new(secret)),
    ]
}

/// Which of revocations, single-use secrets, idempotency keys, sessions and client secrets are there, by
/// their numbers.
async fn there(tenant: &Arc<dyn TenantStore>, numbers: u64) -> [Vec<u64>; 5] {
    let mut there: [Vec<u64>; 5] = Default::default();
    let log = tenant.revocations_after(0, 1000).await.unwrap();
    let secrets = tenant.client_secrets(application_id(1)).await.unwrap();
    for n in 1..=numbers {
        let key = record(&format!("key{n}"), 1).key;
        let found = [
            log.iter().any(|line| line.entry.id_hash == revocation(n).id_hash),
            tenant.single_use(CODE, &hash(n)).await.unwrap().is_some(),
            tenant.idempotency(application_id(1), &key).await.unwrap().is_some(),
            tenant.session(session(n, 1).id).await.unwrap().is_some(),
            secrets.iter().any(|row| row.id == secret(n, 1).id),
        ];
        for (list, found) in there.iter_mut().zip(found) {
            if found {
                list.push(n);
            }
        }
    }
    there
}

pub(super) async fn what_is_past_its_time_is_forgotten(store: &Arc<dyn Store>) {
    let tenant = with_owners(store).await;
    put(&tenant, mortal(1, Timestamp(NOW.0 - 1))).await.unwrap();
    put(&tenant, mortal(2, NOW)).await.unwrap();
    put(&tenant, mortal(3, Timestamp(NOW.0 + 1))).await.unwrap();
    assert_eq!(there(&tenant, 3).await, [const { [1, 2, 3] }; 5]);
    let done = put(&tenant, forget(NOW, 100)).await.unwrap();
    assert_eq!(done.forgotten, 10);
    assert_eq!(there(&tenant, 3).await, [const { [3] }; 5]);
    assert_eq!(put(&tenant, forget(NOW, 100)).await.unwrap().forgotten, 0);

    put(&tenant, [TenantWrite::EndSession { id: session(3, 1).id, at: NOW }]).await.unwrap();
    assert_eq!(put(&tenant, forget(NOW, 100)).await.unwrap().forgotten, 1, "an ended session is of no use");
    assert_eq!(tenant.sessions_of(user_id(1), ALL).await.unwrap(), []);
}

pub(super) async fn what_is_not_past_its_time_stays(store: &Arc<dyn Store>) {
    let tenant = with_owners(store).await;
    put(&tenant, mortal(1, END)).await.unwrap();
    let mut ending = session(2, 1);
    ending.state = SessionState::Ended { at: END };
    put(
        &tenant,
        [
            TenantWrite::InsertClientSecret(Box::new(secret(2, 1))),
            TenantWrite::InsertSession(Box::new(ending)),
            TenantWrite::ConsumeSingleUse { kind: CODE, hash: hash(1), now: NOW },
        ],
    )
    .await
    .unwrap();
    assert_eq!(put(&tenant, forget(Timestamp(END.0 - 1), 100)).await.unwrap().forgotten, 0);
    assert_eq!(
        put(&tenant, [TenantWrite::InsertSingleUse(Box::new(single_use(1, CODE)))]).await,
        Err(StoreError::Conflict(Constraint::SingleUse)),
        "a spent secret is remembered until its hour"
    );
    put(&tenant, forget(Timestamp(i64::MAX), 100)).await.unwrap();
    assert_eq!(there(&tenant, 2).await[4], [2], "a secret without an end has none");
    assert_eq!(tenant.user(user_id(1)).await.unwrap(), Some(user(1)));
    assert_eq!(tenant.application(application_id(1)).await.unwrap(), Some(application(1)));
}

pub(super) async fn no_more_than_the_limit_is_forgotten(store: &Arc<dyn Store>) {
    let tenant = with_owners(store).await;
    for n in 1..=5 {
        put(&tenant, mortal(n, NOW)).await.unwrap();
    }
    let mut left = 5;
    for (limit, each) in [(0, 0), (2, 2), (2, 2), (2, 1), (2, 0)] {
        let done = put(&tenant, forget(NOW, limit)).await.unwrap();
        assert_eq!(done.forgotten, 5 * each, "of each of the five kinds");
        left -= each;
        for list in there(&tenant, 5).await {
            assert_eq!(u64::try_from(list.len()).unwrap(), left);
        }
    }
}

/// Another tenant's rows with the same keys are neither forgotten nor counted against the limit.
pub(super) async fn each_tenant_forgets_for_itself(store: &Arc<dyn Store>) {
    let [other, tenant] = open(store, [1, 2]).await;
    add_owners(&tenant).await;
    add_owners(&other).await;
    for n in 7..=9 {
        put(&other, mortal(n, Timestamp(NOW.0 - 1))).await.unwrap();
        put(&tenant, mortal(n, NOW)).await.unwrap();
    }
    // These come first by id, by tenant and by time, so a store that lets them in forgets nothing of ours.
    for n in 1..=6 {
        put(&other, mortal(n, Timestamp(NOW.0 - 2))).await.unwrap();
        let end = TenantWrite::EndSession { id: session(n, 1).id, at: Timestamp(NOW.0 - 2) };
        put(&other, [end]).await.unwrap();
    }
    assert_eq!(put(&tenant, forget(NOW, 3)).await.unwrap().forgotten, 15);
    assert_eq!(there(&tenant, 9).await, [const { [] as [u64; 0] }; 5]);
    assert_eq!(there(&other, 9).await, [const { [1, 2, 3, 4, 5, 6, 7, 8, 9] }; 5]);
}
