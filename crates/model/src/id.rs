use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use ulid::Ulid;

use crate::{Clock, Rng};

/// A text that is not an identifier of the kind asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an identifier of the form {prefix}_<26 characters>")]
pub struct InvalidId {
    /// The prefix that was expected.
    pub prefix: &'static str,
}

/// Draws a ULID: 48 bits of time, 80 of chance. The time part makes keys ordered, which is what a B-tree
/// likes; it also shows when a thing was made, so nothing that must stay secret is ever a ULID.
fn draw(clock: &dyn Clock, rng: &dyn Rng) -> Ulid {
    let mut random = [0_u8; 16];
    if let Some(tail) = random.get_mut(6..) {
        rng.fill(tail);
    }
    Ulid::from_parts(u64::try_from(clock.now().0).unwrap_or(0), u128::from_be_bytes(random))
}

fn parse(prefix: &'static str, text: &str) -> Result<Ulid, InvalidId> {
    let invalid = InvalidId { prefix };
    let body = text.strip_prefix(prefix).and_then(|rest| rest.strip_prefix('_')).ok_or(invalid)?;
    let ulid = Ulid::from_string(body).map_err(|_| invalid)?;
    // Only the canonical upper-case spelling: two spellings of one id would be two cache keys.
    if ulid.to_string() == body { Ok(ulid) } else { Err(invalid) }
}

macro_rules! prefixed_id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Ulid);

        impl $name {
            /// What every identifier of this kind begins with, before the underscore.
            pub const PREFIX: &'static str = $prefix;

            /// Draws a new identifier.
            #[must_use]
            pub fn new(clock: &dyn Clock, rng: &dyn Rng) -> Self {
                Self(draw(clock, rng))
            }

            /// The 16 bytes stored in a database; their order is the order of creation.
            #[must_use]
            pub fn to_bytes(self) -> [u8; 16] {
                self.0.to_bytes()
            }

            /// The identifier stored as these bytes.
            #[must_use]
            pub fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(Ulid::from_bytes(bytes))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($prefix, "_{}"), self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                parse($prefix, text).map(Self)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

prefixed_id!(/** An organisation: who pays, parent of tenants. */ OrganisationId, "org");
prefixed_id!(/** A tenant: an issuer with users, applications and keys of its own. */ TenantId, "tnt");
prefixed_id!(/** A user; the `sub` of a user's tokens. */ UserId, "usr");
prefixed_id!(/** An application; it is the OAuth `client_id` too. */ ApplicationId, "app");
prefixed_id!(/** One of an application's client secrets (the handle, not the secret). */ SecretId, "sec");
prefixed_id!(/** A sign-in session; the `sid` of its tokens. */ SessionId, "ses");
prefixed_id!(/** An access token; its `jti`. */ TokenId, "tok");
prefixed_id!(/** An audit event. */ EventId, "evt");
prefixed_id!(/** One HTTP request, in answers and logs. */ RequestId, "req");
prefixed_id!(/** A person who administers a tenant in the console. */ AdminId, "adm");

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Timestamp;

    struct Fixed(i64, u8);
    impl Clock for Fixed {
        fn now(&self) -> Timestamp {
            Timestamp(self.0)
        }
    }
    impl Rng for Fixed {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(self.1);
        }
    }

    #[test]
    fn text_and_bytes_round_trip() {
        let source = Fixed(1_790_000_000_000, 7);
        let id = UserId::new(&source, &source);
        assert_eq!(id.to_string().len(), 4 + 26);
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!(UserId::from_bytes(id.to_bytes()), id);
    }

    #[test]
    fn later_ids_sort_later() {
        let (early, late) = (Fixed(1_000, 255), Fixed(1_001, 0));
        assert!(UserId::new(&early, &early) < UserId::new(&late, &late));
    }

    #[test]
    fn other_kinds_and_spellings_are_refused() {
        let source = Fixed(1_790_000_000_000, 7);
        let user = UserId::new(&source, &source).to_string();
        assert!(user.parse::<ApplicationId>().is_err());
        assert!(user.to_lowercase().parse::<UserId>().is_err());
        for text in ["", "usr_", "usr", "usr_01HZX", &user[4..], &format!("{user}0"), &format!(" {user}")] {
            assert!(text.parse::<UserId>().is_err(), "{text:?}");
        }
    }
}
