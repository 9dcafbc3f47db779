use std::sync::Arc;

use intelliauth_model::Version;

use super::{
    fixtures::{
        ALL, CURRENT, application, audience, email, event, key, open_one, put, revocation, secret, session,
        user, user_id,
    },
    race::race,
    tenancy::look,
    users,
    writes::{CODE, seed},
};
use crate::{Committed, Constraint, Entity, Store, StoreError, TenantTx, TenantWrite, UserFilter};

pub(super) async fn a_failing_third_write_leaves_nothing(store: &Arc<dyn Store>) {
    let tenant = open_one(store).await;
    seed(store, &tenant, "a").await;
    let before = look(&tenant).await;
    let failures = [
        (users::insert(&user(1)), None),
        (
            TenantWrite::InsertAudience(Box::new(audience(1))),
            Some(StoreError::Conflict(Constraint::AudienceId)),
        ),
        (TenantWrite::InsertKey(Box::new(key(2, CURRENT))), Some(StoreError::Conflict(Constraint::KeyId))),
        (TenantWrite::AppendEvent(Box::new(event(1))), Some(StoreError::Conflict(Constraint::PrimaryKey))),
        (
            TenantWrite::InsertClientSecret(Box::new(secret(2, 9))),
            Some(StoreError::Stale(Entity::Application)),
        ),
        (TenantWrite::InsertSession(Box::new(session(2, 9))), Some(StoreError::Stale(Entity::User))),
        (TenantWrite::DeleteAudience(audience(9).id), Some(StoreError::Stale(Entity::Audience))),
        (
            TenantWrite::DeleteUser { id: user_id(1), expected: Version(7) },
            Some(StoreError::Stale(Entity::User)),
        ),
    ];
    for (failing, error) in failures {
        let writes = [
            TenantWrite::InsertUser(Box::new(user(2))),
            TenantWrite::AppendRevocation(revocation(2)),
            failing.clone(),
            TenantWrite::AppendEvent(Box::new(event(2))),
        ];
        let refusal = put(&tenant, writes).await.unwrap_err();
        assert!(error.is_none_or(|error| error == refusal), "{failing:?}: {refusal:?}");
        assert_eq!(look(&tenant).await, before, "{failing:?}");
    }
}

pub(super) async fn later_writes_see_earlier_ones(store: &Arc<dyn Store>) {
    let tenant = open_one(store).await;
    let insert_application = || TenantWrite::InsertApplication(Box::new(application(1)));
    let insert_secret = || TenantWrite::InsertClientSecret(Box::new(secret(1, 1)));
    assert_eq!(
        put(&tenant, [insert_secret(), insert_application()]).await,
        Err(StoreError::Stale(Entity::Application)),
        "the order is the one given"
    );
    let mut renamed = user(1);
    renamed.email = email(7);
    let life = [
        insert_application(),
        insert_secret(),
        users::insert(&user(1)),
        TenantWrite::InsertSession(Box::new(session(1, 1))),
        TenantWrite::UpdateUser { user: Box::new(renamed), expected: Version(1) },
        users::insert(&super::fixtures::user(2)),
        TenantWrite::DeleteUser { id: user_id(1), expected: Version(2) },
    ];
    put(&tenant, life).await.unwrap();
    assert_eq!(tenant.session(session(1, 1).id).await.unwrap(), None);
    assert_eq!(tenant.users(&UserFilter::default(), ALL).await.unwrap(), [user(2)]);
    assert_eq!(tenant.client_secrets(application(1).id).await.unwrap(), [secret(1, 1)]);
}

pub(super) async fn an_empty_transaction_does_nothing(store: &Arc<dyn Store>) {
    let tenant = open_one(store).await;
    let before = look(&tenant).await;
    assert_eq!(tenant.commit(TenantTx::new()).await, Ok(Committed::default()));
    assert_eq!(look(&tenant).await, before);
    assert_eq!(store.commit(crate::PlatformTx::new()).await, Ok(Committed::default()));
}

/// A store may commit many transactions together; each still succeeds or fails for itself.
pub(super) async fn neighbours_do_not_feel_a_failure(store: &Arc<dyn Store>) {
    let tenant = open_one(store).await;
    put(&tenant, [users::insert(&user(1))]).await.unwrap();
    let results = race(90, |n| {
        let tenant = Arc::clone(&tenant);
        let made = users::insert(&user(100 + n));
        let second = match n % 3 {
            0 => TenantWrite::AppendEvent(Box::new(event(n))),
            1 => users::insert(&intelliauth_model::User { email: email(1), ..user(1000 + n) }),
            _ => TenantWrite::ConsumeSingleUse { kind: CODE, hash: [0; 32], now: super::fixtures::NOW },
        };
        async move { (n, put(&tenant, [made, second]).await) }
    })
    .await;
    for (n, result) in results {
        let expected = match n % 3 {
            0 => Ok(Committed::default()),
            1 => Err(StoreError::Conflict(Constraint::UserEmail)),
            _ => Err(StoreError::Stale(Entity::SingleUse)),
        };
        assert_eq!(result, expected, "transaction {n}");
        assert_eq!(tenant.user(user_id(100 + n)).await.unwrap().is_some(), n % 3 == 0);
    }
    assert_eq!(tenant.events(ALL).await.unwrap().len(), 30);
}
