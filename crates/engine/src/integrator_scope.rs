use intelliauth_model::ScopeSet;

macro_rules! integrator_scopes {
    ($($(#[$doc:meta])* $name:ident = $text:literal,)*) => {
        /// A scope of the integrator REST API.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum IntegratorScope { $($(#[$doc])* $name,)* }

        impl IntegratorScope {
            /// Every integrator scope there is.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The scope's text.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }
        }
    };
}

integrator_scopes! {
    /// Read users.
    UsersRead = "users:read",
    /// Create, update and delete users.
    UsersWrite = "users:write",
    /// Read applications.
    ApplicationsRead = "applications:read",
    /// Register, update and delete applications.
    ApplicationsWrite = "applications:write",
    /// Grant scopes and audiences of other APIs that the caller does not hold itself.
    ApplicationsGrant = "applications:grant",
}

impl IntegratorScope {
    /// All of them as a set: what the development machine application may ask for.
    #[must_use]
    pub fn all() -> ScopeSet {
        Self::ALL.iter().filter_map(|scope| scope.as_str().parse().ok()).collect()
    }
}

/// The integrator scopes that are in the catalogue and open nothing yet. They are reserved: whoever was
/// granted one today would hold its power on the day it gets a meaning.
const TO_COME: [&str; 17] = [
    "me:read",
    "me:write",
    "me:sessions",
    "users:bulk",
    "applications:rotate-secret",
    "groups:read",
    "groups:write",
    "roles:read",
    "roles:write",
    "audit:read",
    "audit:export",
    "resources:read",
    "resources:write",
    "federation:read",
    "federation:write",
    "webhooks:read",
    "webhooks:write",
];

/// What OpenID Connect defines (Core §5.4, §11). They tell about the person who signs in and open no API.
const OF_SIGN_IN: [&str; 4] = ["openid", "profile", "email", "offline_access"];

/// Whether the product gives this scope its meaning, now or later: no API may call one of its own so.
pub(crate) fn is_reserved(scope: &str) -> bool {
    IntegratorScope::ALL.iter().any(|known| known.as_str() == scope) || TO_COME.contains(&scope)
}

/// Whether any application may have the scope.
pub(crate) fn is_of_sign_in(scope: &str) -> bool {
    OF_SIGN_IN.contains(&scope)
}
