//! What "until now" reaches when several processes issue tokens in one second.

use intelliauth_engine::{applications, oauth::OAuthError, tenants, users};
use intelliauth_model::{ApplicationId, ApplicationKind, UserId};

use crate::support::Process;

/// Revokes, on this process, all tokens of the user, of the client or of the tenant.
async fn revoke(process: &Process, kind: &str, user: UserId, client: ApplicationId) {
    let (tenancy, operator) = (process.tenancy().await, process.operator());
    match kind {
        "user" => users::revoke_tokens(&tenancy, &operator, user).await.unwrap(),
        "client" => applications::revoke_tokens(&tenancy, &operator, client).await.unwrap(),
        _ => tenants::revoke_tokens(&tenancy, &operator).await.unwrap(),
    }
}

/// After a revocation a token is dated into the next second. The process that revokes again must reach it
/// there, though another one issued it.
#[tokio::test]
async fn bug_a_token_dated_ahead_by_another_process_survived_a_revocation() {
    for kind in ["user", "client", "tenant"] {
        let here = Process::new().await;
        let there = here.beside();
        let api = here.application(ApplicationKind::M2m).await;
        let spa = here.application(ApplicationKind::Spa).await.application.id;
        let user = here.user("ada@example.com").await;
        revoke(&here, kind, user.id, spa).await;
        here.clock.advance_ms(300);
        let token = there.sign_in(&user, spa).await;
        assert!(there.active(&api, &token).await, "{kind}");
        revoke(&here, kind, user.id, spa).await;
        assert!(!here.active(&api, &token).await, "{kind}: it survived here");
        here.clock.advance_ms(300);
        assert!(!there.active(&api, &token).await, "{kind}: it survived there");
        let token = there.sign_in(&user, spa).await;
        assert!(there.active(&api, &token).await && here.active(&api, &token).await, "{kind}");
    }
}

/// The same within the quarter second in which processes do not know of each other.
#[tokio::test]
async fn bug_a_token_dated_ahead_survived_a_revocation_made_elsewhere_at_once() {
    for kind in ["user", "client", "tenant"] {
        let here = Process::new().await;
        let there = here.beside();
        let api = here.application(ApplicationKind::M2m).await;
        let spa = here.application(ApplicationKind::Spa).await.application.id;
        let user = here.user("ada@example.com").await;
        // Both know the tenant, and will not ask about it for a quarter of a second.
        here.tenancy().await;
        there.tenancy().await;
        revoke(&there, kind, user.id, spa).await;
        let token = there.sign_in(&user, spa).await;
        assert!(there.active(&api, &token).await, "{kind}");
        revoke(&here, kind, user.id, spa).await;
        here.clock.advance_ms(300);
        for process in [&here, &there] {
            assert!(!process.active(&api, &token).await, "{kind}: it survived");
        }
    }
}

/// A process that has not yet seen that a client is disabled may still issue a token, and if a second
/// begins meanwhile, one dated after the revocation: good for its whole life.
#[tokio::test]
async fn bug_a_client_disabled_elsewhere_got_a_token_that_lasted() {
    for deleted in [false, true] {
        let here = Process::new().await;
        let there = here.beside();
        let api = here.application(ApplicationKind::M2m).await;
        let client = here.application(ApplicationKind::M2m).await;
        let id = client.application.id;
        here.clock.advance_ms(850);
        there.token(&client).await.unwrap();
        here.clock.advance_ms(50);
        let (tenancy, operator) = (here.tenancy().await, here.operator());
        if deleted {
            applications::delete(&tenancy, &operator, id).await.unwrap();
        } else {
            applications::set_enabled(&tenancy, &operator, id, false).await.unwrap();
        }
        here.clock.advance_ms(150);
        let token = there.token(&client).await.expect("not seen yet");
        here.clock.advance_ms(250);
        assert_eq!(there.token(&client).await, Err(OAuthError::InvalidClient));
        assert!(!here.active(&api, &token).await && !there.active(&api, &token).await, "{deleted}");
        if !deleted {
            applications::set_enabled(&tenancy, &operator, id, true).await.unwrap();
            let token = here.token(&client).await.unwrap();
            assert!(here.active(&api, &token).await);
        }
    }
}

/// A restart in the second of a revocation forgets nothing.
#[tokio::test]
async fn a_restart_keeps_revocations_and_dates() {
    let process = Process::new().await;
    let client = process.application(ApplicationKind::M2m).await;
    let id = client.application.id;
    let mut dead = Vec::new();
    let mut running = process.clone();
    for _ in 0..3 {
        dead.push(running.token(&client).await.unwrap());
        applications::revoke_tokens(&running.tenancy().await, &running.operator(), id).await.unwrap();
        running = process.beside();
        for token in &dead {
            assert!(!running.active(&client, token).await);
        }
    }
    let token = running.token(&client).await.unwrap();
    assert!(running.active(&client, &token).await);
}

/// A clock set back an hour revives nothing that was revoked before or is revoked after.
#[tokio::test]
async fn a_clock_that_goes_back_revives_nothing() {
    let process = Process::new().await;
    let api = process.application(ApplicationKind::M2m).await;
    let client = process.application(ApplicationKind::M2m).await;
    let (early, late) = (process.token(&client).await.unwrap(), process.token(&client).await.unwrap());
    applications::revoke_tokens(&process.tenancy().await, &process.operator(), client.application.id)
        .await
        .unwrap();
    process.clock.advance_ms(-3_600_000);
    assert!(!process.active(&api, &early).await && !process.active(&api, &late).await);
    // Issued before the jump, revoked after it, asked about when time has caught up.
    process.clock.advance_ms(3_600_000);
    let other = process.application(ApplicationKind::M2m).await;
    let token = process.token(&other).await.unwrap();
    process.clock.advance_ms(-10_000);
    applications::revoke_tokens(&process.tenancy().await, &process.operator(), other.application.id)
        .await
        .unwrap();
    process.clock.advance_ms(10_000);
    assert!(!process.active(&api, &token).await, "the revocation did not reach the token's date");
}

/// What a process knew stayed young while the clock ran again through a time it had been through.
#[tokio::test]
async fn bug_a_clock_that_went_back_made_old_knowledge_young() {
    let here = Process::new().await;
    let there = here.beside();
    let client = here.application(ApplicationKind::M2m).await;
    let token = here.token(&client).await.unwrap();
    here.clock.advance_ms(10_000);
    assert!(there.active(&client, &token).await);
    let id = client.application.id;
    applications::revoke_tokens(&here.tenancy().await, &here.operator(), id).await.unwrap();
    here.clock.advance_ms(240);
    here.clock.advance_ms(-200);
    here.clock.advance_ms(100);
    assert!(!there.active(&client, &token).await, "340 ms after the revocation");
}
