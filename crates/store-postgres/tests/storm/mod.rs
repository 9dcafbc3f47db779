//! Writers that keep a list of what was acknowledged, and the examination of what is there afterwards.
#![allow(clippy::unwrap_used, reason = "a test's helpers are test code")]

use std::{collections::BTreeSet, ops::Range, sync::Arc};

use intelliauth_model::SingleUseKind;
use intelliauth_store::exam::fixtures::{ALL, NOW, event, hash, put, revocation, single_use, user, user_id};
use intelliauth_store::{Entity, Page, StoreError, TenantStore, TenantWrite, UserFilter};
use tokio::{sync::mpsc, task::JoinSet};

const CODE: SingleUseKind = SingleUseKind::AuthorizationCode;
const EVERYTHING: Page = Page { before: None, limit: u32::MAX };
const LANES: u64 = 8;

/// Stores the codes with these numbers.
pub(crate) async fn issue(tenant: &Arc<dyn TenantStore>, numbers: Range<u64>) {
    let codes = numbers.map(|n| TenantWrite::InsertSingleUse(Box::new(single_use(n, CODE))));
    put(tenant, codes).await.unwrap();
}

/// Spends code `n` and writes a user, a revocation and an event with it, as a client does that comes again when
/// it is told to: until it is acknowledged, or until a code that it has sent before turns out to be spent.
async fn spend(tenant: &Arc<dyn TenantStore>, n: u64) -> bool {
    let mut doubtful = false;
    loop {
        let writes = [
            TenantWrite::ConsumeSingleUse { kind: CODE, hash: hash(n), now: NOW },
            TenantWrite::InsertUser(Box::new(user(n))),
            TenantWrite::AppendRevocation(revocation(n)),
            TenantWrite::AppendEvent(Box::new(event(n))),
        ];
        match put(tenant, writes).await {
            Ok(done) => {
                assert_eq!(done.revocation_seqs.len(), 1);
                return true;
            }
            Err(StoreError::Unavailable(_)) => doubtful = true,
            Err(error) => {
                assert_eq!(error, StoreError::Stale(Entity::SingleUse));
                assert!(doubtful, "code {n} is spent and nobody was told");
                return false;
            }
        }
    }
}

/// Spends every code in `numbers` from several tasks; tells `progress` of each that is done. Gives those that
/// were acknowledged.
pub(crate) async fn storm(
    tenant: &Arc<dyn TenantStore>,
    numbers: Range<u64>,
    progress: mpsc::UnboundedSender<u64>,
) -> BTreeSet<u64> {
    let mut tasks = JoinSet::new();
    for lane in 0..LANES {
        let (tenant, numbers, progress) = (Arc::clone(tenant), numbers.clone(), progress.clone());
        tasks.spawn(async move {
            let mut acknowledged = Vec::new();
            for n in numbers.filter(|n| n % LANES == lane) {
                if spend(&tenant, n).await {
                    acknowledged.push(n);
                }
                let _ = progress.send(n);
            }
            acknowledged
        });
    }
    drop(progress);
    tasks.join_all().await.into_iter().flatten().collect()
}

/// Everything acknowledged is there, and whatever is there is there whole and once.
pub(crate) async fn examine(tenant: &Arc<dyn TenantStore>, issued: Range<u64>, acknowledged: &BTreeSet<u64>) {
    let users = tenant.users(&UserFilter::default(), EVERYTHING).await.unwrap();
    let there: BTreeSet<_> = users.iter().map(|user| user.id).collect();
    for n in acknowledged {
        assert!(there.contains(&user_id(*n)), "user {n} was acknowledged and is lost");
    }
    for n in issued {
        let unspent = tenant.single_use(CODE, &hash(n)).await.unwrap().is_some();
        assert_ne!(unspent, there.contains(&user_id(n)), "code {n} and user {n} disagree");
    }
    let log = tenant.revocations_after(0, u32::MAX).await.unwrap();
    let head = i64::try_from(there.len()).unwrap();
    assert_eq!(log.iter().map(|line| line.seq).collect::<Vec<_>>(), (1..=head).collect::<Vec<_>>());
    assert_eq!(tenant.versions().await.unwrap().revocations, head);
    let revoked: BTreeSet<_> = log.iter().map(|line| line.entry.id_hash).collect();
    assert_eq!(revoked, there.iter().map(|id| id.to_bytes()).collect());
    assert_eq!(tenant.events(EVERYTHING).await.unwrap().len(), there.len());
    assert!(tenant.events(ALL).await.is_ok());
}
