use std::{
    collections::BTreeSet,
    sync::{Mutex, PoisonError},
};

/// How many different names may be kept for ever, and how long one may be. The names come from our own
/// code, so a file that holds more was written by somebody else.
const MAX_NAMES: usize = 256;
const MAX_NAME_BYTES: usize = 64;

static NAMES: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());

/// Gives the one static copy of `name`, as the model asks for in [`intelliauth_model::Target`]; `None` if
/// that would keep more memory than our own names can need.
#[must_use]
pub fn intern(name: &str) -> Option<&'static str> {
    let mut names = NAMES.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = names.get(name) {
        return Some(known);
    }
    if names.len() >= MAX_NAMES || name.len() > MAX_NAME_BYTES {
        return None;
    }
    let kept: &'static str = Box::leak(Box::from(name));
    names.insert(kept);
    Some(kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_copy_per_name_and_no_endless_names() {
        let first = intern("user").unwrap();
        assert!(std::ptr::eq(first, intern("user").unwrap()));
        assert_eq!(intern(&"x".repeat(MAX_NAME_BYTES + 1)), None);
    }
}
