//! The accounts elsewhere by which somebody signs in, for themselves: what is linked, and unlinking it.

use super::store::identity::{self, IdentityRow};
use crate::error::Error;
use crate::service::Users;
use eduai_audit::Entry;
use eduai_kernel::id::Uuid;
use eduai_kernel::{Actor, Failure, FailureKind};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

/// An account at a provider by which somebody signs in, as they see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Identity {
    /// Its id.
    pub id: Uuid,
    /// What the institution calls the provider.
    pub provider: String,
    /// The address by which it was linked.
    pub email: String,
    /// When it was linked.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When somebody last signed in by it.
    #[schema(value_type = String, format = DateTime)]
    pub last_used_at: Timestamp,
    /// Whether it opens the account now: not when the institution has switched the provider off, or names another issuer.
    pub usable: bool,
}

impl From<IdentityRow> for Identity {
    fn from(row: IdentityRow) -> Self {
        Self {
            id: row.id,
            provider: row.provider,
            email: row.email,
            created_at: row.created_at,
            last_used_at: row.last_used_at,
            usable: row.usable,
        }
    }
}

impl Users {
    /// The identities of `actor`, the oldest first.
    pub async fn identities(&self, actor: &Actor) -> Result<Vec<Identity>, Error> {
        let mut tx = self.begin(actor).await?;
        let rows = identity::list(&mut tx, actor.user).await?;
        tx.commit().await?;
        Ok(rows.into_iter().map(Identity::from).collect())
    }

    /// Unlinks one, unless nothing else opens the account. Sessions go on, also those that began by it.
    pub async fn unlink_identity(&self, actor: &Actor, id: Uuid) -> Result<(), Error> {
        let mut tx = self.begin(actor).await?;
        // Two who unlink at the same moment must not each count on what the other removes.
        identity::lock_account(&mut tx, actor.user).await?;
        let rows = identity::list(&mut tx, actor.user).await?;
        let unlinked = rows.iter().find(|row| row.id == id);
        let unlinked = unlinked.ok_or_else(|| Error::not_found("identity_not_found", "linked account"))?;
        let another = rows.iter().any(|row| row.id != id && row.usable);
        if !another && !identity::opens_otherwise(&mut tx, actor.user).await? {
            return Err(last_way());
        }
        identity::remove(&mut tx, id, actor.user).await?;
        let told = json!({"provider": unlinked.provider_id, "issuer": unlinked.issuer});
        let entry = Entry::done("identity.unlinked").on("user", actor.user.uuid()).with(told);
        self.note(&mut tx, actor, entry).await?;
        tx.commit().await?;
        Ok(())
    }
}

fn last_way() -> Error {
    let detail = "This is the only way into your account. Set a password or add a passkey first.";
    Failure::new(FailureKind::Conflict, "last_way_to_sign_in", detail).into()
}
