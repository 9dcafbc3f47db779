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
        (
            "Console",
            format!(
                "{}  {dim}{} / {} (signing in comes with a later release){off}",
                console_url(credentials),
                admin.email,
                admin.password
            ),
        ),
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

/// Writes the settings of an API and of its management client. Other lines of the file stay: it may be the
/// developer's own.
pub(super) fn env_file(path: &Path, credentials: &Credentials) -> Outcome {
    let before = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(Failure::new(format!("{} cannot be read: {error}", path.display()))),
    };
    write_private(path, &with_settings(&before, credentials))
}

fn with_settings(before: &str, credentials: &Credentials) -> String {
    let settings = [
        ("INTELLIAUTH_TENANT_URL", &credentials.tenant_url),
        ("INTELLIAUTH_API_AUDIENCE", &credentials.audience),
        ("INTELLIAUTH_M2M_CLIENT_ID", &credentials.m2m.client_id),
        ("INTELLIAUTH_M2M_CLIENT_SECRET", &credentials.m2m.client_secret),
    ];
    let ours = |line: &&str| {
        settings.iter().any(|(name, _)| line.split('=').next().unwrap_or_default().trim() == *name)
    };
    let kept = before.lines().filter(|line| !ours(line)).map(|line| format!("{line}\n"));
    kept.chain(settings.iter().map(|(name, value)| format!("{name}={value}\n"))).collect()
}

#[cfg(test)]
mod tests {
    use super::{super::credentials::*, *};

    /// `intelliauth dev --env-file .env` once replaced the developer's own file.
    #[test]
    fn bug_other_lines_of_the_env_file_were_lost() {
        let credentials = Credentials {
            tenant_url: "http://localhost:8480".to_owned(),
            audience: "api".to_owned(),
            m2m: M2m { client_id: "app_1".to_owned(), client_secret: "new".to_owned() },
            spa: Spa { client_id: "app_2".to_owned() },
            user: UserLogin { id: String::new(), email: String::new(), password: String::new() },
            admin: AdminLogin { email: String::new(), password: String::new() },
            database_url: None,
        };
        let before = "# mine\nDB=precious\nINTELLIAUTH_M2M_CLIENT_SECRET=old\nLAST=1";
        let after = with_settings(before, &credentials);
        assert!(after.starts_with("# mine\nDB=precious\nLAST=1\n"), "{after}");
        assert!(after.contains("INTELLIAUTH_M2M_CLIENT_SECRET=new\n") && !after.contains("old"), "{after}");
        assert_eq!(with_settings(&after, &credentials), after);
    }
}
