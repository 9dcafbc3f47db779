use intelliauth_model::{NewRevocation, TenantId};

use super::Step;
use crate::param::params;

/// Gives the entry the next number. The counter stands in the tenant's row, not in the log (it must not run
/// backwards when entries are forgotten) and not in a sequence: an undone transaction must give its number back,
/// and no reader may see a number before all smaller ones, which the row's lock until the commit ensures.
pub(super) fn append(tenant: TenantId, entry: &NewRevocation) -> Step {
    const SQL: &str = "WITH next AS (
             UPDATE tenants SET revocation_head = revocation_head + 1 WHERE id = $1 RETURNING revocation_head)
         INSERT INTO revocations (tenant_id, seq, kind, id_hash, not_before, expires_at)
         SELECT $1, revocation_head, $2, $3, $4, $5 FROM next RETURNING seq";
    let values = params![
        tenant.to_bytes(),
        entry.kind.as_str(),
        entry.id_hash.as_slice(),
        entry.not_before,
        entry.expires_at,
    ];
    Step::number(SQL, values)
}
