//! What this room and the audit log keep of people.

mod audit;
mod privacy;

use eduai_module::Custodian;
use eduai_vault::Vault;
use std::sync::Arc;

/// Both.
pub fn own(vault: &Vault) -> Vec<Arc<dyn Custodian>> {
    vec![Arc::new(privacy::OwnRecords { vault: vault.clone() }), Arc::new(audit::AuditLog)]
}
