use std::sync::Arc;

use intelliauth_model::{Profile, SingleUse, Timestamp, User};

use super::{
    fixtures::{
        ALL, CURRENT, NOW, application, audience, event, key, open_one, put, session, single_use, user,
    },
    users,
    writes::CODE,
};
use crate::{Store, TenantWrite, UserFilter};

pub(super) async fn large_values_survive(store: &Arc<dyn Store>) {
    let tenant = open_one(store).await;
    let mut row = user(1);
    row.profile.name = Some("é".repeat(64 * 1024));
    let mut line = event(1);
    line.data = format!("\"{}\"", "x".repeat(256 * 1024));
    let mut app = application(1);
    app.redirect_uris = (0..2000).map(|n| format!("https://app.example.com/{n}")).collect();
    let mut secret = single_use(1, CODE);
    secret.payload = "y".repeat(1024 * 1024);
    let mut private = key(1, CURRENT);
    private.sealed_private = (0..=u8::MAX).cycle().take(64 * 1024).collect();
    let writes = [
        users::insert(&row),
        TenantWrite::AppendEvent(Box::new(line.clone())),
        TenantWrite::InsertApplication(Box::new(app.clone())),
        TenantWrite::InsertSingleUse(Box::new(secret.clone())),
        TenantWrite::InsertKey(Box::new(private.clone())),
    ];
    put(&tenant, writes).await.unwrap();
    assert_eq!(tenant.user(row.id).await.unwrap(), Some(row));
    assert_eq!(tenant.events(ALL).await.unwrap(), [line]);
    assert_eq!(tenant.application(app.id).await.unwrap(), Some(app));
    assert_eq!(tenant.single_use(CODE, &secret.hash).await.unwrap(), Some(secret));
    assert_eq!(tenant.keys().await.unwrap(), [private]);
}

pub(super) async fn hostile_text_is_only_text(store: &Arc<dyn Store>) {
    let tenant = open_one(store).await;
    let texts = [
        "",
        " padded ",
        "'; DROP TABLE users; --",
        "' OR '1'='1",
        "\" \\ / \u{8} \u{c} \r\n\t \u{1}",
        "{\"name\":null}",
        "$1 ?1 :a @b %s",
        "NULL",
        "0123",
        "1e400",
        "\u{202e}desrever\u{202c} 🦀 e\u{301}",
    ];
    for (n, text) in (1..).zip(texts) {
        let row = User {
            profile: Profile {
                name: Some(text.to_owned()),
                given_name: Some(text.to_owned()),
                ..Profile::default()
            },
            ..user(n)
        };
        let mut api = audience(n);
        api.name = text.to_owned();
        let mut line = event(n);
        line.data = text.to_owned();
        line.target.id = text.to_owned();
        line.request_id = Some(text.to_owned());
        let mut sign_in = session(n, n);
        sign_in.amr = vec![text.to_owned(), text.to_owned()];
        let writes = [
            users::insert(&row),
            TenantWrite::InsertAudience(Box::new(api.clone())),
            TenantWrite::AppendEvent(Box::new(line.clone())),
            TenantWrite::InsertSession(Box::new(sign_in.clone())),
        ];
        put(&tenant, writes).await.unwrap();
        assert_eq!(tenant.user(row.id).await.unwrap(), Some(row), "{text:?}");
        assert!(tenant.audiences().await.unwrap().contains(&api), "{text:?}");
        assert_eq!(tenant.events(ALL).await.unwrap()[0], line, "{text:?}");
        assert_eq!(tenant.session(sign_in.id).await.unwrap(), Some(sign_in), "{text:?}");
        let filter = UserFilter { email_prefix: Some(text.to_owned()) };
        let listed = tenant.users(&filter, ALL).await.unwrap().len();
        assert_eq!(listed > 0, text.is_empty(), "{text:?}");
    }
}

/// A store keeps moments as it is given them: no rounding, no era, no clock of its own.
pub(super) async fn any_moment_can_be_stored(store: &Arc<dyn Store>) {
    let tenant = open_one(store).await;
    let moments = [i64::MIN, -1, 0, 1, NOW.0 + 1, 253_402_300_800_000, i64::MAX].map(Timestamp);
    for (n, moment) in (1..).zip(moments) {
        let row = User { created_at: moment, updated_at: moment, ..user(n) };
        let secret = SingleUse { expires_at: moment, ..single_use(n, CODE) };
        let mut line = event(n);
        line.occurred_at = moment;
        let writes = [
            users::insert(&row),
            TenantWrite::InsertSingleUse(Box::new(secret.clone())),
            TenantWrite::AppendEvent(Box::new(line.clone())),
        ];
        put(&tenant, writes).await.unwrap();
        assert_eq!(tenant.user(row.id).await.unwrap(), Some(row));
        assert_eq!(tenant.single_use(CODE, &secret.hash).await.unwrap(), Some(secret));
        assert_eq!(tenant.events(ALL).await.unwrap()[0], line);
    }
}
