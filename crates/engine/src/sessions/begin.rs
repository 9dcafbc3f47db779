use intelliauth_model::{
    ApplicationId, AssuranceLevel, EventKind, Session, SessionId, SessionState, User, UserState,
};
use intelliauth_store::{TenantTx, TenantWrite};
use serde_json::json;

use crate::{
    Caller, Error, Tenancy,
    audit::{Happening, target},
};

/// How long a session lives, in seconds: twelve hours.
const LIFE_SECONDS: i64 = 12 * 3600;

/// How somebody signed in.
#[derive(Clone, Debug)]
pub struct SignIn {
    /// Through which application.
    pub application: ApplicationId,
    /// How sure it was.
    pub level: AssuranceLevel,
    /// Authentication methods (RFC 8176).
    pub amr: Vec<String>,
}

/// Begins a session. Whoever calls this vouches for the sign-in: for now that is the development command
/// line, later the sign-in flow.
pub async fn begin(
    tenancy: &Tenancy,
    caller: &Caller,
    user: &User,
    sign_in: SignIn,
) -> Result<Session, Error> {
    caller.require_operator()?;
    if user.state != UserState::Active {
        return Err(Error::Refused { code: "account_disabled", message: "the user is disabled".to_owned() });
    }
    let engine = tenancy.engine();
    let now = engine.now();
    let session = Session {
        id: SessionId::new(engine.clock(), engine.rng()),
        user: user.id,
        application: sign_in.application,
        level: sign_in.level,
        amr: sign_in.amr,
        state: SessionState::Active,
        created_at: now,
        expires_at: now.plus_seconds(LIFE_SECONDS),
    };
    let tx = TenantTx::new().with(TenantWrite::InsertSession(Box::new(session.clone()))).with(
        engine.event_write(Happening {
            kind: EventKind::SessionCreated,
            actor: caller.actor(),
            target: target("session", session.id),
            request_id: caller.request_id(),
            data: json!({ "user": user.id, "application": session.application, "amr": session.amr }),
        }),
    );
    tenancy.commit(tx).await?;
    Ok(session)
}
