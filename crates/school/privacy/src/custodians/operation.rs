//! What the platform keeps for a short time to work: queues, and requests that may be repeated.

use eduai_db::{Tx, outbox};
use eduai_kernel::id::UserId;
use eduai_module::{Category, Custodian, Custody, Holding, Record, Removal};
use std::collections::BTreeSet;

const OUTBOX: &str = "platform.outbox";
const JOB: &str = "jobs.job";
const REPEATED: &str = "web.idempotency";

pub struct Operation;

impl Custodian for Operation {
    fn name(&self) -> &'static str {
        "operation"
    }

    fn holdings(&self) -> Vec<Holding> {
        [OUTBOX, JOB, REPEATED].into_iter().map(|table| Holding::new(table, Category::Operation)).collect()
    }

    fn export<'a>(&'a self, tx: &'a mut Tx, person: UserId) -> Custody<'a, Vec<Record>> {
        Box::pin(async move {
            let all = async {
                Ok::<_, sqlx::Error>([
                    (OUTBOX, outbox::export(tx, person).await?),
                    (JOB, eduai_jobs::export(tx, person).await?),
                    (REPEATED, eduai_web::idempotency::export(tx, person).await?),
                ])
            };
            let all = all.await.map_err(|error| eduai_db::failure(&error))?;
            let records = |(table, rows): (_, Vec<_>)| rows.into_iter().map(move |value| Record { table, value });
            Ok(all.into_iter().flat_map(records).collect())
        })
    }

    /// What still waits is removed as well: nothing is done for somebody who is not there any more.
    fn erase<'a>(&'a self, tx: &'a mut Tx, person: UserId, _: &'a BTreeSet<Category>) -> Custody<'a, Vec<Removal>> {
        Box::pin(async move {
            let done = async {
                Ok::<_, sqlx::Error>(vec![
                    Removal::deleted(OUTBOX, outbox::forget(tx, person).await?),
                    Removal::deleted(JOB, eduai_jobs::forget(tx, person).await?),
                    Removal::deleted(REPEATED, eduai_web::idempotency::forget(tx, person).await?),
                ])
            };
            done.await.map_err(|error| eduai_db::failure(&error))
        })
    }
}
