use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{AdminId, Email, KeyAlgorithm, OrganisationId, PasswordHash, Slug, TenantId, Timestamp, Version};

/// A tenant's URL: scheme, host and port, no path, no trailing slash. It is the OIDC issuer, so it is
/// compared character by character. HTTPS, except for loopback names.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Issuer(String);

/// A text that cannot be a tenant's URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a tenant URL is https://host[:port] without path; http only for localhost, *.localhost and 127.0.0.1"
)]
pub struct InvalidIssuer;

impl Issuer {
    /// The URL.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// `host[:port]`, what a `Host` header must carry to mean this tenant.
    #[must_use]
    pub fn authority(&self) -> &str {
        self.0.split_once("://").map_or("", |(_, authority)| authority)
    }
}

impl FromStr for Issuer {
    type Err = InvalidIssuer;

    fn from_str(text: &str) -> Result<Self, InvalidIssuer> {
        let (scheme, authority) = text.split_once("://").ok_or(InvalidIssuer)?;
        let (host, port) = match authority.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (authority, None),
        };
        let port_sound =
            port.is_none_or(|port| port.parse::<u16>().is_ok_and(|n| n > 0 && n.to_string() == port));
        let default_port = matches!((scheme, port), ("https", Some("443")) | ("http", Some("80")));
        let host_sound = host.len() <= 253
            && host.split('.').all(|label| {
                (1..=63).contains(&label.len())
                    && label.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
            });
        let loopback = host == "localhost" || host.ends_with(".localhost") || host == "127.0.0.1";
        let scheme_sound = scheme == "https" || (scheme == "http" && loopback);
        if port_sound && !default_port && host_sound && scheme_sound {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidIssuer)
        }
    }
}

impl fmt::Display for Issuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An organisation: the parent of tenants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organisation {
    /// Identifier.
    pub id: OrganisationId,
    /// The second half of its tenants' host names; never changes.
    pub slug: Slug,
    /// What people call it.
    pub name: String,
    /// When it was made.
    pub created_at: Timestamp,
}

/// Whether a tenant answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TenantState {
    /// It answers.
    Active,
    /// It is as if it did not exist.
    Disabled {
        /// Since when.
        since: Timestamp,
    },
}

/// What to do with a scope the application may not have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScopeMode {
    /// Refuse the request with `invalid_scope`.
    #[default]
    Strict,
    /// Leave the scope out of the token.
    Permissive,
}

/// What a tenant's administrators may choose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TenantSettings {
    /// The algorithm its tokens are signed with unless the application says otherwise.
    pub signing_algorithm: KeyAlgorithm,
    /// Days between scheduled key rotations; 0 turns the schedule off. Default 90.
    pub key_rotation_days: u32,
    /// Hours an old client secret keeps working after a rotation, 12 to 168. Default 72.
    pub secret_overlap_hours: u32,
    /// What happens to scopes off the application's list. Default strict.
    pub scope_mode: ScopeMode,
    /// Requests per minute over all endpoints; `None` takes the server's default.
    pub requests_per_minute: Option<u32>,
}

impl Default for TenantSettings {
    fn default() -> Self {
        Self {
            signing_algorithm: KeyAlgorithm::RS256,
            key_rotation_days: 90,
            secret_overlap_hours: 72,
            scope_mode: ScopeMode::Strict,
            requests_per_minute: None,
        }
    }
}

/// A tenant: an issuer with users, applications, keys and a revocation log of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tenant {
    /// Identifier.
    pub id: TenantId,
    /// The organisation it belongs to.
    pub organisation: OrganisationId,
    /// The first half of its host name; never changes.
    pub slug: Slug,
    /// What people call it.
    pub name: String,
    /// Its URL and OIDC issuer.
    pub issuer: Issuer,
    /// Whether it answers.
    pub state: TenantState,
    /// What its administrators chose.
    pub settings: TenantSettings,
    /// Revision of this row.
    pub version: Version,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// A person who may sign in to the tenant's console. Administrators are not users: no user of the tenant
/// can become one by way of the tenant's own API.
#[derive(Clone, Debug)]
pub struct Admin {
    /// Identifier.
    pub id: AdminId,
    /// Address to sign in with; unique in the tenant.
    pub email: Email,
    /// Password.
    pub password_hash: PasswordHash,
    /// When it was made.
    pub created_at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn https_or_loopback_only() {
        for good in [
            "https://banking-cymmetri.example.com",
            "http://localhost:8480",
            "http://a-b.localhost:8480",
            "http://127.0.0.1:1",
        ] {
            assert!(good.parse::<Issuer>().is_ok(), "{good}");
        }
        for bad in [
            "http://example.com",
            "https://example.com/",
            "https://example.com/x",
            "https://EXAMPLE.com",
            "https://a@b.com",
            "https://example.com:443",
            "https://example.com:0",
            "https://example.com:080",
            "http://localhost.evil.com",
            "ftp://localhost",
            "localhost:8480",
            "https://",
            "https://a..b",
        ] {
            assert_eq!(bad.parse::<Issuer>(), Err(InvalidIssuer), "{bad}");
        }
    }

    #[test]
    fn the_authority_is_what_a_host_header_carries() {
        assert_eq!("http://localhost:8480".parse::<Issuer>().unwrap().authority(), "localhost:8480");
    }
}
