use std::sync::Arc;

use intelliauth_model::{NewRevocation, RevocationKind};

use super::{
    fixtures::{END, NOW, open, open_one, put, revocation, user},
    race::race,
    users,
};
use crate::{Store, TenantWrite};

fn append(n: u64) -> TenantWrite {
    TenantWrite::AppendRevocation(revocation(n))
}

pub(super) async fn revocations_are_numbered_from_one(store: &Arc<dyn Store>) {
    let [tenant, other] = open(store, [1, 2]).await;
    assert_eq!(tenant.versions().await.unwrap().revocations, 0);
    let kinds = [
        RevocationKind::Token,
        RevocationKind::Session,
        RevocationKind::User,
        RevocationKind::Client,
        RevocationKind::Tenant,
    ];
    let entries: Vec<_> = (1..).zip(kinds).map(|(n, kind)| NewRevocation { kind, ..revocation(n) }).collect();
    let (first, rest) = entries.split_first().unwrap();
    let done = put(&tenant, [TenantWrite::AppendRevocation(*first)]).await.unwrap();
    assert_eq!(done.revocation_seqs, [1]);
    let done = put(&tenant, rest.iter().copied().map(TenantWrite::AppendRevocation)).await.unwrap();
    assert_eq!(done.revocation_seqs, [2, 3, 4, 5], "in the order of the writes");
    assert_eq!(put(&other, [append(1)]).await.unwrap().revocation_seqs, [1], "each tenant counts for itself");

    let log = tenant.revocations_after(0, 100).await.unwrap();
    assert_eq!(log.iter().map(|line| line.seq).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
    assert_eq!(log.iter().map(|line| line.entry).collect::<Vec<_>>(), entries);
    assert_eq!(tenant.revocations_after(2, 2).await.unwrap(), log[2..4]);
    assert_eq!(tenant.revocations_after(5, 100).await.unwrap(), []);
    assert_eq!(tenant.revocations_after(99, 100).await.unwrap(), []);
    assert_eq!(tenant.revocations_after(-1, 1).await.unwrap(), log[..1]);
    assert_eq!(tenant.versions().await.unwrap().revocations, 5);
}

pub(super) async fn an_undone_transaction_gives_its_number_back(store: &Arc<dyn Store>) {
    let tenant = open_one(store).await;
    put(&tenant, [append(1), users::insert(&user(1))]).await.unwrap();
    put(&tenant, [append(2), users::insert(&user(1))]).await.unwrap_err();
    assert_eq!(tenant.versions().await.unwrap().revocations, 1);
    assert_eq!(put(&tenant, [append(3)]).await.unwrap().revocation_seqs, [2]);
    let log = tenant.revocations_after(0, 100).await.unwrap();
    assert_eq!(log.iter().map(|line| line.entry).collect::<Vec<_>>(), [revocation(1), revocation(3)]);
}

pub(super) async fn numbers_have_no_gaps_under_concurrency(store: &Arc<dyn Store>) {
    let tenant = open_one(store).await;
    put(&tenant, [users::insert(&user(1))]).await.unwrap();
    // Every third transaction takes a number and then fails, which must not leave a hole.
    let results = race(90, |n| {
        let tenant = Arc::clone(&tenant);
        async move {
            let writes = vec![append(2 * n), append(2 * n + 1)];
            let failing = (n % 3 == 0).then(|| users::insert(&user(1)));
            (n, put(&tenant, writes.into_iter().chain(failing)).await)
        }
    })
    .await;
    let mut given = Vec::new();
    for (n, result) in results {
        assert_eq!(result.is_err(), n % 3 == 0);
        for (k, seq) in (0..).zip(result.unwrap_or_default().revocation_seqs) {
            given.push((seq, revocation(2 * n + k)));
        }
    }
    given.sort_by_key(|(seq, _)| *seq);
    assert_eq!(given.iter().map(|(seq, _)| *seq).collect::<Vec<_>>(), (1..=120).collect::<Vec<_>>());
    let log = tenant.revocations_after(0, 1000).await.unwrap();
    assert_eq!(log.iter().map(|line| (line.seq, line.entry)).collect::<Vec<_>>(), given);
    assert_eq!(tenant.versions().await.unwrap().revocations, 120);
}

pub(super) async fn a_number_is_never_used_again(store: &Arc<dyn Store>) {
    let tenant = open_one(store).await;
    let long = NewRevocation { expires_at: END.plus_seconds(3600), ..revocation(2) };
    put(&tenant, [append(1), TenantWrite::AppendRevocation(long), append(3)]).await.unwrap();
    let forget = |now| [TenantWrite::ForgetExpired { now, limit: 100 }];
    put(&tenant, forget(NOW)).await.unwrap();
    assert_eq!(tenant.revocations_after(0, 100).await.unwrap().len(), 3, "none is past its time");
    assert_eq!(put(&tenant, forget(END)).await.unwrap().forgotten, 2);
    let left = tenant.revocations_after(0, 100).await.unwrap();
    assert_eq!(left.iter().map(|line| (line.seq, line.entry)).collect::<Vec<_>>(), [(2, long)]);
    assert_eq!(tenant.versions().await.unwrap().revocations, 3, "the head stays where it was");
    assert_eq!(put(&tenant, [append(4)]).await.unwrap().revocation_seqs, [4]);
    put(&tenant, forget(END.plus_seconds(3600))).await.unwrap();
    assert_eq!(tenant.revocations_after(0, 100).await.unwrap(), []);
    assert_eq!(tenant.versions().await.unwrap().revocations, 4);
}
