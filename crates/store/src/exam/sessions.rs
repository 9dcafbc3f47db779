use std::sync::Arc;

use intelliauth_model::{AssuranceLevel, Session, SessionState};

use super::{
    fixtures::{ALL, NOW, open_one, put, session, user, user_id},
    users,
};
use crate::{Constraint, Entity, Page, Store, StoreError, TenantWrite};

fn insert(row: &Session) -> TenantWrite {
    TenantWrite::InsertSession(Box::new(row.clone()))
}

pub(super) async fn sessions_come_back_as_they_went_in(store: &Arc<dyn Store>) {
    let tenant = open_one(store).await;
    put(&tenant, [users::insert(&user(1))]).await.unwrap();
    let levels = [AssuranceLevel::Aal1, AssuranceLevel::Aal2, AssuranceLevel::Aal3];
    for (n, level) in (1..).zip(levels) {
        let row = Session { level, amr: vec!["pwd".to_owned(), "otp".to_owned()], ..session(n, 1) };
        put(&tenant, [insert(&row)]).await.unwrap();
        assert_eq!(tenant.session(row.id).await.unwrap(), Some(row));
    }
    let ended = Session { state: SessionState::Ended { at: NOW }, amr: Vec::new(), ..session(4, 1) };
    put(&tenant, [insert(&ended)]).await.unwrap();
    assert_eq!(tenant.session(ended.id).await.unwrap(), Some(ended), "ended ones stay until forgotten");
    assert_eq!(tenant.session(session(5, 1).id).await.unwrap(), None);
    assert_eq!(
        put(&tenant, [insert(&session(1, 1))]).await,
        Err(StoreError::Conflict(Constraint::PrimaryKey))
    );
}

pub(super) async fn a_session_ends_once(store: &Arc<dyn Store>) {
    let tenant = open_one(store).await;
    put(&tenant, [users::insert(&user(1)), insert(&session(1, 1))]).await.unwrap();
    let end = |n, at| [TenantWrite::EndSession { id: session(n, 1).id, at }];
    put(&tenant, end(1, NOW)).await.unwrap();
    let stale = Err(StoreError::Stale(Entity::Session));
    assert_eq!(put(&tenant, end(1, NOW.plus_seconds(1))).await, stale);
    assert_eq!(put(&tenant, end(2, NOW)).await, stale);
    let found = tenant.session(session(1, 1).id).await.unwrap().unwrap();
    assert_eq!(found.state, SessionState::Ended { at: NOW }, "the first end stands");
}

pub(super) async fn a_session_needs_its_user(store: &Arc<dyn Store>) {
    let tenant = open_one(store).await;
    assert_eq!(put(&tenant, [insert(&session(1, 1))]).await, Err(StoreError::Stale(Entity::User)));
    assert_eq!(tenant.session(session(1, 1).id).await.unwrap(), None);
}

pub(super) async fn a_users_sessions_are_listed_newest_first(store: &Arc<dyn Store>) {
    let tenant = open_one(store).await;
    put(&tenant, [users::insert(&user(1)), users::insert(&user(2))]).await.unwrap();
    put(&tenant, [3, 1, 4, 2].map(|n| insert(&session(n, 1)))).await.unwrap();
    put(&tenant, [insert(&session(5, 2))]).await.unwrap();
    let own = [4, 3, 2, 1].map(|n| session(n, 1));
    assert_eq!(tenant.sessions_of(user_id(1), ALL).await.unwrap(), own);
    let page = Page { before: Some(session(4, 1).id.to_bytes()), limit: 2 };
    assert_eq!(tenant.sessions_of(user_id(1), page).await.unwrap(), own[1..3]);
    assert_eq!(tenant.sessions_of(user_id(2), ALL).await.unwrap(), [session(5, 2)]);
    assert_eq!(tenant.sessions_of(user_id(3), ALL).await.unwrap(), []);
}
