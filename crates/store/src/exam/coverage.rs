//! Whether the exam asks about everything the contract has.

use std::collections::BTreeSet;

use super::{tenancy, writes};

const STORE: &str = include_str!("../store.rs");
const TX: &str = include_str!("../tx.rs");

/// The part of `source` between the line that begins with `head` and the next line that is only `}`.
fn block<'a>(source: &'a str, head: &str) -> &'a str {
    let start = source.find(head).expect("the contract has moved");
    let rest = &source[start..];
    &rest[..rest.find("\n}").unwrap()]
}

fn methods(head: &str) -> BTreeSet<&'static str> {
    let names = block(STORE, head).split("async fn ").skip(1);
    names.map(|rest| &rest[..rest.find(['(', '<']).unwrap()]).collect()
}

fn listed(lists: [&'static [&'static str]; 2]) -> BTreeSet<&'static str> {
    lists.concat().into_iter().collect()
}

#[test]
fn every_method_of_a_tenant_has_a_tenancy_case() {
    let found = methods("pub trait TenantStore");
    assert!(found.contains("user_by_email") && found.contains("commit"), "{found:?}");
    assert_eq!(found, listed([tenancy::TENANT_READS, tenancy::TENANT_OTHERS]));
}

#[test]
fn every_method_of_the_store_has_a_tenancy_case() {
    let found = methods("pub trait Store:");
    assert!(found.contains("tenant_by_authority") && found.contains("commit"), "{found:?}");
    assert_eq!(found, listed([tenancy::PLATFORM_READS, tenancy::PLATFORM_OTHERS]));
}

#[test]
fn every_write_is_tried() {
    let variants: BTreeSet<_> = block(TX, "pub enum TenantWrite")
        .lines()
        .filter_map(|line| line.strip_prefix("    "))
        .filter(|line| line.starts_with(|c: char| c.is_ascii_uppercase()))
        .map(|line| &line[..line.find(|c: char| !c.is_ascii_alphanumeric()).unwrap()])
        .collect();
    assert!(variants.contains("ConsumeSingleUse"), "{variants:?}");
    assert_eq!(variants, writes::every_write().iter().map(writes::name).collect());
}
