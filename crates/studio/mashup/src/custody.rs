//! What this room keeps of a person, given out and erased.

use crate::service::Mashups;
use crate::{kept, sources, store};
use eduai_db::Tx;
use eduai_kernel::id::UserId;
use eduai_module::{Category, Custodian, Custody, Holding, Record, Removal};
use jiff::Timestamp;
use std::collections::BTreeSet;

const MASHUP: &str = "mashup.mashup";
const SOURCE: &str = "mashup.source";
const RUN: &str = "workflow.run";

impl Custodian for Mashups {
    fn name(&self) -> &'static str {
        "mashup"
    }

    /// The runs of the graph are this room's, with all that hangs on them.
    fn holdings(&self) -> Vec<Holding> {
        [MASHUP, SOURCE, RUN, "workflow.step", "workflow.effect", "workflow.event"]
            .into_iter()
            .map(|table| Holding::new(table, Category::Session))
            .collect()
    }

    fn export<'a>(&'a self, tx: &'a mut Tx, person: UserId) -> Custody<'a, Vec<Record>> {
        Box::pin(async move {
            let mut records = Vec::new();
            for (table, rows) in [
                (MASHUP, kept::export(&self.vault, tx, person).await?),
                (SOURCE, sources::kept::export(&self.vault, tx, person).await?),
            ] {
                records.extend(rows.into_iter().map(|value| Record { table, value }));
            }
            let runs = self.engine.export(tx, person.uuid()).await?;
            records.extend(runs.into_iter().map(|value| Record { table: RUN, value }));
            Ok(records)
        })
    }

    fn erase<'a>(&'a self, tx: &'a mut Tx, person: UserId, kept: &'a BTreeSet<Category>) -> Custody<'a, Vec<Removal>> {
        Box::pin(async move {
            if kept.contains(&Category::Session) {
                return Ok(Vec::new());
            }
            let failed = |error: sqlx::Error| eduai_db::failure(&error);
            let mashups = store::erase(tx, person).await.map_err(failed)?;
            let sources = sources::store::erase(tx, person).await.map_err(failed)?;
            let runs = self.engine.erase(tx, person.uuid()).await?;
            Ok(vec![Removal::deleted(MASHUP, mashups), Removal::deleted(SOURCE, sources), Removal::deleted(RUN, runs)])
        })
    }

    fn expire<'a>(&'a self, tx: &'a mut Tx, category: Category, before: Timestamp) -> Custody<'a, Vec<Removal>> {
        Box::pin(async move {
            if category != Category::Session {
                return Ok(Vec::new());
            }
            let failed = |error: sqlx::Error| eduai_db::failure(&error);
            let mashups = store::expire(tx, before).await.map_err(failed)?;
            let sources = sources::store::expire(tx, before).await.map_err(failed)?;
            let runs = self.engine.expire(tx, before).await?;
            Ok(vec![Removal::deleted(MASHUP, mashups), Removal::deleted(SOURCE, sources), Removal::deleted(RUN, runs)])
        })
    }
}
