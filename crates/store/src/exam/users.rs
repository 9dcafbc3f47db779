use std::sync::Arc;

use intelliauth_model::{PasswordHash, Profile, User, UserState, Version};

use super::{
    fixtures::{ALL, NOW, email, open_one, put, session, user, user_id},
    race::{assert_one_winner, race},
};
use crate::{Constraint, Entity, Page, Store, StoreError, TenantStore, TenantWrite, UserFilter};

pub(super) fn insert(row: &User) -> TenantWrite {
    TenantWrite::InsertUser(Box::new(row.clone()))
}

fn update(row: &User, expected: i64) -> TenantWrite {
    TenantWrite::UpdateUser { user: Box::new(row.clone()), expected: Version(expected) }
}

fn delete(n: u64, expected: i64) -> TenantWrite {
    TenantWrite::DeleteUser { id: user_id(n), expected: Version(expected) }
}

async fn found(tenant: &Arc<dyn TenantStore>, prefix: &str) -> Vec<String> {
    let filter = UserFilter { email_prefix: Some(prefix.to_owned()) };
    let users = tenant.users(&filter, ALL).await.unwrap();
    users.into_iter().map(|user| user.email.as_str().to_owned()).collect()
}

pub(super) async fn users_come_back_as_they_went_in(store: &Arc<dyn Store>) {
    let tenant = open_one(store).await;
    let mut full = user(2);
    full.email_verified = false;
    full.profile = Profile {
        name: Some("Zoë Ångström 🦀".to_owned()),
        given_name: Some(String::new()),
        family_name: Some("O'Brien \"x\"".to_owned()),
        picture: Some("https://example.com/a.png".to_owned()),
        locale: Some("sv-SE".to_owned()),
    };
    full.password_hash = None;
    full.password_must_be_reset = true;
    full.state = UserState::Disabled { since: NOW };
    full.updated_at = NOW.plus_seconds(5);
    put(&tenant, [insert(&user(1)), insert(&full)]).await.unwrap();
    assert_eq!(tenant.user(user_id(1)).await.unwrap(), Some(user(1)));
    assert_eq!(tenant.user(full.id).await.unwrap().as_ref(), Some(&full));
    assert_eq!(tenant.user_by_email(&full.email).await.unwrap().as_ref(), Some(&full));
    assert_eq!(tenant.user(user_id(3)).await.unwrap(), None);
    assert_eq!(tenant.user_by_email(&email(3)).await.unwrap(), None);
}

pub(super) async fn a_users_address_is_taken_once(store: &Arc<dyn Store>) {
    let tenant = open_one(store).await;
    put(&tenant, [insert(&user(1)), insert(&user(2))]).await.unwrap();
    let mut twin = user(3);
    twin.email = email(1);
    let conflict = Err(StoreError::Conflict(Constraint::UserEmail));
    assert_eq!(put(&tenant, [insert(&twin)]).await, conflict);
    let mut moved = user(2);
    moved.email = email(1);
    assert_eq!(put(&tenant, [update(&moved, 1)]).await, conflict);
    let mut same_id = user(1);
    same_id.email = email(4);
    assert_eq!(put(&tenant, [insert(&same_id)]).await, Err(StoreError::Conflict(Constraint::PrimaryKey)));
    assert_eq!(tenant.user(user_id(1)).await.unwrap(), Some(user(1)));
}

pub(super) async fn a_user_update_names_its_revision(store: &Arc<dyn Store>) {
    let tenant = open_one(store).await;
    put(&tenant, [insert(&user(1))]).await.unwrap();
    let mut row = user(1);
    row.email = email(9);
    row.email_verified = false;
    row.profile.name = None;
    row.password_hash = Some(PasswordHash("$argon2id$new".to_owned()));
    row.password_must_be_reset = true;
    row.state = UserState::Disabled { since: NOW };
    row.updated_at = NOW.plus_seconds(1);
    row.version = Version(2);
    put(&tenant, [update(&row, 1)]).await.unwrap();
    assert_eq!(tenant.user(row.id).await.unwrap().as_ref(), Some(&row));
    assert_eq!(tenant.user_by_email(&email(1)).await.unwrap(), None);

    let stale = Err(StoreError::Stale(Entity::User));
    assert_eq!(put(&tenant, [update(&row, 1)]).await, stale);
    // The last is what a hostile If-Match can say; a store that adds one to it on the way ends there.
    for revision in [3, 0, -1, i64::MIN, i64::MAX] {
        assert_eq!(put(&tenant, [update(&row, revision)]).await, stale, "{revision}");
    }
    assert_eq!(put(&tenant, [update(&user(2), 1)]).await, stale);
    // The store counts, not the caller: a row handed over with its old revision gets the next one too.
    put(&tenant, [update(&row, 2)]).await.unwrap();
    assert_eq!(tenant.user(row.id).await.unwrap().unwrap().version, Version(3));
}

