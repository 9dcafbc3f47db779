use std::sync::Arc;

use intelliauth_model::{Actor, AdminId, Event, EventKind, Outcome, Target};

use super::{
    fixtures::{ALL, NOW, application_id, event, id, open_one, put, user, user_id},
    users,
};
use crate::{Constraint, Page, Store, StoreError, TenantWrite};

fn append(row: &Event) -> TenantWrite {
    TenantWrite::AppendEvent(Box::new(row.clone()))
}

pub(super) async fn events_come_back_as_they_went_in(store: &Arc<dyn Store>) {
    let tenant = open_one(store).await;
    let actors = [
        Actor::System,
        Actor::Operator,
        Actor::Client(application_id(1)),
        Actor::User(user_id(2)),
        Actor::Admin(AdminId::from_bytes(id(3))),
    ];
    let outcomes = [Outcome::Success, Outcome::Denied, Outcome::Failure];
    let targets = ["user", "application", "tenant", "key"];
    let mut rows: Vec<_> = (0..)
        .zip(EventKind::ALL)
        .map(|(n, kind)| {
            let pick = usize::try_from(n).unwrap();
            Event {
                kind: *kind,
                occurred_at: NOW.plus_seconds(-i64::try_from(n).unwrap()),
                actor: actors[pick % actors.len()].clone(),
                target: Target { kind: targets[pick % targets.len()], id: format!("target {n}") },
                outcome: outcomes[pick % outcomes.len()],
                request_id: (n % 2 == 0).then(|| format!("req_{n}")),
                ..event(n)
            }
        })
        .collect();
    put(&tenant, rows.iter().map(append)).await.unwrap();
    rows.reverse();
    assert_eq!(tenant.events(ALL).await.unwrap(), rows, "the order is that of the ids, not of the times");
}

pub(super) async fn events_are_listed_newest_first(store: &Arc<dyn Store>) {
    let tenant = open_one(store).await;
    put(&tenant, [5, 2, 4, 1, 3].map(|n| append(&event(n)))).await.unwrap();
    let page = |before, limit| Page { before, limit };
    assert_eq!(tenant.events(page(None, 2)).await.unwrap(), [5, 4].map(event));
    let cursor = Some(event(4).id.to_bytes());
    assert_eq!(tenant.events(page(cursor, 2)).await.unwrap(), [3, 2].map(event));
    // What is appended meanwhile is newer than the cursor and cannot shift the pages after it.
    put(&tenant, [append(&event(6))]).await.unwrap();
    assert_eq!(tenant.events(page(cursor, 9)).await.unwrap(), [3, 2, 1].map(event));
    assert_eq!(put(&tenant, [append(&event(6))]).await, Err(StoreError::Conflict(Constraint::PrimaryKey)));
}

pub(super) async fn an_event_stands_and_falls_with_its_transaction(store: &Arc<dyn Store>) {
    let tenant = open_one(store).await;
    put(&tenant, [users::insert(&user(1)), append(&event(1))]).await.unwrap();
    put(&tenant, [append(&event(2)), users::insert(&user(1))]).await.unwrap_err();
    put(&tenant, [users::insert(&user(2)), append(&event(1))]).await.unwrap_err();
    assert_eq!(tenant.events(ALL).await.unwrap(), [event(1)]);
    assert_eq!(tenant.user(user_id(2)).await.unwrap(), None, "no change without its event");
}
