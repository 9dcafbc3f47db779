use intelliauth_model::{ApplicationId, AssuranceLevel, Email, SessionId, UserId};

use super::{
    OAuthError, TokenSet,
    grant::{Authorization, Subject},
    mint, target,
};
use crate::{
    Caller, Error, Tenancy,
    sessions::{self, SignIn},
};

/// The token a developer wants.
#[derive(Clone, Debug)]
pub struct WantedToken {
    /// Whose.
    pub email: Email,
    /// Through which application.
    pub application: ApplicationId,
    /// For which API.
    pub audience: String,
    /// With which scopes; `None` takes all the application may have.
    pub scope: Option<String>,
}

/// A user's token with the session behind it.
#[derive(Debug)]
pub struct DevelopmentToken {
    /// The token.
    pub tokens: TokenSet,
    /// Its session.
    pub session: SessionId,
    /// Its user.
    pub user: UserId,
}

/// A real session and a real token without a sign-in. The composition root offers this in development only;
/// the engine insists on an operator.
pub async fn development_token(
    tenancy: &Tenancy,
    caller: &Caller,
    wanted: WantedToken,
) -> Result<DevelopmentToken, OAuthError> {
    let user = crate::users::find(tenancy, caller, &wanted.email).await?;
    let registered = tenancy.application(wanted.application).await?;
    let registered = registered.filter(|known| known.is_enabled()).ok_or(Error::NotFound("application"))?;
    let application = &registered.application;
    let target = target::resolve(tenancy, application, &[wanted.audience], wanted.scope.as_deref())?;
    let sign_in =
        SignIn { application: application.id, level: AssuranceLevel::Aal1, amr: vec!["pwd".to_owned()] };
    let session = sessions::begin(tenancy, caller, &user, sign_in).await?;
    let (session_id, user_id) = (session.id, user.id);
    let authorization = Authorization { subject: Subject::User(Box::new((user, session))), target };
    match mint::access_token(tenancy, application, &authorization) {
        Ok(tokens) => Ok(DevelopmentToken { tokens, session: session_id, user: user_id }),
        Err(error) => {
            // A session nobody holds a token of should not stay.
            let _ = sessions::revoke(tenancy, caller, session_id).await;
            Err(error.into())
        }
    }
}
