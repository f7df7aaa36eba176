//! What this room, the audit log and the platform's queues keep of people.

mod audit;
mod operation;
mod privacy;

use eduai_module::Custodian;
use eduai_vault::Vault;
use std::sync::Arc;

/// All of them.
pub fn own(vault: &Vault) -> Vec<Arc<dyn Custodian>> {
    vec![
        Arc::new(privacy::OwnRecords { vault: vault.clone() }),
        Arc::new(audit::AuditLog),
        Arc::new(operation::Operation),
    ]
}
