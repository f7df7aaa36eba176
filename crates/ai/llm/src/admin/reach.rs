//! What answers now: every model that can be asked, and how quickly its provider says what it has.

use super::models::{OfferedTarget, Reachability};
use crate::found;
use crate::gateway::Gateway;
use crate::model::Origin;
use crate::tenant::Provider;
use eduai_kernel::{Actor, Failure};
use futures_util::future::join_all;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long a provider may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// A name that can be asked, with one model behind it.
#[derive(Clone, Debug, Serialize)]
pub struct ModelReach {
    /// The name.
    pub name: String,
    /// Where it was set.
    pub origin: Origin,
    /// What stands behind it.
    #[serde(flatten)]
    pub target: OfferedTarget,
    /// How long its provider took to list its models, in milliseconds, the connection included; none where it was not
    /// asked, or did not answer.
    pub latency_ms: Option<u64>,
    /// Why it does not answer.
    pub problem: Option<String>,
}

impl Gateway {
    /// Every name that the actor's institution can ask, after asking each provider that it may ask what it has.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn reach(&self, actor: &Actor) -> Result<Vec<ModelReach>, Failure> {
        let tenant = self.own_tenant(actor).await?;
        let models = self.models(actor).await?;
        // Where nothing may be asked, nothing is connected to.
        let open = |provider: &&Arc<Provider>| {
            let targets = models.iter().flat_map(|model| &model.targets);
            let mut own = targets.filter(|target| target.provider == provider.spec.name);
            own.any(|target| matches!(target.reachable, Reachability::Open | Reachability::Resting))
        };
        let asked = join_all(tenant.providers.iter().filter(open).map(|provider| ask(provider))).await;
        let answers: BTreeMap<&str, Result<u64, String>> = asked.into_iter().collect();
        let mut all = Vec::new();
        for model in &models {
            for target in &model.targets {
                let answer = answers.get(target.provider.as_str());
                all.push(ModelReach {
                    name: model.name.clone(),
                    origin: model.origin,
                    target: target.clone(),
                    latency_ms: answer.and_then(|answer| answer.as_ref().ok()).copied(),
                    problem: answer.and_then(|answer| answer.as_ref().err()).cloned(),
                });
            }
        }
        Ok(all)
    }
}

async fn ask(provider: &Provider) -> (&str, Result<u64, String>) {
    let begun = Instant::now();
    let listed = found::list(&provider.upstream, provider.spec.dialect, PATIENCE).await;
    let took = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    (provider.spec.name.as_str(), listed.map(|_| took).map_err(|failure| failure.message))
}
