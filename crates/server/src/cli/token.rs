use clap::Args;
use intelliauth_engine::oauth::{self, WantedToken};
use intelliauth_model::ApplicationId;
use serde_json::json;

use super::{open::InTenant, output};
use crate::failure::{Failure, Outcome};

/// Issue a user's token for development.
///
/// Begins a real session and issues a real access token without a sign-in. Refused outside the data
/// directories of `intelliauth dev`.
#[derive(Debug, Args)]
pub(crate) struct Token {
    #[command(flatten)]
    tenant: InTenant,
    /// Address of the user.
    #[arg(long, value_name = "EMAIL")]
    user: String,
    /// The API the token is for.
    #[arg(long, value_name = "AUD")]
    audience: String,
    /// Space-separated scopes. Default: all the application may have.
    #[arg(long)]
    scope: Option<String>,
    /// The application. Default: the browser application that `dev` made.
    #[arg(long, value_name = "CLIENT_ID")]
    client: Option<String>,
}

impl Token {
    pub(crate) async fn run(self) -> Outcome {
        let (opened, tenancy) = self.tenant.open().await?;
        let Some(development) = &opened.development else {
            return Err(Failure::new(
                "tokens without a sign-in are for development only: this is not a data directory of `intelliauth dev`",
            ));
        };
        let client = self.client.as_ref().unwrap_or(&development.spa.client_id);
        let application: ApplicationId =
            client.parse().map_err(|_| Failure::new("--client is not a client id"))?;
        let email = self.user.parse().map_err(|_| Failure::new("--user is not an e-mail address"))?;
        let wanted = WantedToken { email, application, audience: self.audience, scope: self.scope };
        let issued = oauth::development_token(&tenancy, &opened.caller, wanted).await?;
        let token = issued.tokens.access_token.expose();
        if !self.tenant.installation.json {
            return output::one(&json!(token), false);
        }
        let value = json!({
            "access_token": token,
            "token_type": "Bearer",
            "expires_in": issued.tokens.expires_in,
            "scope": issued.tokens.scope,
            "session_id": issued.session,
            "user_id": issued.user,
        });
        output::one(&value, true)
    }
}
