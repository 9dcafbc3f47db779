use intelliauth_model::{EventKind, Organisation, OrganisationId, Slug};
use intelliauth_store::{PlatformTx, PlatformWrite};
use serde_json::json;

use crate::{
    Caller, Engine, Error,
    audit::{Happening, target},
};

/// Makes an organisation. Only operators and the product itself hold a caller that gets here.
pub async fn create_organisation(
    engine: &Engine,
    caller: &Caller,
    slug: Slug,
    name: String,
) -> Result<Organisation, Error> {
    let organisation = Organisation {
        id: OrganisationId::new(engine.clock(), engine.rng()),
        slug,
        name,
        created_at: engine.now(),
    };
    let event = engine.event(Happening {
        kind: EventKind::OrganisationCreated,
        actor: caller.actor(),
        target: target("organisation", organisation.id),
        request_id: caller.request_id(),
        data: json!({ "slug": organisation.slug.as_str() }),
    });
    let tx = PlatformTx::new()
        .with(PlatformWrite::InsertOrganisation(Box::new(organisation.clone())))
        .with(PlatformWrite::AppendEvent(Box::new(event)));
    engine.store().commit(tx).await?;
    Ok(organisation)
}
