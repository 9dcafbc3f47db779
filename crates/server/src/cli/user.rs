use clap::{Args, Subcommand};
use intelliauth_engine::{
    Listing, Tenancy, sessions,
    users::{self, NewUser},
};
use intelliauth_model::{Profile, Secret, SessionId, User, UserId, UserState};
use serde_json::{Value, json};

use super::{
    open::{InTenant, Opened},
    output,
};
use crate::failure::{Failure, Outcome};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make a user.
    Create {
        #[command(flatten)]
        tenant: InTenant,
        #[command(flatten)]
        new: NewUserArguments,
    },
    /// List users, newest first.
    List {
        #[command(flatten)]
        tenant: InTenant,
        /// Only addresses that begin so.
        #[arg(long)]
        email: Option<String>,
        /// How many, 1 to 200.
        #[arg(long)]
        limit: Option<u32>,
        /// Where to go on: `next_cursor` of the list before.
        #[arg(long)]
        cursor: Option<String>,
    },
    /// Show a user.
    Show(One),
    /// Revoke every access token a user has.
    Revoke(One),
    /// End one session and revoke its tokens.
    EndSession {
        #[command(flatten)]
        tenant: InTenant,
        /// The session's id (the `sid` of its tokens).
        session: String,
    },
    /// Disable a user; their tokens are revoked.
    Disable(One),
    /// Enable a user again.
    Enable(One),
    /// Delete a user with their sessions and tokens.
    Delete(One),
}

/// A user to make.
#[derive(Debug, Args)]
pub(crate) struct NewUserArguments {
    /// Address; unique in the tenant.
    #[arg(long)]
    email: String,
    /// Full name.
    #[arg(long)]
    name: Option<String>,
    /// The address is proved to be the user's.
    #[arg(long)]
    verified: bool,
    /// Read the password from standard input (one line). Without this the user has none.
    #[arg(long)]
    password_stdin: bool,
    /// The first sign-in must choose a new password.
    #[arg(long)]
    reset: bool,
}

/// A user who is there.
#[derive(Debug, Args)]
pub(crate) struct One {
    #[command(flatten)]
    tenant: InTenant,
    /// Address or id.
    #[arg(value_name = "EMAIL|ID")]
    user: String,
}

impl Command {
    pub(super) async fn run(self) -> Outcome {
        match self {
            Self::Create { tenant, new } => create(tenant, new).await,
            Self::List { tenant, email, limit, cursor } => {
                let (opened, tenancy) = tenant.open().await?;
                let listing = Listing { cursor, limit };
                let page = users::list(&tenancy, &opened.caller, email, &listing).await?;
                output::page(&page, show, tenant.installation.json)
            }
            Self::EndSession { tenant, session } => {
                let (opened, tenancy) = tenant.open().await?;
                let id: SessionId = session.parse().map_err(|_| Failure::new("this is not a session id"))?;
                sessions::revoke(&tenancy, &opened.caller, id).await?;
                output::one(&json!({ "ended": id }), tenant.installation.json)
            }
            Self::Show(one) => one.act(async |_, _, user| Ok(show(&user))).await,
            Self::Revoke(one) => {
                one.act(async |opened, tenancy, user| {
                    users::revoke_tokens(tenancy, &opened.caller, user.id).await?;
                    Ok(json!({ "revoked": user.id }))
                })
                .await
            }
            Self::Disable(one) => one.set_enabled(false).await,
            Self::Enable(one) => one.set_enabled(true).await,
            Self::Delete(one) => {
                one.act(async |opened, tenancy, user| {
                    users::delete(tenancy, &opened.caller, user.id).await?;
                    Ok(json!({ "deleted": user.id }))
                })
                .await
            }
        }
    }
}

async fn create(tenant: InTenant, new: NewUserArguments) -> Outcome {
    let (opened, tenancy) = tenant.open().await?;
    let password = if new.password_stdin { Some(read_password()?) } else { None };
    let new = NewUser {
        email: new.email.parse().map_err(|_| Failure::new("--email is not an e-mail address"))?,
        email_verified: new.verified,
        profile: Profile { name: new.name, ..Profile::default() },
        password,
        password_must_be_reset: new.reset,
    };
    let user = users::create(&tenancy, &opened.caller, new, None).await?;
    output::one(&show(&user), tenant.installation.json)
}

/// From standard input, never from an argument: arguments are in the process list and the shell's history.
pub(super) fn read_password() -> Outcome<Secret> {
    let mut line = String::new();
    std::io::stdin()
        .read_line(&mut line)
        .map_err(|error| Failure::new(format!("the password cannot be read: {error}")))?;
    Ok(Secret::new(line.trim_end_matches(['\r', '\n']).to_owned()))
}

impl One {
    async fn act(self, act: impl AsyncFnOnce(&Opened, &Tenancy, User) -> Outcome<Value>) -> Outcome {
        let (opened, tenancy) = self.tenant.open().await?;
        let user = if let Ok(id) = self.user.parse::<UserId>() {
            users::get(&tenancy, &opened.caller, id).await?
        } else {
            let email =
                self.user.parse().map_err(|_| Failure::new("this is neither an address nor a user id"))?;
            users::find(&tenancy, &opened.caller, &email).await?
        };
        let value = act(&opened, &tenancy, user).await?;
        output::one(&value, self.tenant.installation.json)
    }

    async fn set_enabled(self, enabled: bool) -> Outcome {
        self.act(async |opened, tenancy, user| {
            Ok(show(&users::set_enabled(tenancy, &opened.caller, user.id, enabled).await?))
        })
        .await
    }
}

fn show(user: &User) -> Value {
    json!({
        "id": user.id,
        "email": user.email.as_str(),
        "email_verified": user.email_verified,
        "name": user.profile.name,
        "status": if user.state == UserState::Active { "active" } else { "disabled" },
    })
}
