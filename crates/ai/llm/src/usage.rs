//! What models were used for, and what it cost.

use crate::gateway::Gateway;
use crate::model::Period;
use crate::money::Money;
use crate::store::usage as store;
use eduai_kernel::{Actor, Failure};
use jiff::{Timestamp, ToSpan as _};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How far back it is looked unless said.
const DAYS: i64 = 30;

/// By what it is summed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Grouping {
    /// By provider.
    #[default]
    Provider,
    /// By model.
    Model,
    /// By what it was for.
    Feature,
    /// By person.
    User,
    /// By virtual key.
    Key,
    /// By how it ended.
    Status,
}

impl Grouping {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Provider => "provider",
            Self::Model => "model",
            Self::Feature => "feature",
            Self::User => "user",
            Self::Key => "key",
            Self::Status => "status",
        }
    }
}

/// What was used in one period by one of those that were asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct UsageView {
    /// The first moment of the period (RFC 3339, UTC).
    #[schema(value_type = String, format = DateTime)]
    pub from: Timestamp,
    /// Who or what: a provider, a model, the id of a person. Empty where it was nobody.
    pub name: String,
    /// How many calls.
    pub calls: i64,
    /// How many of them brought no answer.
    pub failed: i64,
    /// Tokens that were read.
    pub input_tokens: i64,
    /// Of these, those that the provider had kept.
    pub cached_read_tokens: i64,
    /// Tokens that were written.
    pub output_tokens: i64,
    /// What it cost, in US dollars, exact.
    #[schema(value_type = String, example = "0.000018")]
    pub cost: Money,
    /// Of this, what follows from tokens that were counted here, because the provider did not say.
    #[schema(value_type = String, example = "0")]
    pub estimated_cost: Money,
}

impl Gateway {
    /// What was used since `since`, the latest period first, the dearest first: of the whole institution for those who
    /// may see it, of the actor alone otherwise or with `mine`.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn usage(
        &self,
        actor: &Actor,
        period: Period,
        by: Grouping,
        since: Option<Timestamp>,
        mine: bool,
    ) -> Result<Vec<UsageView>, Failure> {
        let away = |error: sqlx::Error| eduai_db::failure(&error);
        let now = self.inner.clock.now();
        let since = since.unwrap_or_else(|| now.checked_sub((DAYS * 24).hours()).unwrap_or(now));
        let mut tx = self.inner.db.read(actor).await.map_err(away)?;
        let person = mine.then(|| actor.user.uuid());
        let rows = store::summed(&mut tx, period.as_str(), by.as_str(), since, person).await.map_err(away)?;
        tx.commit().await.map_err(away)?;
        Ok(rows)
    }
}
