//! Checkpoints are taken once a day, and after every thousand entries.

use crate::Checkpoints;
use eduai_db::{Db, Tx};
use eduai_jobs::{NewJob, Runner, Schedule, enqueue};
use eduai_kernel::Actor;
use eduai_kernel::id::InstitutionId;
use jiff::Timestamp;

const KIND: &str = "audit.checkpoint";
/// A checkpoint is taken after so many entries.
pub const EVERY: i64 = 1_000;

/// Asks for a checkpoint when the entry with this number calls for one.
pub(crate) async fn after(
    tx: &mut Tx,
    institution: InstitutionId,
    number: i64,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    if number % EVERY == 0 {
        let job = NewJob::new(KIND, &()).key(number.to_string());
        enqueue(tx, &Actor::system(institution), &job, now).await?;
    }
    Ok(())
}

/// Teaches the runner to take checkpoints, daily at 02:30 UTC and when they are asked for.
#[must_use]
pub fn register(runner: Runner, db: &Db, checkpoints: &Checkpoints) -> Runner {
    let (db, checkpoints) = (db.clone(), checkpoints.clone());
    runner.schedule(KIND, Schedule::daily(2, 30)).on(KIND, move |job| {
        let (db, checkpoints) = (db.clone(), checkpoints.clone());
        async move {
            let mut tx = db.begin(&job.actor).await?;
            checkpoints.take(&mut tx, job.now).await?;
            tx.commit().await?;
            Ok(())
        }
    })
}
