use std::{
    io::{IsTerminal, Write},
    path::Path,
};

use serde::Serialize;

use super::credentials::{AdminLogin, Credentials, M2m, Spa, UserLogin, write_private};
use crate::failure::{Failure, Outcome};

/// The line a program waits for.
#[derive(Serialize)]
struct Ready<'a> {
    tenant_url: &'a str,
    console_url: String,
    audience: &'a str,
    m2m: &'a M2m,
    spa: &'a Spa,
    user: &'a UserLogin,
    admin: &'a AdminLogin,
    data: &'a Path,
    pid: u32,
}

/// Says that the tenant is ready, and how to use it.
pub(super) fn ready(credentials: &Credentials, data: &Path, as_json: bool) -> Outcome {
    let data = data.canonicalize().unwrap_or_else(|_| data.to_owned());
    let text = if as_json { line(credentials, &data) } else { screen(credentials, &data) };
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes())
        .and_then(|()| out.flush())
        .map_err(|error| Failure::new(format!("standard output: {error}")))
}

fn console_url(credentials: &Credentials) -> String {
    format!("{}/admin", credentials.tenant_url)
}

fn line(credentials: &Credentials, data: &Path) -> String {
    let ready = Ready {
        tenant_url: &credentials.tenant_url,
        console_url: console_url(credentials),
        audience: &credentials.audience,
        m2m: &credentials.m2m,
        spa: &credentials.spa,
        user: &credentials.user,
        admin: &credentials.admin,
        data,
        pid: std::process::id(),
    };
    format!("{}\n", serde_json::to_string(&ready).unwrap_or_default())
}

fn screen(credentials: &Credentials, data: &Path) -> String {
    let coloured = std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let (bold, dim, off) = if coloured { ("\x1b[1m", "\x1b[2m", "\x1b[0m") } else { ("", "", "") };
    let Credentials { tenant_url, audience, m2m, spa, user, admin, database_url: _ } = credentials;
    let rows = [
        ("Tenant", tenant_url.clone()),
        ("Console", format!("{}  {dim}{} / {}{off}", console_url(credentials), admin.email, admin.password)),
        ("Audience", audience.clone()),
        ("Machine", format!("{}  {dim}{}{off}", m2m.client_id, m2m.client_secret)),
        ("Browser", spa.client_id.clone()),
        ("User", format!("{}  {dim}{} / {}{off}", user.id, user.email, user.password)),
        ("Data", data.display().to_string()),
    ];
    let rows: Vec<String> = rows
        .into_iter()
        .map(|(name, value)| {
            format!(
                "  {name:<10}{value}
"
            )
        })
        .collect();
    let data = data.display();
    format!(
        "
{bold}IntelliAuth is ready.{off} Ctrl-C stops it; the data stays.

{}
  A user's token:  \
         intelliauth token --data {data} --user {} --audience {audience}

",
        rows.concat(),
        user.email
    )
}

/// Writes the settings of an API and of its management client.
pub(super) fn env_file(path: &Path, credentials: &Credentials) -> Outcome {
    let text = format!(
        "INTELLIAUTH_TENANT_URL={}\nINTELLIAUTH_API_AUDIENCE={}\nINTELLIAUTH_M2M_CLIENT_ID={}\nINTELLIAUTH_M2M_CLIENT_SECRET={}\n",
        credentials.tenant_url,
        credentials.audience,
        credentials.m2m.client_id,
        credentials.m2m.client_secret
    );
    write_private(path, &text)
}
