//! What can be asked now: every name, and what stands behind it.

use crate::breaker;
use crate::gateway::Gateway;
use crate::model::Origin;
use crate::money::Money;
use crate::tenant::{Provider, Route, Target, Tenant};
use eduai_kernel::{Actor, Failure};
use serde::Serialize;
use utoipa::ToSchema;

/// Whether a provider may be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ModelReachability)]
pub enum Reachability {
    /// It is asked.
    Open,
    /// Nothing leaves the house, by the institution's level.
    RefusedByPrivacy,
    /// No agreement on the processing of data is on record with it.
    NoAgreement,
    /// It has failed several times and is left alone for a moment.
    Resting,
}

/// What a million tokens cost, in US dollars.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ModelPrice)]
pub struct ShownPrice {
    /// Of a question.
    #[schema(value_type = String, example = "0.15")]
    pub input: Money,
    /// Of a question, where the provider had kept them.
    #[schema(value_type = String, example = "0.075")]
    pub cached_read: Money,
    /// Of an answer.
    #[schema(value_type = String, example = "0.6")]
    pub output: Money,
}

/// A model of a provider that stands behind a name.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OfferedTarget {
    /// The provider's name.
    pub provider: String,
    /// The model's name there.
    pub model: String,
    /// Whether a question to it stays in the house.
    pub local: bool,
    /// Lower ones are asked first.
    pub order: u32,
    /// How often it comes first among those of the same order, compared with them.
    pub weight: u32,
    /// What a million tokens cost; none where nobody wrote that down.
    pub price: Option<ShownPrice>,
    /// Whether it may be asked.
    #[schema(inline)]
    pub reachable: Reachability,
}

/// A name that can be asked.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OfferedModel {
    /// The name.
    pub name: String,
    /// The platform's own tasks that go this way.
    pub tasks: Vec<String>,
    /// Whether somebody wrote a route, rather than its following from a provider's list of models.
    pub written: bool,
    /// Where it was set.
    #[schema(inline)]
    pub origin: Origin,
    /// For how many seconds an answer is kept.
    pub cache_seconds: u64,
    /// What stands behind it, in the order in which it is asked.
    pub targets: Vec<OfferedTarget>,
}

impl Gateway {
    /// Every name that the actor's institution can ask now.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn models(&self, actor: &Actor) -> Result<Vec<OfferedModel>, Failure> {
        let tenant = self.own_tenant(actor).await?;
        Ok(tenant.routes.iter().map(|(name, route)| offered(name, route, &tenant)).collect())
    }
}

fn offered(name: &str, route: &Route, tenant: &Tenant) -> OfferedModel {
    OfferedModel {
        name: name.to_owned(),
        tasks: route.tasks.clone(),
        written: route.written,
        origin: route.origin,
        cache_seconds: route.cache.as_secs(),
        targets: route.targets.iter().map(|one| target(one, tenant)).collect(),
    }
}

fn target(target: &Target, tenant: &Tenant) -> OfferedTarget {
    OfferedTarget {
        provider: target.provider.name.to_string(),
        model: target.model.to_string(),
        local: target.in_house(),
        order: target.order,
        weight: target.weight,
        price: target.price.map(|price| {
            let (input, cached_read, output) = price.per_million();
            ShownPrice { input, cached_read, output }
        }),
        reachable: reachable(&target.provider, target.in_house(), tenant),
    }
}

/// Whether the institution may ask a provider, for a question that stays in the house or does not.
pub fn reachable(provider: &Provider, in_house: bool, tenant: &Tenant) -> Reachability {
    let effects = tenant.effects();
    if !in_house && !effects.cloud_models {
        Reachability::RefusedByPrivacy
    } else if !in_house && effects.agreement_needed && provider.spec.agreement.is_none() {
        Reachability::NoAgreement
    } else if provider.breaker.state() != breaker::State::Closed {
        Reachability::Resting
    } else {
        Reachability::Open
    }
}
