use std::sync::Arc;

use super::{
    fixtures::{audience, open, open_one, put, tenant, tx, user},
    users,
    writes::{every_write, name, seed},
};
use crate::{PlatformTx, PlatformWrite, Store, TenantWrite};

pub(super) async fn the_configuration_grows_with_exactly_the_writes_that_touch_it(store: &Arc<dyn Store>) {
    let [scoped, other] = open(store, [1, 2]).await;
    seed(store, &scoped, "a").await;
    let others = other.versions().await.unwrap().configuration;
    assert!(others > 0, "0 is for tenants that are not there");
    for write in every_write() {
        let (name, touches) = (name(&write), write.touches_configuration());
        let before = scoped.versions().await.unwrap().configuration;
        put(&scoped, [write]).await.unwrap();
        let after = scoped.versions().await.unwrap().configuration;
        if touches {
            assert!(after > before, "{name}: {before} to {after}");
        } else {
            assert_eq!(after, before, "{name}");
        }
    }
    assert_eq!(other.versions().await.unwrap().configuration, others);

    let within = tx([TenantWrite::InsertAudience(Box::new(audience(7)))]);
    store.commit(PlatformTx::new().with(PlatformWrite::Within(tenant(2).id, within))).await.unwrap();
    assert!(other.versions().await.unwrap().configuration > others, "also when it comes from above");
}

pub(super) async fn an_undone_write_does_not_touch_the_configuration(store: &Arc<dyn Store>) {
    let scoped = open_one(store).await;
    put(&scoped, [users::insert(&user(1))]).await.unwrap();
    let before = scoped.versions().await.unwrap().configuration;
    let writes = [TenantWrite::InsertAudience(Box::new(audience(1))), users::insert(&user(1))];
    put(&scoped, writes).await.unwrap_err();
    assert_eq!(scoped.versions().await.unwrap().configuration, before);
}
