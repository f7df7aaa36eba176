//! Recomputes a fact from a score.

use super::{Fact, Reading, form, harmony, layout, pitch, pulse, rhythm, words};
use crate::model::{Claim, Evidence};
use eduai_music::Score;

/// Why a statement does not hold for a score.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Refutation(pub String);

/// The result of a check.
pub type Checked = Result<(), Refutation>;

/// Refutes with a reason unless `holds`.
pub(super) fn demand(holds: bool, reason: impl FnOnce() -> String) -> Checked {
    if holds { Ok(()) } else { Err(Refutation(reason())) }
}

/// Recomputes `claim` from `score`.
///
/// # Errors
/// The reason why the notes do not confirm it.
pub fn verify(claim: &Claim, score: &Score) -> Checked {
    check(&claim.fact, &claim.evidence, &Reading::new(score))
}

/// Recomputes `fact` at its place in the score. Evidence that points to bars or notes that are not there refutes.
///
/// # Errors
/// The reason why the notes do not confirm it.
pub fn check(fact: &Fact, evidence: &Evidence, reading: &Reading<'_>) -> Checked {
    for number in &evidence.bars {
        demand(reading.bar(*number).is_some(), || format!("there is no bar {number}"))?;
    }
    for id in &evidence.notes {
        demand(reading.note(id).is_some(), || format!("there is no note {id}"))?;
    }
    rhythm::check(fact, evidence, reading)
        .or_else(|| pitch::check(fact, evidence, reading))
        .or_else(|| harmony::check(fact, evidence, reading))
        .or_else(|| form::check(fact, evidence, reading))
        .or_else(|| layout::check(fact, evidence, reading))
        .or_else(|| pulse::check(fact, evidence, reading))
        .or_else(|| words::check(fact, evidence, reading))
        .unwrap_or_else(|| Err(Refutation("no rule recomputes this statement".to_owned())))
}
