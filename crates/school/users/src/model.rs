//! The types and the rules, without I/O.

use eduai_kernel::Role;
use eduai_kernel::id::{InstitutionId, UserId};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A visit is recorded at most this often, so that reading stays reading.
pub const SEEN_EVERY: SignedDuration = SignedDuration::from_mins(10);

/// Who is asking.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Me {
    /// The person, or the visitor's workspace.
    pub id: UserId,
    /// The institution in which they act.
    pub institution_id: InstitutionId,
    /// In what capacity.
    #[schema(inline)]
    pub role: Role,
    /// When the workspace will be removed if it is not used again (RFC 3339); absent for people with an account.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub removed_after: Option<Timestamp>,
}

/// What the event of a removed visitor says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuestRemoved {
    /// Whose work is to be removed.
    pub user_id: UserId,
}
