//! Trying a provider: a real question, short, which is paid and written down like any other, and what it lists.

use super::models::{Reachability, reachable};
use super::{away, providers};
use crate::call::{Caller, Outcome, Question, status};
use crate::found;
use crate::gateway::Gateway;
use crate::model::Origin;
use crate::record::Operation;
use crate::retry::RetryPolicy;
use crate::tenant::{Provider, Route, Tenant, target};
use eduai_audit::Entry;
use eduai_kernel::id::UserId;
use eduai_kernel::{Actor, Failure, FieldFault};
use eduai_wire::{Chat, Dialect, Kind, Message, Model, Part, Role, openai, relay};
use serde::Serialize;
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};
use utoipa::ToSchema;
use uuid::Uuid;

/// What is asked.
const QUESTION: &str = "This is a test of the connection. Answer with one short sentence.";
/// How long an answer may be, in tokens: room for models that think before they speak.
const LONGEST: u32 = 256;
/// How much of it is shown, in characters.
const SHOWN: usize = 200;
/// How long it may take. A model that has to be loaded from a disk takes its time.
const PATIENCE: Duration = Duration::from_mins(1);
/// How long the list of models may take.
const LIST_PATIENCE: Duration = Duration::from_secs(10);

/// What is wrong with a provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ModelTrialProblem)]
pub struct TrialProblem {
    /// Its kind: `authentication`, `permission`, `not_found`, `rate_limited`, `budget`, `unavailable`, `timeout`,
    /// `nonsense`, `refused_by_privacy`, `no_agreement`, `no_model` and others.
    pub kind: String,
    /// In words, with what to do where that is known.
    pub text: String,
}

/// How a trial went.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ModelTrial {
    /// Whether an answer came.
    pub ok: bool,
    /// How long it took, in milliseconds, the connection included.
    pub latency_ms: u64,
    /// Which model was asked.
    pub model: Option<String>,
    /// The first 200 characters of the answer.
    pub answer: Option<String>,
    /// What the provider lists.
    pub models: Vec<String>,
    /// What is wrong.
    pub problem: Option<TrialProblem>,
}

impl ModelTrial {
    fn failed(kind: &str, text: impl Into<String>) -> Self {
        let problem = Some(TrialProblem { kind: kind.to_owned(), text: text.into() });
        Self { ok: false, latency_ms: 0, model: None, answer: None, models: Vec::new(), problem }
    }
}

impl Gateway {
    /// Tries a provider of the actor's institution: with `model`, else with the first that it offers.
    ///
    /// # Errors
    /// When there is no such provider, or the database does not answer. A provider that fails is a good answer.
    pub async fn try_provider(&self, actor: &Actor, id: Uuid, model: Option<&str>) -> Result<ModelTrial, Failure> {
        if model.is_some_and(|model| !super::rules::is_model(model)) {
            let fault = FieldFault::new("model", "invalid_model", "Write a model's name as its provider writes it.");
            return Err(Failure::invalid(vec![fault]));
        }
        let tenant = self.own_tenant(actor).await?;
        let provider = tenant.providers.iter().find(|one| one.spec.id == id).ok_or_else(providers::unknown)?;
        let trial = self.trial(actor, &tenant, provider, model).await;
        let wrong = trial.problem.as_ref().map(|problem| problem.kind.as_str());
        let told = json!({"name": provider.spec.name, "ok": trial.ok, "wrong": wrong});
        let mut tx = self.begin(actor).await?;
        let entry = Entry::done("models.provider_tested").on("model_provider", id).with(told);
        eduai_audit::append(&mut tx, actor, entry, self.inner.clock.now()).await?;
        tx.commit().await.map_err(away)?;
        Ok(trial)
    }

