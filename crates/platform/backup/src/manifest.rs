//! What a backup says of itself.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The end of a backup: what it holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// When the snapshot was taken.
    pub made_at: Timestamp,
    /// The program's version.
    pub program: String,
    /// PostgreSQL's version.
    pub postgres: String,
    /// Every table, in the order of the file.
    pub tables: Vec<TableSummary>,
}

impl Manifest {
    /// The rows of all tables.
    pub fn rows(&self) -> i64 {
        self.tables.iter().map(|table| table.rows).sum()
    }
}

/// The beginning of a backup: which migrations made its tables.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schema {
    /// Each module with its newest migration.
    pub migrations: Vec<(String, i64)>,
}

/// A table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// Its name with its schema, quoted for SQL.
    pub name: String,
    /// The columns that are kept, quoted for SQL.
    pub columns: Vec<String>,
}

/// What was counted of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableSummary {
    /// Its name with its schema, quoted for SQL.
    pub name: String,
    /// How many rows.
    pub rows: i64,
    /// The sum of the hashes of all rows, whatever their order.
    pub digest: String,
}

/// A sequence, and what it gave last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sequence {
    /// Its name with its schema, quoted for SQL.
    pub name: String,
    /// The last value; none when it gave none yet.
    pub last: Option<i64>,
}
