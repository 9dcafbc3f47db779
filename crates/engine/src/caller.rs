use intelliauth_model::{Actor, Application, ApplicationId, RequestId, ScopeSet};

use crate::{
    Error, IntegratorScope, Tenancy,
    integrator_scope::{is_of_sign_in, is_reserved},
};

/// Who asks. Only verified credentials (`oauth::authenticate_caller`) or the server's own command line make
/// one, so holding a `Caller` is the proof.
#[derive(Clone, Debug)]
pub struct Caller {
    actor: Actor,
    held: Option<Held>,
    request_id: String,
}

/// What a client has in its hands.
#[derive(Clone, Debug)]
struct Held {
    /// The integrator scopes of its token: a token asked for with fewer is weaker.
    scopes: ScopeSet,
    /// Itself: what it may ask other APIs for.
    own: Application,
}

impl Caller {
    /// Somebody at the server's command line: may do everything, because they could open the database too.
    #[must_use]
    pub fn operator(request_id: RequestId) -> Self {
        Self { actor: Actor::Operator, held: None, request_id: request_id.to_string() }
    }

    /// The product itself: its schedules.
    pub(crate) fn system(request_id: RequestId) -> Self {
        Self { actor: Actor::System, held: None, request_id: request_id.to_string() }
    }

    pub(crate) fn client(own: Application, scopes: ScopeSet, request_id: String) -> Self {
        Self { actor: Actor::Client(own.id), held: Some(Held { scopes, own }), request_id }
    }

    /// Refuses unless the caller holds `scope`.
    pub fn require(&self, scope: IntegratorScope) -> Result<(), Error> {
        match &self.held {
            Some(held) if !held.scopes.contains(scope.as_str()) => {
                Err(Error::InsufficientScope(scope.as_str()))
            }
            _ => Ok(()),
        }
    }

    /// Refuses to make, change or take over an application that may do what the caller may not: a client
    /// that may register applications must not be able to register a mightier one, nor to become one by
    /// giving itself its secret (the class of attack K). For what other APIs define, that is unless the
    /// caller holds `applications:grant`; for the integrator API itself there is no exception.
    pub(crate) fn may_grant(&self, tenancy: &Tenancy, application: &Application) -> Result<(), Error> {
        self.is_as_mighty_as(application)?;
        let Some(Held { scopes, own }) = &self.held else { return Ok(()) };
        if scopes.contains(IntegratorScope::ApplicationsGrant.as_str()) {
            return Ok(());
        }
        let foreign = application.allowed_scopes.iter().map(intelliauth_model::Scope::as_str);
        let mut foreign = foreign.filter(|scope| !is_of_sign_in(scope) && !is_reserved(scope));
        let api = tenancy.api_audience();
        let mut audiences = application.audiences.iter();
        if foreign.all(|scope| own.allowed_scopes.contains(scope))
            && audiences.all(|audience| audience.as_str() == api || own.audiences.contains(audience))
        {
            return Ok(());
        }
        Err(Error::Forbidden("scopes and audiences the caller does not hold itself need applications:grant"))
    }

    /// Refuses to touch an application with integrator scopes the caller does not hold, whether they open
    /// something today or not.
    pub(crate) fn is_as_mighty_as(&self, application: &Application) -> Result<(), Error> {
        let Some(held) = &self.held else { return Ok(()) };
        let granted = application.allowed_scopes.iter().map(intelliauth_model::Scope::as_str);
        if granted.filter(|scope| is_reserved(scope)).all(|scope| held.scopes.contains(scope)) {
            return Ok(());
        }
        Err(Error::Forbidden("a caller can only grant integrator scopes it holds itself"))
    }

    /// Refuses everybody but the command line: what it guards is not on the integrator surface.
    pub(crate) fn require_operator(&self) -> Result<(), Error> {
        if self.held.is_none() { Ok(()) } else { Err(Error::Forbidden("only an operator may do this")) }
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
