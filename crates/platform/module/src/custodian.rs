//! Who keeps personal data: each room names its tables that hold some, gives out what it keeps of a person, and erases it.
//!
//! A room's tables that are not named here hold no personal data; a test of the program knows all tables and asks for
//! each which of the two it is.

use eduai_db::Tx;
use eduai_kernel::Failure;
use eduai_kernel::id::UserId;
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeSet;
use utoipa::ToSchema;

/// Kinds of personal data. How long each is kept, and what of it outlives an erasure and why, is data of the privacy
/// room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    /// Names, addresses, settings, relations to others.
    Profile,
    /// Courses, grades, attendance, certificates.
    AcademicRecord,
    /// Messages and invitations.
    Communication,
    /// What was used when.
    Usage,
    /// Who agreed to what, and when.
    Consent,
    /// What was made and asked for in learning sessions.
    Session,
    /// Who did what: the audit log, requests about personal data, disclosures to others.
    Security,
    /// What the program needs for a short time to work: queues, repeated requests, links.
    Operation,
}

impl Category {
    /// All categories.
    pub const ALL: [Self; 8] = [
        Self::Profile,
        Self::AcademicRecord,
        Self::Communication,
        Self::Usage,
        Self::Consent,
        Self::Session,
        Self::Security,
        Self::Operation,
    ];

    /// The name in JSON and in data files.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Profile => "profile",
            Self::AcademicRecord => "academic_record",
            Self::Communication => "communication",
            Self::Usage => "usage",
            Self::Consent => "consent",
            Self::Session => "session",
            Self::Security => "security",
            Self::Operation => "operation",
        }
    }
}

/// A table that holds personal data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holding {
    /// The table, with its schema: `mashup.mashup`.
    pub table: &'static str,
    /// What kind of data.
    pub category: Category,
}

impl Holding {
    /// `table` holds personal data of this kind.
    pub const fn new(table: &'static str, category: Category) -> Self {
        Self { table, category }
    }
}

/// One row of what is kept of a person, readable: sealed fields are opened, secrets and hashes left out.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// Where it is kept.
    pub table: &'static str,
    /// The row: a JSON object, its members named as the columns or better.
    pub value: Value,
}

/// What was done to the rows of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Removal {
    /// The table.
    pub table: String,
    /// How many rows were deleted.
    pub deleted: u64,
    /// How many rows were kept without what told whose they were.
    pub anonymised: u64,
}

impl Removal {
    /// So many rows of `table` were deleted.
    pub fn deleted(table: &str, deleted: u64) -> Self {
        Self { table: table.to_owned(), deleted, anonymised: 0 }
    }

    /// So many rows of `table` were kept without what told whose they were.
    pub fn anonymised(table: &str, anonymised: u64) -> Self {
        Self { table: table.to_owned(), deleted: 0, anonymised }
    }
}

/// What a custodian is about to do.
pub type Custody<'a, T> = BoxFuture<'a, Result<T, Failure>>;

/// Keeps personal data. Every method works in the transaction that it is given, which acts as the program
/// ([`eduai_kernel::Role::System`]) in one institution, and finds only that institution's rows.
pub trait Custodian: Send + Sync {
    /// The name of the room.
    fn name(&self) -> &'static str;

    /// Every table of the room that holds personal data, with the category that most of its rows have.
    fn holdings(&self) -> Vec<Holding>;

    /// All that is kept of `person`, but what tells of other people. The order is that in which it came to be.
    fn export<'a>(&'a self, tx: &'a mut Tx, person: UserId) -> Custody<'a, Vec<Record>>;

    /// Erases or anonymises what is kept of `person` in every category that is not in `kept`. It may be called again.
    fn erase<'a>(&'a self, tx: &'a mut Tx, person: UserId, kept: &'a BTreeSet<Category>) -> Custody<'a, Vec<Removal>>;

    /// The addresses to which letters about `person` were sent: their own, those of their guardians.
    fn addresses<'a>(&'a self, tx: &'a mut Tx, person: UserId) -> Custody<'a, Vec<String>> {
        let _ = (tx, person);
        Box::pin(async { Ok(Vec::new()) })
    }

    /// Removes what was sent to these addresses and is still kept.
    fn forget_letters<'a>(&'a self, addresses: &'a [String]) -> Custody<'a, ()> {
        let _ = addresses;
        Box::pin(async { Ok(()) })
    }

    /// Deletes what is older than `before`, of all people, in a category. What the room clears away by itself sooner, or
    /// what cannot be judged by its age, it leaves.
    fn expire<'a>(&'a self, tx: &'a mut Tx, category: Category, before: Timestamp) -> Custody<'a, Vec<Removal>> {
        let _ = (tx, category, before);
        Box::pin(async { Ok(Vec::new()) })
    }
}
