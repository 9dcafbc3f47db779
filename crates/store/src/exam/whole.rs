//! A store with a little of everything, and all that can be seen of it: what a move must not change.
#![allow(missing_docs, reason = "a fixture is named by what it makes")]

use std::sync::Arc;

use super::{
    fixtures::{
        self, END, NOW, event, open, organisation, put, record, revocation, session, single_use, tenant, user,
    },
    tenancy::{look, look_from_above},
    writes::{CODE, every_write, seed},
};
use crate::{PlatformTx, PlatformWrite, Store, TenantWrite};

/// How many users one of the tenants has: more than go in one batch.
const MANY: u64 = 1_234;

/// Fills an empty store.
pub async fn fill(store: &Arc<dyn Store>) {
    let [one, two, _empty] = open(store, [1, 2, 3]).await;
    let more = PlatformTx::new()
        .with(PlatformWrite::InsertOrganisation(Box::new(organisation(2))))
        .with(PlatformWrite::AppendEvent(Box::new(event(8))));
    store.commit(more).await.unwrap();
    seed(store, &one, "a").await;
    seed(store, &two, "b").await;
    put(&one, every_write()).await.unwrap();
    put(&two, (10..10 + MANY).map(|n| TenantWrite::InsertUser(Box::new(user(n))))).await.unwrap();
    // What has no row of its own any more, and what is spent.
    let writes = [
        TenantWrite::AppendRevocation(revocation(2)),
        TenantWrite::ForgetExpired { now: END, limit: 1_000 },
        TenantWrite::InsertSingleUse(Box::new(single_use(5, CODE))),
        TenantWrite::ConsumeSingleUse { kind: CODE, hash: fixtures::hash(5), now: NOW },
        TenantWrite::InsertSession(Box::new(session(5, 10))),
        TenantWrite::RememberIdempotency { record: Box::new(record("later", 1)), now: NOW },
        TenantWrite::AppendRevocation(revocation(3)),
    ];
    put(&two, writes).await.unwrap();
}

/// All that can be seen of a store that was filled so.
pub async fn contents(store: &Arc<dyn Store>) -> Vec<String> {
    let mut seen = Vec::new();
    for n in 1..=3 {
        seen.extend(look_from_above(store, n).await);
        seen.extend(look(&store.scoped(tenant(n).id)).await);
    }
    seen.into_iter().map(|(method, rows)| format!("{method}: {rows:?}")).collect()
}

/// Tells rows apart well enough for a test.
#[must_use]
pub fn hash(bytes: &[u8]) -> [u8; 32] {
    let mut out = [0_u8; 32];
    for (index, byte) in bytes.iter().enumerate() {
        out[index % 32] = out[index % 32].rotate_left(3).wrapping_add(*byte);
    }
    out
}

/// Asks what only a store that knows its past can tell: nothing spent works again, nothing taken is free, numbers
/// go on where they were.
pub async fn remembers(store: &Arc<dyn Store>) {
    let two = store.scoped(tenant(2).id);
    let again = [TenantWrite::InsertSingleUse(Box::new(single_use(5, CODE)))];
    put(&two, again).await.expect_err("a spent secret was forgotten");
    put(&two, [TenantWrite::ConsumeSingleUse { kind: CODE, hash: fixtures::hash(5), now: NOW }])
        .await
        .expect_err("a spent secret was spent again");
    put(&two, [TenantWrite::InsertUser(Box::new(user(10)))]).await.expect_err("an address was given twice");
    let done = put(&two, [TenantWrite::AppendRevocation(revocation(4))]).await.unwrap();
    assert_eq!(done.revocation_seqs, [4]);
}
