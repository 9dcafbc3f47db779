use intelliauth_model::{Actor, ApplicationId, RequestId, ScopeSet};

use crate::Error;

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
}

impl IntegratorScope {
    /// All of them as a set: what the development machine application may ask for.
    #[must_use]
    pub fn all() -> ScopeSet {
        Self::ALL.iter().filter_map(|scope| scope.as_str().parse().ok()).collect()
    }
}

/// Who asks. Only verified credentials (`oauth::authenticate_caller`) or the server's own command line make
/// one, so holding a `Caller` is the proof.
#[derive(Clone, Debug)]
pub struct Caller {
    actor: Actor,
    scopes: Option<ScopeSet>,
    request_id: String,
}

impl Caller {
    /// Somebody at the server's command line: may do everything, because they could open the database too.
    #[must_use]
    pub fn operator(request_id: RequestId) -> Self {
        Self { actor: Actor::Operator, scopes: None, request_id: request_id.to_string() }
    }

    /// The product itself: its schedules.
    pub(crate) fn system(request_id: RequestId) -> Self {
        Self { actor: Actor::System, scopes: None, request_id: request_id.to_string() }
    }

    pub(crate) fn client(id: ApplicationId, scopes: ScopeSet, request_id: String) -> Self {
        Self { actor: Actor::Client(id), scopes: Some(scopes), request_id }
    }

    /// Refuses unless the caller holds `scope`.
    pub fn require(&self, scope: IntegratorScope) -> Result<(), Error> {
        match &self.scopes {
            Some(scopes) if !scopes.contains(scope.as_str()) => Err(Error::InsufficientScope(scope.as_str())),
            _ => Ok(()),
        }
    }

    /// Refuses to hand out integrator scopes the caller does not hold itself: a client that may register
    /// applications must not be able to register a mightier one (the class of attack K).
    pub(crate) fn may_grant(&self, granted: &ScopeSet) -> Result<(), Error> {
        let Some(held) = &self.scopes else { return Ok(()) };
        let beyond = IntegratorScope::ALL
            .iter()
            .any(|scope| granted.contains(scope.as_str()) && !held.contains(scope.as_str()));
        if beyond {
            return Err(Error::Forbidden("a caller can only grant integrator scopes it holds itself"));
        }
        Ok(())
    }

    /// Refuses everybody but the command line: what it guards is not on the integrator surface.
    pub(crate) fn require_operator(&self) -> Result<(), Error> {
        if self.scopes.is_none() { Ok(()) } else { Err(Error::Forbidden("only an operator may do this")) }
    }

    pub(crate) fn actor(&self) -> &Actor {
        &self.actor
    }

    pub(crate) fn client_id(&self) -> Option<ApplicationId> {
        match self.actor {
            Actor::Client(id) => Some(id),
            _ => None,
        }
    }

    pub(crate) fn request_id(&self) -> &str {
        &self.request_id
    }
}
