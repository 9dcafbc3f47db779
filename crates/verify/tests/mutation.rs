//! A good token with any one byte replaced is never accepted.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that fails is to panic"
)]

mod support;

use intelliauth_jose::Algorithm;
use intelliauth_verify::{Policy, verify};
use serde_json::json;
use support::{AUDIENCE, ISSUER, NOW, Tenant};

/// What stands in for each byte besides its neighbours: a letter, the ends of the alphabet, the other
/// alphabet, padding, the dot, white space, control characters and a byte that needs two in UTF-8.
const STRANGERS: [char; 14] = ['A', 'z', '0', '-', '_', '+', '/', '=', '.', ' ', '\n', '\0', '"', 'é'];

fn survivors(algorithm: Algorithm) -> Vec<String> {
    let tenant = Tenant::with(ISSUER, algorithm);
    let policy = Policy::new(ISSUER, [AUDIENCE.to_owned()]);
    let token = tenant.access_token(&json!({}));
    assert!(verify(&token, &policy, &tenant.keys, None, NOW).is_ok(), "the token itself is good");
    let mutants = token.char_indices().flat_map(|(at, old)| {
        let neighbours = [1, 2, 4, 0x20].map(|bit| char::from(old as u8 ^ bit));
        let choices = STRANGERS.into_iter().chain(neighbours).filter(move |new| *new != old);
        let token = &token;
        choices.map(move |new| format!("{}{new}{}", &token[..at], &token[at + 1..]))
    });
    mutants.filter(|mutant| verify(mutant, &policy, &tenant.keys, None, NOW).is_ok()).collect()
}

#[test]
fn no_changed_byte_of_an_rs256_token_is_accepted() {
    assert_eq!(survivors(Algorithm::Rs256), Vec::<String>::new());
}

#[test]
fn no_changed_byte_of_an_es256_token_is_accepted() {
    assert_eq!(survivors(Algorithm::Es256), Vec::<String>::new());
}

#[test]
fn no_changed_byte_of_an_eddsa_token_is_accepted() {
    assert_eq!(survivors(Algorithm::EdDsa), Vec::<String>::new());
}

#[test]
fn no_token_cut_short_or_lengthened_is_accepted() {
    for algorithm in Algorithm::ALL {
        let tenant = Tenant::with(ISSUER, algorithm);
        let policy = Policy::new(ISSUER, [AUDIENCE.to_owned()]);
        let token = tenant.access_token(&json!({}));
        let cut = (0..token.len()).map(|at| token[..at].to_owned());
        let dropped = (0..token.len()).map(|at| format!("{}{}", &token[..at], &token[at + 1..]));
        let longer = STRANGERS.iter().flat_map(|new| [format!("{token}{new}"), format!("{new}{token}")]);
        for mutant in cut.chain(dropped).chain(longer) {
            assert!(verify(&mutant, &policy, &tenant.keys, None, NOW).is_err(), "{algorithm}: {mutant}");
        }
    }
}
