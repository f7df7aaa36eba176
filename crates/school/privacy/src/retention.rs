//! Retention: how long each category is kept, and the daily deletion of what is due.

use crate::error::Error;
use crate::service::{Privacy, administrator};
use crate::store::retention as store;
use eduai_audit::Entry;
use eduai_kernel::Actor;
use eduai_module::{Category, Removal};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

/// How many runs are shown.
const SHOWN: i64 = 30;

/// How long a category is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RetentionRule {
    /// The category.
    #[schema(inline)]
    pub category: Category,
    /// For how many days; absent where rooms clear it away by themselves within days.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keep_days: Option<i32>,
    /// The least that the institution may set.
    pub floor_days: i32,
    /// Whether the institution has set it.
    pub own: bool,
    /// The tables that hold such data.
    pub tables: Vec<String>,
}

/// What one run deleted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RetentionRun {
    /// When (RFC 3339).
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// What, table by table; empty where nothing was due.
    pub removals: Vec<Removal>,
}

/// How long the institution keeps what, and what was deleted lately.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RetentionView {
    /// Every category.
    pub rules: Vec<RetentionRule>,
    /// The last 30 runs, the newest first.
    pub runs: Vec<RetentionRun>,
}

/// How long a category is to be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRetention {
    /// For how many days, from the category's floor to 36,500.
    pub keep_days: i32,
}

impl Privacy {
    /// How long the actor's institution keeps what, and what was deleted lately.
    pub async fn retention(&self, actor: &Actor) -> Result<RetentionView, Error> {
        administrator(actor)?;
        let mut tx = self.begin(actor).await?;
        let own = self.own_retention(&mut tx).await?;
        let runs = store::runs(&mut tx, SHOWN).await?;
        tx.commit().await?;
        let rule = |category: Category| RetentionRule {
            category,
            keep_days: self.rules().categories.keep_days(category, own.get(&category).copied()),
            floor_days: self.rules().categories.floor_days(category),
            own: own.contains_key(&category),
            tables: self.tables(category),
        };
        let run = |(at, report)| RetentionRun { at, removals: serde_json::from_value(report).unwrap_or_default() };
        Ok(RetentionView {
            rules: Category::ALL.into_iter().map(rule).collect(),
            runs: runs.into_iter().map(run).collect(),
        })
    }

    /// Sets how long the actor's institution keeps a category.
    ///
    /// # Errors
    /// [`Error::Invalid`] below the floor or above 36,500 days, or where rooms clear it away by themselves.
    pub async fn set_retention(&self, actor: &Actor, category: Category, new: NewRetention) -> Result<(), Error> {
        administrator(actor)?;
        let floor = self.rules().categories.floor_days(category);
        if self.rules().categories.keep_days(category, None).is_none() {
            return Err(Error::field("category", "not_kept", "What is of this category is cleared away within days."));
        }
        if !(floor..=36_500).contains(&new.keep_days) {
            let detail = format!("It must be between {floor} and 36500 days.");
            return Err(Error::field("keep_days", "out_of_range", detail));
        }
        let mut tx = self.begin(actor).await?;
        store::set(&mut tx, category.as_str(), new.keep_days).await?;
        let details = json!({ "category": category, "keep_days": new.keep_days });
        self.note(&mut tx, actor, Entry::done("privacy.retention_set").with(details)).await?;
        Ok(tx.commit().await?)
    }

    /// Deletes what is due in the actor's institution, and keeps a report of it. One transaction a category, so that one
    /// that fails does not keep the others from being done; the failure is returned in the end.
    pub async fn delete_due(&self, actor: &Actor) -> Result<Vec<Removal>, Error> {
        administrator(actor)?;
        let now = self.now();
        let mut tx = self.begin(actor).await?;
        let own = self.own_retention(&mut tx).await?;
        tx.commit().await?;
        let (mut removals, mut failed) = (Vec::new(), None);
        for category in Category::ALL {
            let due = self.rules().categories.due_before(category, own.get(&category).copied(), now);
            let Some(before) = due else { continue };
            match self.delete_category(actor, category, before).await {
                Ok(done) => removals.extend(done),
                Err(error) => {
                    tracing::error!(%error, category = category.as_str(), "what is due was not deleted");
                    failed = Some(error);
                }
            }
        }
        let mut tx = self.begin(actor).await?;
        store::insert_run(&mut tx, self.fresh_id(), now, &json!(removals)).await?;
        let deleted: u64 = removals.iter().map(|removal| removal.deleted + removal.anonymised).sum();
        let entry = Entry::done("privacy.retention").with(json!({ "rows": deleted, "complete": failed.is_none() }));
        self.note(&mut tx, actor, entry).await?;
        tx.commit().await?;
        failed.map_or(Ok(removals), Err)
    }

    async fn delete_category(
        &self,
        actor: &Actor,
        category: Category,
        before: Timestamp,
    ) -> Result<Vec<Removal>, Error> {
        let mut tx = self.begin(actor).await?;
        let mut removals = Vec::new();
        for room in self.custodians() {
            removals.extend(room.expire(&mut tx, category, before).await.map_err(Error::Room)?);
        }
        tx.commit().await?;
        removals.retain(|removal| removal.deleted + removal.anonymised > 0);
        Ok(removals)
    }

    fn tables(&self, category: Category) -> Vec<String> {
        let holdings = self.custodians().iter().flat_map(|room| room.holdings());
        holdings.filter(|holding| holding.category == category).map(|holding| holding.table.to_owned()).collect()
    }
}