pub(super) async fn a_user_goes_with_its_sessions(store: &Arc<dyn Store>) {
    let tenant = open_one(store).await;
    put(&tenant, [insert(&user(1)), insert(&user(2))]).await.unwrap();
    let sessions = [session(1, 1), session(2, 1), session(3, 2)];
    put(&tenant, sessions.map(|row| TenantWrite::InsertSession(Box::new(row)))).await.unwrap();
    let stale = Err(StoreError::Stale(Entity::User));
    assert_eq!(put(&tenant, [delete(1, 2)]).await, stale);
    assert_eq!(tenant.session(session(1, 1).id).await.unwrap(), Some(session(1, 1)), "nothing was done");
    put(&tenant, [delete(1, 1)]).await.unwrap();
    assert_eq!(tenant.user(user_id(1)).await.unwrap(), None);
    assert_eq!(tenant.session(session(1, 1).id).await.unwrap(), None);
    assert_eq!(tenant.sessions_of(user_id(1), ALL).await.unwrap(), []);
    assert_eq!(tenant.sessions_of(user_id(2), ALL).await.unwrap(), [session(3, 2)]);
    assert_eq!(put(&tenant, [delete(1, 1)]).await, stale, "it is gone");
    let mut heir = user(3);
    heir.email = email(1);
    put(&tenant, [insert(&heir)]).await.expect("the address is free again");
}

pub(super) async fn users_are_listed_newest_first(store: &Arc<dyn Store>) {
    let tenant = open_one(store).await;
    put(&tenant, [4, 1, 7, 3, 6, 2, 5].map(|n| insert(&user(n)))).await.unwrap();
    let none = UserFilter::default();
    let mut seen = Vec::new();
    let mut before = None;
    loop {
        let page = tenant.users(&none, Page { before, limit: 3 }).await.unwrap();
        let Some(last) = page.last() else { break };
        assert!(page.len() <= 3);
        before = Some(last.id.to_bytes());
        seen.extend(page);
    }
    assert_eq!(seen, [7, 6, 5, 4, 3, 2, 1].map(user));
    // A cursor is a place in the order, whether or not its row is still there.
    put(&tenant, [delete(4, 1)]).await.unwrap();
    let page = Page { before: Some(user_id(4).to_bytes()), limit: 2 };
    assert_eq!(tenant.users(&none, page).await.unwrap(), [user(3), user(2)]);
    let everything = Page { before: None, limit: u32::MAX };
    assert_eq!(tenant.users(&none, everything).await.unwrap().len(), 6);
}

pub(super) async fn a_prefix_is_compared_byte_by_byte(store: &Arc<dyn Store>) {
    let tenant = open_one(store).await;
    let addresses =
        ["ada@a.com", "adam@a.com", "adb@a.com", "a_a@a.com", "a%a@a.com", "äda@a.com", "ad\u{10ffff}@a.com"];
    for (n, address) in (1..).zip(addresses) {
        let mut row = user(n);
        row.email = address.parse().unwrap();
        put(&tenant, [insert(&row)]).await.unwrap();
    }
    assert_eq!(found(&tenant, "").await.len(), addresses.len());
    assert_eq!(found(&tenant, "ada").await, ["adam@a.com", "ada@a.com"], "newest first");
    assert_eq!(found(&tenant, "ada@").await, ["ada@a.com"]);
    assert_eq!(found(&tenant, "ada@a.com").await, ["ada@a.com"]);
    assert_eq!(found(&tenant, "ad\u{10ffff}").await, ["ad\u{10ffff}@a.com"]);
    assert_eq!(found(&tenant, "ä").await, ["äda@a.com"]);
    // No wildcard of any database means anything, and neither does a folded case.
    assert_eq!(found(&tenant, "a_a").await, ["a_a@a.com"]);
    assert_eq!(found(&tenant, "a%").await, ["a%a@a.com"]);
    for nothing in ["%", "_", "ADA", "*", "da", "ada@a.com.", "\u{10ffff}", "'"] {
        assert_eq!(found(&tenant, nothing).await, [] as [&str; 0], "{nothing:?}");
    }
    let filter = UserFilter { email_prefix: Some("ad".to_owned()) };
    let page = Page { before: Some(user_id(7).to_bytes()), limit: 2 };
    let ids: Vec<_> = tenant.users(&filter, page).await.unwrap().iter().map(|user| user.id).collect();
    assert_eq!(ids, [user_id(3), user_id(2)]);
}

pub(super) async fn of_many_users_with_one_address_one_is_made(store: &Arc<dyn Store>) {
    let tenant = open_one(store).await;
    let results = race(50, |n| {
        let tenant = Arc::clone(&tenant);
        let mut row = user(n + 100);
        row.email = email(1);
        async move { put(&tenant, [insert(&row)]).await }
    })
    .await;
    assert_one_winner(results, &StoreError::Conflict(Constraint::UserEmail));
    assert_eq!(tenant.users(&UserFilter::default(), ALL).await.unwrap().len(), 1);
}

pub(super) async fn of_many_updates_of_one_revision_one_is_done(store: &Arc<dyn Store>) {
    let tenant = open_one(store).await;
    put(&tenant, [insert(&user(1))]).await.unwrap();
    let results = race(50, |n| {
        let tenant = Arc::clone(&tenant);
        let mut row = user(1);
        row.profile.name = Some(format!("Writer {n}"));
        async move { put(&tenant, [update(&row, 1)]).await }
    })
    .await;
    assert_one_winner(results, &StoreError::Stale(Entity::User));
    assert_eq!(tenant.user(user_id(1)).await.unwrap().unwrap().version, Version(2));
}