    async fn trial(&self, actor: &Actor, tenant: &Tenant, known: &Provider, model: Option<&str>) -> ModelTrial {
        // With connections of its own, and whatever was thought of it before.
        let fresh = Arc::new(self.inner.tenants.provider(known.spec.clone()));
        match reachable(&fresh, fresh.spec.in_house, tenant) {
            Reachability::RefusedByPrivacy => {
                let text = "The institution's privacy level lets nothing leave the house. It was not connected to.";
                return ModelTrial::failed("refused_by_privacy", text);
            }
            Reachability::NoAgreement => {
                let text = "No agreement on the processing of data is on record with this provider. Write it down, or \
                    choose a provider of the house. It was not connected to.";
                return ModelTrial::failed("no_agreement", text);
            }
            Reachability::Open | Reachability::Resting => {}
        }
        let listed = found::list(&fresh.upstream, fresh.spec.dialect, LIST_PATIENCE).await;
        let models: Vec<String> = listed.iter().flatten().map(|model: &Model| model.id.clone()).collect();
        let chosen = model.map(ToOwned::to_owned).or_else(|| fresh.spec.models.first().cloned());
        let Some(chosen) = chosen.or_else(|| models.first().cloned()) else {
            return match listed {
                Err(failure) => ModelTrial::failed(status(failure.kind), failure.message),
                Ok(_) => ModelTrial::failed("no_model", "The provider lists no model. Name one, or fetch one first."),
            };
        };
        let begun = Instant::now();
        let answered = tokio::time::timeout(PATIENCE, self.question(actor, tenant, &fresh, &chosen)).await;
        let latency_ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        let late = || eduai_wire::Failure::new(Kind::Timeout, "no answer came within a minute");
        let trial = match answered.unwrap_or_else(|_| Err(late())) {
            Ok(text) => {
                known.breaker.succeeded();
                ModelTrial { ok: true, latency_ms, model: None, answer: Some(text), models: Vec::new(), problem: None }
            }
            Err(failure) => ModelTrial { latency_ms, ..ModelTrial::failed(status(failure.kind), failure.message) },
        };
        ModelTrial { model: Some(chosen), models, ..trial }
    }

    /// Asks as the actor, through everything that any question goes through.
    async fn question(
        &self,
        actor: &Actor,
        tenant: &Tenant,
        provider: &Arc<Provider>,
        model: &str,
    ) -> Result<String, eduai_wire::Failure> {
        let message =
            Message { role: Role::User, parts: vec![Part::Text(QUESTION.to_owned())], other: serde_json::Map::new() };
        let name = format!("{}/{model}", provider.name);
        let chat = Chat { model: name.clone(), messages: vec![message], max_tokens: Some(LONGEST), ..Chat::default() };
        let body = openai::write_request(&chat);
        let peek = relay::peek(&body)?;
        let question = Question { front: Dialect::OpenAi, operation: Operation::Chat, body, peek, headers: Vec::new() };
        let caller = Caller {
            tenant: Arc::new(self.only(tenant, provider, &name, model)),
            key: None,
            person: Some(UserId::uuid(actor.user)),
            // The question is the same for everybody.
            tells: false,
            role: Some(actor.role),
            feature: "models.test".into(),
            prompt: None,
            purses: tenant.purses_of(None, Some(actor.user), Some(actor.role)).into(),
            in_house: false,
            names: self.inner.nobody.clone(),
        };
        let Outcome::Whole { body, .. } = self.call(&caller, &question).await? else {
            return Err(eduai_wire::Failure::new(Kind::Nonsense, "a stream came where none was asked for"));
        };
        let reply = openai::read_reply(200, &body)?;
        let texts = reply.parts.iter().filter_map(|part| match part.plain() {
            Part::Text(text) => Some(text.as_str()),
            _ => None,
        });
        Ok(texts.collect::<String>().trim().chars().take(SHOWN).collect())
    }

    /// The institution with this one model, asked once.
    fn only(&self, tenant: &Tenant, provider: &Arc<Provider>, name: &str, model: &str) -> Tenant {
        let prices = self.inner.tenants.prices();
        let route = Route {
            model: name.into(),
            tasks: Vec::new(),
            targets: vec![Arc::new(target(provider, model, 1, 1, prices))],
            retry: RetryPolicy { attempts: 1, ..RetryPolicy::default() },
            cache: Duration::ZERO,
            similar: None,
            hedge: None,
            written: false,
            origin: Origin::School,
        };
        Tenant {
            institution: tenant.institution,
            privacy: tenant.privacy,
            log_prompts: false,
            providers: vec![provider.clone()],
            routes: BTreeMap::from([(name.to_owned(), Arc::new(route))]),
            route_specs: Vec::new(),
            purses: tenant.purses.clone(),
            prices: tenant.prices.clone(),
        }
    }
}
