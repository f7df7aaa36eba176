//! Writing entries.

use crate::canonical::{Fields, whole_microseconds};
use crate::{AuditError, Origin, chore, store};
use eduai_db::{Db, Tx};
use eduai_kernel::Actor;
use eduai_kernel::id::Uuid;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// The most bytes of an entry's details, as JSON.
pub const MOST_DETAILS: usize = 16_384;
/// The most characters of a reason; what is longer is cut.
const MOST_REASON: usize = 1_000;

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// It was done.
    Done,
    /// It was not allowed.
    Refused,
    /// It was allowed and did not succeed.
    Failed,
}

impl Outcome {
    /// The word in the table.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Refused => "refused",
            Self::Failed => "failed",
        }
    }
}

/// What is to be written. Who did it is the actor; when is the clock's; from where is [`Origin::current`].
#[derive(Clone, Debug, PartialEq)]
pub struct Entry<'a> {
    /// What was done, 1 to 100 characters: `users.read`.
    pub action: &'a str,
    /// On what: its kind and its id.
    pub object: Option<(&'a str, Uuid)>,
    /// What came of it.
    pub outcome: Outcome,
    /// Why, in words; at most 1,000 characters are kept.
    pub reason: Option<&'a str>,
    /// More, as JSON of at most 16 KiB. Ids and numbers, no contents.
    pub details: Value,
}

impl<'a> Entry<'a> {
    /// Something was done.
    pub fn done(action: &'a str) -> Self {
        Self {
            action,
            object: None,
            outcome: Outcome::Done,
            reason: None,
            details: Value::Object(serde_json::Map::new()),
        }
    }

    /// Something was refused, for this reason.
    pub fn refused(action: &'a str, reason: &'a str) -> Self {
        Self { outcome: Outcome::Refused, reason: Some(reason), ..Self::done(action) }
    }

    /// Something did not succeed, for this reason.
    pub fn failed(action: &'a str, reason: &'a str) -> Self {
        Self { outcome: Outcome::Failed, reason: Some(reason), ..Self::done(action) }
    }

    /// On what it was done.
    #[must_use]
    pub fn on(mut self, kind: &'a str, id: Uuid) -> Self {
        self.object = Some((kind, id));
        self
    }

    /// More about it.
    #[must_use]
    pub fn with(mut self, details: Value) -> Self {
        self.details = details;
        self
    }
}

/// Writes an entry in the transaction of what it tells of, and returns its number. Other entries of the institution wait
/// until the transaction ends, so it is best written last.
///
/// # Errors
/// [`AuditError::TooLarge`]; [`AuditError::NoInstitution`] where the transaction is not in the actor's institution; the
/// database's.
pub async fn append(tx: &mut Tx, actor: &Actor, entry: Entry<'_>, now: Timestamp) -> Result<i64, AuditError> {
    if tx.institution() != Some(actor.institution) {
        return Err(AuditError::NoInstitution);
    }
    let fields = fields(actor, entry, Origin::current(), now)?;
    let number = store::append(tx, &fields).await?;
    chore::after(tx, actor.institution, number, now).await?;
    Ok(number)
}

/// Writes an entry in a transaction of its own: for what was refused or failed, and whose own transaction is undone.
///
/// # Errors
/// As [`append`].
pub async fn record(db: &Db, actor: &Actor, entry: Entry<'_>, now: Timestamp) -> Result<i64, AuditError> {
    let mut tx = db.begin(actor).await?;
    let number = append(&mut tx, actor, entry, now).await?;
    tx.commit().await?;
    Ok(number)
}

fn fields(actor: &Actor, entry: Entry<'_>, origin: Origin, now: Timestamp) -> Result<Fields, AuditError> {
    let details = entry.details.to_string();
    if details.len() > MOST_DETAILS {
        return Err(AuditError::TooLarge(details.len()));
    }
    Ok(Fields {
        institution: actor.institution.uuid(),
        at: whole_microseconds(now),
        actor: actor.user.uuid(),
        role: actor.role.as_str().to_owned(),
        action: storable(entry.action),
        object: entry.object.map(|(kind, id)| (storable(kind), id)),
        outcome: entry.outcome.as_str().to_owned(),
        reason: entry.reason.map(|text| storable(text).chars().take(MOST_REASON).collect()),
        address: origin.address.map(|address| address.to_string()),
        request_id: origin.request_id.as_deref().map(storable),
        details,
    })
}

/// PostgreSQL keeps no NUL in a text; a reason that quotes one must not keep the entry from being written.
fn storable(text: &str) -> String {
    text.replace('\0', "\u{FFFD}")
}
