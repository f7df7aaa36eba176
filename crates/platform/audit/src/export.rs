//! The log and its checkpoints as JSON lines, to be kept outside the database.

use crate::{AuditError, Checkpoint, Recorded, checkpoint, store};
use eduai_db::Tx;
use std::io::{BufRead, Write};

/// How many are read at a time.
const BATCH: i64 = 1_000;

/// Why an export failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExportError {
    /// The log cannot be read.
    #[error(transparent)]
    Audit(#[from] AuditError),
    /// The lines cannot be written or read.
    #[error("{0}")]
    Io(#[from] std::io::Error),
}

/// Writes all checkpoints of the transaction's institution, one a line; returns how many.
pub async fn write_checkpoints(tx: &mut Tx, to: &mut impl Write) -> Result<u64, ExportError> {
    let (mut count, mut after) = (0, 0);
    loop {
        let batch = checkpoint::list(tx, after, BATCH).await?;
        let Some(last) = batch.last() else { return Ok(count) };
        after = last.number;
        for checkpoint in &batch {
            line(to, checkpoint)?;
            count += 1;
        }
    }
}

/// Writes all entries of the transaction's institution, one a line; returns how many.
pub async fn write_entries(tx: &mut Tx, to: &mut impl Write) -> Result<u64, ExportError> {
    let (mut count, mut after) = (0, (0, Vec::new()));
    loop {
        let batch = store::walk(tx, (after.0, &after.1), BATCH).await.map_err(AuditError::from)?;
        let Some(last) = batch.last() else { return Ok(count) };
        after = (last.number, last.hash.clone());
        for row in batch {
            line(to, &Recorded::from(row))?;
            count += 1;
        }
    }
}

/// Reads the checkpoints that [`write_checkpoints`] wrote. Empty lines are passed over.
///
/// # Errors
/// [`AuditError::NotACheckpoint`] with the number of the line.
pub fn read_checkpoints(from: impl BufRead) -> Result<Vec<Checkpoint>, ExportError> {
    let mut checkpoints = Vec::new();
    for (index, text) in from.lines().enumerate() {
        let text = text?;
        if !text.trim().is_empty() {
            let read = serde_json::from_str(&text);
            checkpoints.push(read.map_err(|error| AuditError::NotACheckpoint { line: index + 1, error })?);
        }
    }
    Ok(checkpoints)
}

fn line(to: &mut impl Write, what: &impl serde::Serialize) -> Result<(), ExportError> {
    serde_json::to_writer(&mut *to, what).map_err(std::io::Error::from)?;
    Ok(to.write_all(b"\n")?)
}
