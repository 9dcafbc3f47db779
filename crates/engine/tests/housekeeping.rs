//! What a round of housekeeping leaves behind.

use intelliauth_engine::keys;
use intelliauth_model::{NewRevocation, RevocationKind};
use intelliauth_store::{TenantTx, TenantWrite};

use crate::support::Process;

/// Of each kind a thousand rows were forgotten an hour, however many expired.
#[tokio::test]
async fn bug_a_busy_tenants_expired_rows_were_never_caught_up_with() {
    let process = Process::new().await;
    let now = process.engine.now();
    let mut tx = TenantTx::new();
    for number in 0_u32..2_500 {
        let mut id_hash = [0; 16];
        id_hash[..4].copy_from_slice(&number.to_be_bytes());
        let kind = RevocationKind::Token;
        let entry = NewRevocation { kind, id_hash, not_before: now, expires_at: now.plus_seconds(1) };
        tx.push(TenantWrite::AppendRevocation(entry));
    }
    process.engine.store().scoped(process.tenant).commit(tx).await.unwrap();
    process.clock.advance_ms(1_000);
    let tenancy = process.tenancy().await;
    assert_eq!(keys::housekeeping(&tenancy).await.unwrap().forgotten, 2_500);
    assert_eq!(keys::housekeeping(&tenancy).await.unwrap().forgotten, 0);
}
