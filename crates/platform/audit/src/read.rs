//! Reading entries.

use crate::store::{self, Row};
use crate::{AuditError, Outcome};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use eduai_db::Tx;
use eduai_kernel::id::{UserId, Uuid};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// Which entries. What is absent does not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// An action, or the start of some before a dot: `users` finds `users.read`.
    pub action: Option<String>,
    /// Who did it.
    pub actor: Option<Uuid>,
    /// On what.
    pub object: Option<Uuid>,
}

/// An entry as it is shown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Recorded {
    /// Its number in the institution's log, from 1.
    pub number: i64,
    /// When (RFC 3339).
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Who; all zeros: the program itself.
    pub actor_id: UserId,
    /// In what capacity.
    pub actor_role: String,
    /// What was done: `users.read`.
    pub action: String,
    /// On what kind of thing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub object_kind: Option<String>,
    /// On which.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub object_id: Option<Uuid>,
    /// What came of it.
    #[schema(inline)]
    pub outcome: Outcome,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The client's address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// The request's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// More about it.
    pub details: Value,
    /// The hash of this entry and of all before it (SHA-256, base64).
    pub hash: String,
}

impl From<Row> for Recorded {
    fn from(row: Row) -> Self {
        let (object_kind, object_id) = row.fields.object.unzip();
        let outcome = match row.fields.outcome.as_str() {
            "done" => Outcome::Done,
            "refused" => Outcome::Refused,
            _ => Outcome::Failed,
        };
        Self {
            number: row.number,
            at: row.fields.at,
            actor_id: UserId::from_uuid(row.fields.actor),
            actor_role: row.fields.role,
            action: row.fields.action,
            object_kind,
            object_id,
            outcome,
            reason: row.fields.reason,
            address: row.fields.address,
            request_id: row.fields.request_id,
            details: serde_json::from_str(&row.fields.details).unwrap_or_default(),
            hash: STANDARD.encode(row.hash),
        }
    }
}

/// At most `limit` entries of the transaction's institution, the newest first, before this number. Row-level security
/// shows an administrator all, and anyone else their own.
pub async fn list(tx: &mut Tx, filter: &Filter, before: Option<i64>, limit: i64) -> Result<Vec<Recorded>, AuditError> {
    Ok(store::list(tx, filter, before, limit).await?.into_iter().map(Recorded::from).collect())
}

/// At most `limit` entries that this person made or that were made on them, after this number, by number.
pub async fn of_person(tx: &mut Tx, person: UserId, after: i64, limit: i64) -> Result<Vec<Recorded>, AuditError> {
    Ok(store::of_person(tx, person.uuid(), after, limit).await?.into_iter().map(Recorded::from).collect())
}
