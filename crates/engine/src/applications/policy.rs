use intelliauth_model::{Application, ApplicationKind, MAX_ACCESS_TOKEN_SECONDS};

use super::redirect;
use crate::{Caller, Error, Field, Tenancy};

/// The shortest life an access token may be given, in seconds.
const SHORTEST_TOKEN_SECONDS: u32 = 60;

/// Whether the application, as it would be stored, is sound; every problem is named at once.
pub(super) fn check(tenancy: &Tenancy, caller: &Caller, application: &Application) -> Result<(), Error> {
    let mut problems = Vec::new();
    let mut problem = |name, problem: &str| problems.push(Field { name, problem: problem.to_owned() });
    let characters = application.name.chars().count();
    if !(1..=100).contains(&characters) || application.name.chars().any(char::is_control) {
        problem("name", "a name has 1 to 100 characters and no control characters");
    }
    if application.kind == ApplicationKind::M2m && !application.redirect_uris.is_empty() {
        problem("redirect_uris", "a machine application has no redirect URIs");
    }
    if application.redirect_uris.len() > redirect::MOST {
        problem("redirect_uris", "at most 50");
    }
    for uri in application.redirect_uris.iter().take(redirect::MOST) {
        if let Err(why) = redirect::check_redirect_uri(application.kind, uri) {
            problem("redirect_uris", why);
        }
    }
    if application.allowed_origins.len() > redirect::MOST {
        problem("allowed_origins", "at most 50");
    }
    for origin in application.allowed_origins.iter().take(redirect::MOST) {
        if let Err(why) = redirect::check_origin(origin) {
            problem("allowed_origins", why);
        }
    }
    for audience in &application.audiences {
        if !tenancy.knows_audience(audience) {
            problem("audiences", "an audience is not registered in the tenant");
        }
    }
    if !(SHORTEST_TOKEN_SECONDS..=MAX_ACCESS_TOKEN_SECONDS).contains(&application.access_token_seconds) {
        problem("access_token_lifetime_seconds", "60 to 86400 seconds");
    }
    if !problems.is_empty() {
        return Err(Error::Invalid(problems));
    }
    caller.may_grant(tenancy, application)
}
