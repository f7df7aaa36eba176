//! Finding what was changed in a log by somebody with all rights in the database.

mod diagnose;

use crate::canonical::{self, NOTHING};
use crate::store::{self, Row};
use crate::{AuditError, Checkpoint, Checkpoints};
use diagnose::Seen;
use eduai_db::Tx;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// How many entries are read at a time.
const BATCH: i64 = 2_000;

/// What was done to a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// These entries do not say what they said when they were written.
    Edited,
    /// These entries are gone.
    Deleted,
    /// This entry stands where another stood.
    Reordered,
    /// This entry was not written by the program.
    Inserted,
    /// The log goes on to the last of these numbers, and these entries are gone.
    Truncated,
    /// Everything up to this entry may have been written anew: it is not what the signed checkpoint says.
    Rewritten,
    /// The checkpoint at this number is not signed by this installation's key.
    ForgedCheckpoint,
    /// The checkpoint at this number, of which there is a copy outside, is gone.
    MissingCheckpoint,
}

/// One finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
pub struct Fault {
    /// The number of the (first) entry.
    pub number: i64,
    /// The number of the last entry.
    pub through: i64,
    /// What was done.
    #[schema(inline)]
    pub kind: FaultKind,
}

impl Fault {
    fn at(kind: FaultKind, number: i64) -> Self {
        Self { number, through: number, kind }
    }
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Report {
    /// How many entries were read.
    pub entries: u64,
    /// How many checkpoints, in the database and outside, were compared.
    pub checkpoints: u64,
    /// The last entry that a signed checkpoint vouches for; 0: none.
    pub signed_through: i64,
    /// What is wrong, by number; empty is good.
    pub faults: Vec<Fault>,
}

/// Verifies the log of the transaction's institution, whose actor must be allowed to read all of it. `exported` are
/// checkpoints that were kept outside the database; those of other institutions are passed over.
pub async fn verify(tx: &mut Tx, keys: &Checkpoints, exported: &[Checkpoint]) -> Result<Report, AuditError> {
    let mut report = Report::default();
    let signed = trusted(tx, keys, exported, &mut report).await?;
    let chain = read(tx, |_| ()).await?;
    report.entries = chain.entries;
    let beyond = signed.last_key_value().is_some_and(|(number, _)| *number > chain.end.0);
    if !chain.sound || beyond {
        let mut seen = Vec::new();
        let again = read(tx, |row| seen.push(Seen::of(row))).await?;
        report.entries = again.entries;
        let end = match signed.last_key_value() {
            Some((number, hash)) if *number > again.end.0 => (*number, hash.clone()),
            _ => again.end,
        };
        report.faults.extend(diagnose::diagnose(seen, end));
    }
    compare(tx, &signed, &mut report).await?;
    report.faults.sort_unstable();
    Ok(report)
}

/// The hashes that were truly signed, by number.
async fn trusted(
    tx: &mut Tx,
    keys: &Checkpoints,
    exported: &[Checkpoint],
    report: &mut Report,
) -> Result<BTreeMap<i64, Vec<u8>>, AuditError> {
    let institution = tx.institution().ok_or(AuditError::NoInstitution)?;
    let mut kept = store::checkpoints(tx, 0, i64::MAX).await?;
    for outside in exported.iter().filter(|checkpoint| checkpoint.institution_id == institution) {
        if !kept.iter().any(|inside| inside.number == outside.number) && keys.signed(outside).await? {
            report.faults.push(Fault::at(FaultKind::MissingCheckpoint, outside.number));
        }
        if !kept.contains(outside) {
            kept.push(outside.clone());
        }
    }
    let mut signed = BTreeMap::new();
    report.checkpoints = kept.len() as u64;
    for checkpoint in kept {
        if keys.signed(&checkpoint).await? {
            signed.insert(checkpoint.number, checkpoint.hash);
        } else {
            report.faults.push(Fault::at(FaultKind::ForgedCheckpoint, checkpoint.number));
        }
    }
    report.signed_through = signed.last_key_value().map_or(0, |(number, _)| *number);
    Ok(signed)
}

/// What reading the log in order told.
struct Chain {
    entries: u64,
    /// Where the log ends, as the head says.
    end: (i64, Vec<u8>),
    /// Every entry fits the one before it, and the head fits the last.
    sound: bool,
}

/// Reads the whole log. The head is read after the entries, until it tells nothing new: others may be writing.
async fn read(tx: &mut Tx, mut look: impl FnMut(&Row)) -> Result<Chain, AuditError> {
    let mut chain = Chain { entries: 0, end: (0, NOTHING.to_vec()), sound: true };
    let mut last = (0, NOTHING.to_vec());
    let mut after = (i64::MIN, Vec::new());
    loop {
        let rows = store::walk(tx, (after.0, &after.1), BATCH).await?;
        for row in &rows {
            let fits = row.number == last.0 + 1 && row.previous == last.1 && content_fits(row, row.number);
            chain.sound &= fits;
            chain.entries += 1;
            last = (row.number, row.hash.clone());
            look(row);
        }
        if let Some(row) = rows.last() {
            after = (row.number, row.hash.clone());
            continue;
        }
        let end = store::head(tx).await?.unwrap_or((0, NOTHING.to_vec()));
        if end == chain.end || end == last {
            chain.sound &= end == last;
            return Ok(Chain { end, ..chain });
        }
        chain.end = end;
    }
}

/// Whether the entry's hash is that of what it says, with this number.
fn content_fits(row: &Row, number: i64) -> bool {
    canonical::hash(&row.previous, number, &row.fields.canonical()).as_slice() == row.hash
}

/// Compares the log with what was signed.
async fn compare(tx: &mut Tx, signed: &BTreeMap<i64, Vec<u8>>, report: &mut Report) -> Result<(), AuditError> {
    for (number, hash) in signed {
        let there = store::walk(tx, (number - 1, &[0xFF; 33]), 1).await?;
        let differs = there.first().is_some_and(|row| row.number == *number && row.hash != *hash);
        let known = report.faults.iter().any(|fault| fault.number <= *number && *number <= fault.through);
        if differs && !known {
            report.faults.push(Fault::at(FaultKind::Rewritten, *number));
        }
    }
    Ok(())
}
