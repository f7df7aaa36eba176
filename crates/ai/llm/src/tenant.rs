//! What one institution has: its providers, what stands behind which name, its budgets, and how far its data may travel.
//! A value that is made anew when anything of it changes; a call works with the one that it began with.

use crate::breaker::Breaker;
use crate::budget::Purse;
use crate::client::Upstream;
use crate::metering::Meters;
use crate::model::{Origin, ProviderSpec, RouteSpec, Subject, TargetSpec};
use crate::prices::{Price, Prices};
use crate::retry::RetryPolicy;
use eduai_kernel::id::{InstitutionId, UserId, Uuid};
use eduai_kernel::institution::PrivacyEffects;
use eduai_kernel::{PrivacyLevel, Random, Role};
use eduai_wire::Dialect;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

/// How many names are offered to somebody who asked for one that there is not.
const NEAREST: usize = 3;

/// A provider that can be asked.
pub struct Provider {
    /// What was set.
    pub spec: ProviderSpec,
    /// Its name, for what is written down.
    pub name: Arc<str>,
    /// The connections.
    pub upstream: Upstream,
    /// Whether it is well.
    pub breaker: Breaker,
    /// The models that it lists and that run elsewhere, though it stands in the house itself.
    elsewhere: RwLock<BTreeSet<String>>,
}

impl Provider {
    /// One of which nothing is known yet.
    pub fn new(spec: ProviderSpec, upstream: Upstream, breaker: Breaker) -> Self {
        Self { name: spec.name.as_str().into(), upstream, breaker, elsewhere: RwLock::default(), spec }
    }

    /// Whether it may pass questions on, out of the house: an Ollama has models of its own cloud.
    pub fn may_pass_on(&self) -> bool {
        self.spec.in_house && self.spec.dialect == Dialect::Ollama
    }

    /// These of its models run elsewhere.
    pub fn passes_on(&self, models: BTreeSet<String>) {
        *self.elsewhere.write().unwrap_or_else(PoisonError::into_inner) = models;
    }

    /// Whether a question to `model` stays in the house.
    pub fn keeps(&self, model: &str) -> bool {
        if !self.may_pass_on() {
            return self.spec.in_house;
        }
        // What is asked without a tag is the latest.
        let known = self.elsewhere.read().unwrap_or_else(PoisonError::into_inner);
        let same = |one: &String| one == model || one.strip_suffix(":latest") == Some(model);
        !runs_elsewhere(model) && !known.iter().any(same)
    }
}

/// A model of a provider.
pub struct Target {
    /// Who answers.
    pub provider: Arc<Provider>,
    /// The model's name there.
    pub model: Arc<str>,
    /// What it costs; none where nobody knows.
    pub price: Option<Price>,
    /// Lower ones are asked first.
    pub order: u32,
    /// How often it comes first among those of the same order.
    pub weight: u32,
    /// Counts what it does.
    pub meters: Meters,
}

impl Target {
    /// Whether a question to it stays in the house.
    pub fn in_house(&self) -> bool {
        self.provider.keeps(&self.model)
    }

    /// Whether it is the same model of the same provider.
    pub fn is(&self, other: &Self) -> bool {
        self.model == other.model && self.provider.name == other.provider.name
    }
}

/// What stands behind a name.
pub struct Route {
    /// The name.
    pub model: Arc<str>,
    /// The platform's own tasks that go this way.
    pub tasks: Vec<String>,
    /// The models, by their order.
    pub targets: Vec<Arc<Target>>,
    /// How often each is asked.
    pub retry: RetryPolicy,
    /// How long an answer is kept.
    pub cache: Duration,
    /// How much another question must be like one to get its answer (a cosine); none for the same alone.
    pub similar: Option<f64>,
    /// After what time the next model is asked as well.
    pub hedge: Option<Duration>,
    /// Whether somebody wrote it, rather than its following from a provider's list of models.
    pub written: bool,
    /// Where it was set.
    pub origin: Origin,
}

/// One institution.
pub struct Tenant {
    /// Which.
    pub institution: InstitutionId,
    /// How far its data may travel.
    pub privacy: PrivacyLevel,
    /// Whether what is asked and answered is kept.
    pub log_prompts: bool,
    /// Who answers.
    pub providers: Vec<Arc<Provider>>,
    /// What stands behind which name.
    pub routes: BTreeMap<String, Arc<Route>>,
    /// The routes as they were set.
    pub route_specs: Vec<RouteSpec>,
    /// The budgets.
    pub purses: Vec<Arc<Purse>>,
    /// Of when the prices are.
    pub prices: Arc<str>,
}

impl Tenant {
    /// What follows from the institution's level.
    pub fn effects(&self) -> PrivacyEffects {
        self.privacy.effects()
    }

    /// What stands behind `model`: a written name, a provider's model, or `provider/model`.
    pub fn route(&self, model: &str) -> Option<&Arc<Route>> {
        self.routes.get(model)
    }

