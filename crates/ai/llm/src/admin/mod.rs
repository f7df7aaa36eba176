//! What an institution's administrators see of language models and set: providers, routes, keys and budgets. What the
//! operator's file says is shown beside it and changed there alone.

mod budgets;
mod keys;
mod models;
mod own;
mod privacy;
mod providers;
mod pull;
mod reach;
mod routes;
mod rules;
mod subject;
mod transcripts;
mod trial;

pub use budgets::{ModelBudget, ModelBudgetPatch, NewModelBudget};
pub use keys::{MadeModelKey, ModelKey, ModelKeyPatch, NewModelKey};
pub use models::{OfferedModel, OfferedTarget, Reachability, ShownPrice};
pub use privacy::{ModelPrivacy, ProviderReach};
pub use providers::{DialectName, ModelProvider, ModelProviderPatch, NewModelProvider, ProviderState};
pub use pull::PullProgress;
pub use reach::ModelReach;
pub use routes::{ModelRoute, ModelRoutePatch, NewModelRoute, RouteTarget};
pub use subject::{SubjectKind, SubjectView};
pub use transcripts::{ModelTranscript, OpenedModelTranscript, TranscriptQuery};
pub use trial::{ModelTrial, TrialProblem};

use crate::gateway::Gateway;
use crate::tenant::Tenant;
use eduai_audit::Entry;
use eduai_db::Tx;
use eduai_kernel::id::UserId;
use eduai_kernel::{Actor, Failure};
use futures_util::future::BoxFuture;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Whoever knows people's names.
pub trait People: Send + Sync {
    /// The names of those of `people` whom `actor` may see.
    fn names<'a>(&'a self, actor: &'a Actor, people: &'a [UserId]) -> BoxFuture<'a, Result<Names, Failure>>;
}

/// Names, by whose they are.
pub type Names = BTreeMap<UserId, String>;

impl Gateway {
    /// The names of people; none where nobody knows them.
    async fn names(&self, actor: &Actor, people: &[UserId]) -> Result<Option<Names>, Failure> {
        match &self.inner.people {
            Some(known) => known.names(actor, people).await.map(Some),
            None => Ok(None),
        }
    }

    async fn begin(&self, actor: &Actor) -> Result<Tx, Failure> {
        self.inner.db.begin(actor).await.map_err(away)
    }

    async fn own_tenant(&self, actor: &Actor) -> Result<Arc<Tenant>, Failure> {
        self.tenant(actor.institution).await.map_err(away)
    }

    /// Ends a transaction that has changed something: with its entry in the audit log, and with what holds from now on.
    async fn done(&self, mut tx: Tx, actor: &Actor, entry: Entry<'_>) -> Result<Arc<Tenant>, Failure> {
        eduai_audit::append(&mut tx, actor, entry, self.inner.clock.now()).await?;
        tx.commit().await.map_err(away)?;
        self.inner.tenants.refresh(actor.institution).await.map_err(away)
    }
}

fn away(error: sqlx::Error) -> Failure {
    eduai_db::failure(&error)
}
