//! Isolation proved by enumeration: each method as tenant A and as tenant B, with the same keys in both. The
//! lists made here are compared with the traits' own methods by a unit test, so that a method without a case
//! cannot be forgotten.

use std::{fmt::Debug, sync::Arc};

use intelliauth_model::{JobEnd, Version};

use super::{
    fixtures::{
        ALL, CURRENT, END, NOW, PREVIOUS, admin, application, application_id, audience, event, hash, job,
        key, lease, open, organisation, put, record, revocation, secret, session, tenant, user, user_id,
    },
    writes::{CODE, every_write, name, seed},
};
use crate::{Entity, PlatformTx, PlatformWrite, Store, StoreError, TenantStore, TenantWrite, UserFilter};

/// What a method shows: its name and, for each row, the row's mark with everything else of the row.
type Seen = Vec<(&'static str, Vec<String>)>;

fn show<T: Debug>(rows: impl IntoIterator<Item = T>, mark: impl Fn(&T) -> String) -> Vec<String> {
    rows.into_iter().map(|row| format!("{}|{row:?}", mark(&row))).collect()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(&bytes[..1]).into_owned()
}

macro_rules! reads {
    ($list:ident, $look:ident($way:ident: $type:ty $(, $n:ident)?) $($method:ident => $seen:expr;)*) => {
        #[cfg(test)]
        pub(super) const $list: &[&str] = &[$(stringify!($method)),*];

        pub(super) async fn $look($way: &Arc<$type> $(, $n: u64)?) -> Seen {
            vec![$((stringify!($method), $seen)),*]
        }
    };
}

reads! { TENANT_READS, look(t: dyn TenantStore)
    versions => show([t.versions().await.unwrap()], |versions| versions.revocations.to_string());
    admin_by_email => show(t.admin_by_email(&admin(1).email).await.unwrap(), |row| row.password_hash.0.clone());
    audiences => show(t.audiences().await.unwrap(), |row| row.name.clone());
    user => show(t.user(user_id(1)).await.unwrap(), |row| row.profile.name.clone().unwrap());
    user_by_email => show(t.user_by_email(&user(1).email).await.unwrap(), |row| row.profile.name.clone().unwrap());
    users => show(t.users(&UserFilter::default(), ALL).await.unwrap(), |row| row.profile.name.clone().unwrap());
    application => show(t.application(application_id(1)).await.unwrap(), |row| row.name.clone());
    applications => show(t.applications(ALL).await.unwrap(), |row| row.name.clone());
    client_secrets => show(t.client_secrets(application_id(1)).await.unwrap(), |row| text(&row.hash));
    session => show(t.session(session(1, 1).id).await.unwrap(), |row| row.amr[0].clone());
    sessions_of => show(t.sessions_of(user_id(1), ALL).await.unwrap(), |row| row.amr[0].clone());
    keys => show(t.keys().await.unwrap(), |row| row.public_jwk.clone());
    revocations_after => show(t.revocations_after(0, 1000).await.unwrap(), |row| text(&row.entry.id_hash));
    single_use => show(t.single_use(CODE, &hash(1)).await.unwrap(), |row| row.payload.clone());
    idempotency => show(
        t.idempotency(application_id(1), &record("key", 1).key).await.unwrap(),
        |row| row.answer.resource_id.clone()
    );
    jobs => show(t.jobs().await.unwrap(), |row| text(&(row.due_at.0 - END.0).to_le_bytes()));
    events => show(t.events(ALL).await.unwrap(), |row| row.data.clone());
}

/// What the cases of this file do to tenants with `TenantStore::commit`.
#[cfg(test)]
pub(super) const TENANT_OTHERS: &[&str] = &["commit"];

reads! { PLATFORM_READS, look_from_above(store: dyn Store, n)
    organisation => show(store.organisation(organisation(n).id).await.unwrap(), |row| row.name.clone());
    organisation_by_slug => show(
        store.organisation_by_slug(&organisation(n).slug).await.unwrap(), |row| row.name.clone()
    );
    organisations => show(store.organisations(ALL).await.unwrap(), |row| row.name.clone());
    tenant => show(store.tenant(tenant(n).id).await.unwrap(), |row| row.name.clone());
    tenant_by_authority => show(
        store.tenant_by_authority(tenant(n).issuer.authority()).await.unwrap(), |row| row.name.clone()
    );
    tenants => show(store.tenants(ALL).await.unwrap(), |row| row.name.clone());
    platform_events => show(store.platform_events(ALL).await.unwrap(), |row| row.data.clone());
}

/// Methods of `Store` that show nobody's rows, and those that other files try.
#[cfg(test)]
pub(super) const PLATFORM_OTHERS: &[&str] = &["ping", "next_job_at", "commit"];

fn marks(seen: &[String]) -> Vec<&str> {
    seen.iter().map(|row| row.split_once('|').unwrap().0).collect()
}

pub(super) async fn every_read_shows_the_tenants_own(store: &Arc<dyn Store>) {
    let [a, b, empty] = open(store, [1, 2, 3]).await;
    seed(store, &a, "a").await;
    seed(store, &b, "b").await;
    put(&a, [TenantWrite::ForgetExpired { now: NOW, limit: 1000 }]).await.unwrap();
    let nobody = store.scoped(tenant(9).id);
    for (way, own, head) in
        [(&a, &["a"][..], "1"), (&b, &["b"], "1"), (&empty, &[], "0"), (&nobody, &[], "0")]
    {
        for (method, seen) in look(way).await {
            match method {
                "versions" => assert_eq!(marks(&seen), [head], "{method}"),
                _ => assert_eq!(marks(&seen), own, "{method} of {}", way.id()),
            }
        }
    }
}

pub(super) async fn every_platform_read_tells_tenants_apart(store: &Arc<dyn Store>) {
    let [a, b] = open(store, [1, 2]).await;
    let second = PlatformTx::new().with(PlatformWrite::InsertOrganisation(Box::new(organisation(2))));
    store.commit(second).await.unwrap();
    seed(store, &a, "a").await;
    seed(store, &b, "b").await;
    for n in [1, 2] {
        for (method, seen) in look_from_above(store, n).await {
            match method {
                "organisations" => assert_eq!(marks(&seen), ["Organisation 2", "Organisation 1"]),
                "tenants" => assert_eq!(marks(&seen), ["Tenant 2", "Tenant 1"]),
                "platform_events" => assert_eq!(marks(&seen), [""; 0], "tenants' events stay theirs"),
                "organisation" | "organisation_by_slug" => {
                    assert_eq!(marks(&seen), [format!("Organisation {n}")]);
                }
                _ => assert_eq!(marks(&seen), [format!("Tenant {n}")], "{method}"),
            }
        }
    }
}

pub(super) async fn no_write_reaches_another_tenant(store: &Arc<dyn Store>) {
    let [a, b] = open(store, [1, 2]).await;
    seed(store, &a, "a").await;
    seed(store, &b, "b").await;
    let (before, row) = (look(&b).await, store.tenant(b.id()).await.unwrap());
    for write in every_write() {
        let name = name(&write);
        put(&a, [write]).await.unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(look(&b).await, before, "{name} of A is felt in B");
    }
    assert_eq!(store.tenant(b.id()).await.unwrap(), row);
    // And all at once, the other way round: A now lacks what B has.
    let after = look(&a).await;
    let others = every_write().into_iter().filter(|write| name(write) != "UpdateTenant");
    put(&b, others).await.unwrap();
    assert_eq!(look(&a).await, after);
}

pub(super) async fn another_tenants_rows_cannot_be_named(store: &Arc<dyn Store>) {
    let [a, thief] = open(store, [1, 3]).await;
    seed(store, &a, "a").await;
    let (before, row) = (look(&a).await, store.tenant(a.id()).await.unwrap());
    let expected = Version::FIRST;
    let attempts = [
        (TenantWrite::UpdateTenant { tenant: Box::new(tenant(1)), expected }, Entity::Tenant),
        (TenantWrite::DeleteAudience(audience(1).id), Entity::Audience),
        (TenantWrite::UpdateUser { user: Box::new(user(1)), expected }, Entity::User),
        (TenantWrite::DeleteUser { id: user_id(1), expected }, Entity::User),
        (
            TenantWrite::UpdateApplication { application: Box::new(application(1)), expected },
            Entity::Application,
        ),
        (TenantWrite::DeleteApplication { id: application_id(1), expected }, Entity::Application),
        (TenantWrite::InsertClientSecret(Box::new(secret(2, 1))), Entity::Application),
        (TenantWrite::ExpireClientSecret { id: secret(1, 1).id, at: END }, Entity::ClientSecret),
        (TenantWrite::DeleteClientSecret(secret(1, 1).id), Entity::ClientSecret),
        (TenantWrite::InsertSession(Box::new(session(2, 1))), Entity::User),
        (TenantWrite::EndSession { id: session(1, 1).id, at: NOW }, Entity::Session),
        (TenantWrite::MoveKey { kid: key(1, CURRENT).kid, from: "current", to: PREVIOUS }, Entity::Key),
        (TenantWrite::DeleteKey(key(1, CURRENT).kid), Entity::Key),
        (TenantWrite::ConsumeSingleUse { kind: CODE, hash: hash(1), now: NOW }, Entity::SingleUse),
        (TenantWrite::ExtendLease { name: job(1), lease: lease(1), until: END }, Entity::Job),
        (
            TenantWrite::EndLease { name: job(1), lease: lease(1), end: JobEnd::Done { again_at: NOW } },
            Entity::Job,
        ),
    ];
    for (write, entity) in attempts {
        let name = name(&write);
        let noise = TenantWrite::AppendEvent(Box::new(event(5)));
        let refusal = put(&thief, [noise, TenantWrite::AppendRevocation(revocation(5)), write]).await;
        assert_eq!(refusal, Err(StoreError::Stale(entity)), "{name}");
    }
    let forgotten = put(&thief, [TenantWrite::ForgetExpired { now: END, limit: 1000 }]).await.unwrap();
    assert_eq!(forgotten.forgotten, 0);
    assert_eq!(look(&a).await, before);
    assert_eq!(store.tenant(a.id()).await.unwrap(), row);
}

/// A filter is another query, and another place to forget the tenant.
pub(super) async fn a_filtered_list_shows_the_tenants_own(store: &Arc<dyn Store>) {
    let [a, b, empty] = open(store, [1, 2, 3]).await;
    for address in ["user1@example.com", "\u{10ffff}@example.com"] {
        let filter = UserFilter { email_prefix: address.split('@').next().map(str::to_owned) };
        for (way, mark) in [(&a, "a"), (&b, "b")] {
            let mut row = user(u64::try_from(address.len()).unwrap());
            row.email = address.parse().unwrap();
            row.profile.name = Some(mark.to_owned());
            put(way, [TenantWrite::InsertUser(Box::new(row))]).await.unwrap();
        }
        for (way, own) in [(&a, &["a"][..]), (&b, &["b"]), (&empty, &[])] {
            let listed = way.users(&filter, ALL).await.unwrap();
            let names: Vec<_> = listed.into_iter().map(|row| row.profile.name.unwrap()).collect();
            assert_eq!(names, own, "{address:?}");
        }
    }
}