    /// The route of one of the platform's own tasks: the one that names it, else the one that names its room
    /// (`mashup.*`), else the one that is for all (`*`).
    pub fn route_of_task(&self, task: &str) -> Option<&Arc<Route>> {
        let named = |wanted: &str| self.routes.values().find(|route| route.tasks.iter().any(|task| task == wanted));
        let room = task.split('.').next().map(|room| format!("{room}.*")).unwrap_or_default();
        named(task).or_else(|| named(&room)).or_else(|| named("*"))
    }

    /// The names that are most like one that there is not.
    pub fn nearest(&self, model: &str) -> Vec<&str> {
        let wanted = model.to_lowercase();
        let mut near: Vec<(f64, &str)> = self
            .routes
            .keys()
            .map(|name| (strsim::jaro_winkler(&wanted, &name.to_lowercase()), name.as_str()))
            .filter(|(likeness, _)| *likeness > 0.6)
            .collect();
        near.sort_by(|a, b| b.0.total_cmp(&a.0));
        near.into_iter().take(NEAREST).map(|(_, name)| name).collect()
    }

    /// The budgets that a call counts against.
    pub fn purses_of(&self, key: Option<Uuid>, person: Option<UserId>, role: Option<Role>) -> Vec<Arc<Purse>> {
        let counts = |subject: Subject| match subject {
            Subject::Institution => true,
            Subject::Role(named) => role == Some(named),
            Subject::User(named) => person == Some(named),
            Subject::Key(named) => key == Some(named),
        };
        self.purses.iter().filter(|purse| counts(purse.spec.subject)).cloned().collect()
    }
}

/// Whether a model is, by its name, one of those that Ollama's own cloud runs.
fn runs_elsewhere(model: &str) -> bool {
    model.ends_with("-cloud") || model.ends_with(":cloud")
}

/// The routes that specs describe: those that were written, and one for each model that a provider lists, asked as often
/// as `retry` says.
pub fn routes(
    specs: &[RouteSpec],
    providers: &[Arc<Provider>],
    prices: &Prices,
    retry: RetryPolicy,
) -> BTreeMap<String, Arc<Route>> {
    let mut routes = BTreeMap::new();
    for provider in providers {
        for model in &provider.spec.models {
            let target = Arc::new(target(provider, model, 1, 1, prices));
            for name in [model.clone(), format!("{}/{model}", provider.spec.name)] {
                let route = Route {
                    model: name.as_str().into(),
                    tasks: Vec::new(),
                    targets: vec![target.clone()],
                    retry,
                    cache: Duration::ZERO,
                    similar: None,
                    hedge: None,
                    written: false,
                    origin: provider.spec.origin,
                };
                // Of two providers with the same model the first answers; the other is reached by its longer name.
                routes.entry(name).or_insert_with(|| Arc::new(route));
            }
        }
    }
    for spec in specs {
        let named = |one: &TargetSpec| {
            let provider = providers.iter().find(|provider| provider.spec.name == one.provider)?;
            Some(Arc::new(target(provider, &one.model, one.order, one.weight, prices)))
        };
        let mut targets: Vec<_> = spec.targets.iter().filter_map(named).collect();
        targets.sort_by_key(|target| target.order);
        let route = Route {
            model: spec.model.as_str().into(),
            tasks: spec.tasks.clone(),
            targets,
            retry: spec.retry,
            cache: spec.cache,
            similar: spec.similar,
            hedge: spec.hedge,
            written: true,
            origin: spec.origin,
        };
        routes.insert(spec.model.clone(), Arc::new(route));
    }
    routes
}

/// A model of a provider, with its price.
pub fn target(provider: &Arc<Provider>, model: &str, order: u32, weight: u32, prices: &Prices) -> Target {
    let known = prices.find(&provider.spec.name, model).or_else(|| prices.find(&provider.spec.prices, model));
    Target {
        provider: provider.clone(),
        model: model.into(),
        // What stands in the house costs nothing by the token, unless somebody says that it does.
        price: known.filter(|_| !provider.spec.in_house).or_else(|| {
            let own = prices.find(&provider.spec.name, model);
            own.or_else(|| provider.spec.in_house.then_some(Price::FREE))
        }),
        order,
        weight,
        meters: Meters::new(&provider.spec.name, model),
    }
}

impl Route {
    /// The models in the order in which they are asked this time: by their order, and among equals drawn by weight.
    pub fn drawn(&self, random: &mut Random) -> Vec<Arc<Target>> {
        if let [only] = self.targets.as_slice() {
            return vec![only.clone()];
        }
        let mut left = self.targets.clone();
        let mut drawn = Vec::with_capacity(left.len());
        while let Some(order) = left.first().map(|target| target.order) {
            let equals = left.iter().take_while(|target| target.order == order).count();
            let total: u64 = left[..equals].iter().map(|target| u64::from(target.weight.max(1))).sum();
            let mut point = random.next_u64() % total.max(1);
            let chosen = left[..equals].iter().position(|target| {
                let weight = u64::from(target.weight.max(1));
                let hit = point < weight;
                point = point.saturating_sub(weight);
                hit
            });
            drawn.push(left.remove(chosen.unwrap_or(0)));
        }
        drawn
    }
}
