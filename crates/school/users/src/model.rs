//! What other rooms are told of people.

use eduai_kernel::id::UserId;
use eduai_kernel::{Actor, Role};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

/// A visit is recorded at most this often, so that reading stays reading.
pub const SEEN_EVERY: SignedDuration = SignedDuration::from_mins(10);

/// What the event of a removed visitor says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuestRemoved {
    /// Whose work is to be removed.
    pub user_id: UserId,
}

/// What the event of a visitor who has an account now says. It is published in the institution of the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuestAdopted {
    /// The visitor, in the institution that let them in.
    pub from: Actor,
    /// The account that keeps their work; it may be the same id.
    pub user_id: UserId,
    /// The account's role.
    pub role: Role,
}
