use intelliauth_model::Profile;

use crate::{Error, Field};

/// The longest text of a profile, in characters.
const LONGEST: usize = 255;
const LONGEST_URL: usize = 2_000;

/// Whether a profile can be stored and shown: bounded, no control characters, the picture over HTTPS (a
/// `javascript:` or `data:` picture would be somebody's script in a page of ours).
pub(super) fn check_profile(profile: &Profile) -> Result<(), Error> {
    let texts =
        [("name", &profile.name), ("given_name", &profile.given_name), ("family_name", &profile.family_name)];
    let mut problems = Vec::new();
    let mut problem = |name, problem: &str| problems.push(Field { name, problem: problem.to_owned() });
    for (name, text) in texts {
        let Some(text) = text else { continue };
        if text.is_empty() || text.chars().count() > LONGEST || text.chars().any(char::is_control) {
            problem(name, "1 to 255 characters, no control characters; null for none");
        }
    }
    if let Some(picture) = &profile.picture {
        let sound = picture.len() <= LONGEST_URL
            && picture.bytes().all(|b| b.is_ascii_graphic())
            && url::Url::parse(picture).is_ok_and(|url| url.scheme() == "https");
        if !sound {
            problem("picture", "an https URL of at most 2000 characters");
        }
    }
    if let Some(locale) = &profile.locale {
        let subtag =
            |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric());
        if locale.len() > 35 || !locale.split('-').all(subtag) {
            problem("locale", "a BCP 47 language tag such as en or de-CH");
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(Error::Invalid(problems)) }
}
