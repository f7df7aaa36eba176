//! A call, from the question to what it cost.
//!
//! Start at [`Gateway::call`]: what may be asked, what it may cost, who is asked in which order. One try of one provider
//! is in `attempt`, an answer that passes through in pieces is in `stream`,
//! one that is kept from before in `kept`, and what a call costs is in `bill`.

mod alike;
mod attempt;
mod bill;
mod kept;
mod passage;
mod prepare;
mod race;
mod sniff;
mod span;
mod stream;

pub(crate) use alike::Comparison;
pub(crate) use bill::status;
pub(crate) use kept::Source;
pub(crate) use prepare::headers;
pub(crate) use stream::Passing;

use crate::budget::Purse;
use crate::gateway::Gateway;
use crate::keys::VirtualKey;
use crate::money::Money;
use crate::record::Operation;
use crate::retry;
use crate::tenant::{Route, Target, Tenant};
use attempt::Tried;
use bill::Bill;
use bytes::Bytes;
use eduai_kernel::Role;
use eduai_kernel::id::Uuid;
use eduai_wire::relay::Peek;
use eduai_wire::{Dialect, Failure, Kind, Usage};
use hyper::header::{HeaderName, HeaderValue};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

/// Tokens that an answer is taken to have at most, where the question sets no bound: what a budget has to have left for it.
const UNBOUNDED_OUTPUT: u64 = 4_096;

/// On whose behalf.
#[derive(Clone)]
pub(crate) struct Caller {
    pub tenant: Arc<Tenant>,
    pub key: Option<Arc<VirtualKey>>,
    pub person: Option<Uuid>,
    /// Whether what is asked may tell of that person.
    pub tells: bool,
    pub role: Option<Role>,
    /// What for: the platform's task, or `api`.
    pub feature: Arc<str>,
    /// The platform's prompt and its version.
    pub prompt: Option<Arc<str>>,
    pub purses: Arc<[Arc<Purse>]>,
    /// Whether nothing may leave the house, whatever the institution allows.
    pub in_house: bool,
    /// Names that are replaced before anything leaves the house.
    pub names: Arc<[String]>,
}

/// What is asked, as it came.
pub(crate) struct Question {
    /// What the caller speaks.
    pub front: Dialect,
    pub operation: Operation,
    pub body: Bytes,
    pub peek: Peek,
    /// What the caller says of the API's version, for a provider who speaks the same.
    pub headers: Vec<(HeaderName, HeaderValue)>,
}

/// What the caller gets.
pub(crate) enum Outcome {
    /// A whole answer, in the caller's dialect.
    Whole { body: Bytes, target: Arc<Target>, cost: Money, usage: Usage, kept: Option<Source> },
    /// An answer that passes through.
    Stream { body: Box<Passing>, target: Arc<Target> },
}

/// What somebody answered, and who.
type Answered = Result<(Tried, Arc<Target>), Failure>;

/// A call under way.
pub(crate) struct Ongoing<'c> {
    pub gateway: &'c Gateway,
    pub caller: &'c Caller,
    pub question: &'c Question,
    pub route: &'c Route,
    pub begun: Instant,
    /// Whether a whole answer has begun to come.
    pub answering: AtomicBool,
}

impl Gateway {
    /// Answers a question.
    pub(crate) async fn call(&self, caller: &Caller, question: &Question) -> Result<Outcome, Failure> {
        let model = question.peek.model.as_str();
        if model.is_empty() {
            return Err(Failure::new(Kind::Invalid, "model is missing: name the model that is asked").at("model"));
        }
        self.call_by(caller, question, caller.route(model)?).await
    }

    /// Answers a question by a route that is known to be open to it.
    async fn call_by(&self, caller: &Caller, question: &Question, route: &Route) -> Result<Outcome, Failure> {
        self.inner.recorder.room().await?;
        let ongoing = Ongoing {
            gateway: self,
            caller,
            question,
            route,
            begun: Instant::now(),
            answering: AtomicBool::new(false),
        };
        if route.cache.is_zero() || question.peek.stream {
            return ongoing.first_answer().await;
        }
        ongoing.kept_or_asked().await
    }
}

impl Caller {
    /// What stands behind a model's name.
    ///
    /// # Errors
    /// `NotFound` with the nearest names, or `Permission` where the key may not ask it.
    pub fn route(&self, model: &str) -> Result<&Route, Failure> {
        let route = self.tenant.route(model).ok_or_else(|| unknown(&self.tenant, model))?;
        if self.key.as_ref().is_some_and(|key| !key.may_ask(model)) {
            let text = format!("This key may not ask the model {model}.");
            return Err(Failure::new(Kind::Permission, text).coded("model_not_allowed"));
        }
        Ok(route)
    }
}

/// There is no such model; the nearest there are.
fn unknown(tenant: &Tenant, model: &str) -> Failure {
    let short: String = model.chars().take(200).collect();
    let near = tenant.nearest(&short);
    let text = if near.is_empty() {
        format!("There is no model {short}. GET /v1/models lists those that there are.")
    } else {
        format!("There is no model {short}. Did you mean {}?", near.join(", "))
    };
    Failure::new(Kind::NotFound, text).coded("model_not_found").at("model")
}

impl Ongoing<'_> {
    /// The answer of the first model that begins to answer.
    async fn first_answer(&self) -> Result<Outcome, Failure> {
        let targets = self.allowed()?;
        let mut bill = self.bill(&targets).await?;
        if let (Some(after), [first, rest @ ..]) = (self.route.hedge, targets.as_slice())
            && !rest.is_empty()
        {
            return Box::pin(self.hedged(first, rest, after, bill)).await;
        }
        let answered = self.one_after_the_other(&targets, &mut bill).await;
        self.concluded(answered, bill)
    }

    /// Asks one model after the other until one begins to answer.
    async fn one_after_the_other(&self, targets: &[Arc<Target>], bill: &mut Bill) -> Answered {
        let mut last = None;
        for target in targets {
            if !target.provider.breaker.admits(Instant::now()) {
                target.meters.status("breaker_open");
                last.get_or_insert_with(|| resting(target));
                continue;
            }
            if let Err(failure) = self.gateway.inner.disclosures.before(self.caller, target).await {
                last = Some(failure);
                continue;
            }
            match self.ask_again(target, bill).await {
                Ok(tried) => return Ok((tried, target.clone())),
                Err(failure) if retry::another_may_help(failure.kind) && self.left(target) > Duration::ZERO => {
                    tracing::debug!(provider = %target.provider.name, model = %target.model, %failure, "asking another");
                    last = Some(failure);
                }
                Err(failure) => {
                    last = Some(failure);
                    break;
                }
            }
        }
        Err(last.unwrap_or_else(|| Failure::new(Kind::Unavailable, "no model is there to be asked")))
    }

    /// Asks one model, as often as the route says.
    async fn ask_again(&self, target: &Arc<Target>, bill: &mut Bill) -> Result<Tried, Failure> {
        let mut asked = 0;
        loop {
            asked += 1;
            bill.turn_to(target);
            let failure = match self.attempt(target, bill).await {
                Ok(tried) => {
                    target.provider.breaker.succeeded();
                    return Ok(tried);
                }
                Err(failure) => failure,
            };
            Self::note(target, &failure);
            bill.charge_attempt(&failure);
            let wait = self
                .gateway
                .with_random(|random| self.route.retry.wait(asked, failure.kind, failure.retry_after, random));
            match wait.filter(|wait| *wait < self.left(target)) {
                Some(wait) => tokio::time::sleep(wait).await,
                None => return Err(failure),
            }
        }
    }

    /// What a failure says of the provider.
    fn note(target: &Target, failure: &Failure) {
        target.meters.status(status(failure.kind));
        let of_provider = matches!(failure.kind, Kind::Unavailable | Kind::Timeout | Kind::Nonsense);
        if of_provider && target.provider.breaker.failed(Instant::now()) {
            tracing::warn!(provider = %target.provider.name, %failure, "a provider is left alone for a while");
        }
        if matches!(failure.kind, Kind::Authentication | Kind::Permission) {
            tracing::warn!(provider = %target.provider.name, %failure, "a provider does not take its key");
        }
    }

    /// How much time is left.
    fn left(&self, target: &Target) -> Duration {
        target.provider.spec.deadlines.total.saturating_sub(self.begun.elapsed())
    }

    /// The models that may be asked, in the order of this time: those that the institution's level and the question's
    /// own bound let see it.
    fn allowed(&self) -> Result<Vec<Arc<Target>>, Failure> {
        let effects = self.caller.tenant.effects();
        let house = self.caller.in_house || !effects.cloud_models;
        let mut targets = self.gateway.with_random(|random| self.route.drawn(random));
        let all = targets.len();
        targets.retain(|target| {
            let spec = &target.provider.spec;
            target.in_house() || (!house && (!effects.agreement_needed || spec.agreement.is_some()))
        });
        if targets.is_empty() && all > 0 {
            let text = if house {
                "Nothing leaves the house here, and no model of the house stands behind this name."
            } else {
                "No agreement on the processing of data is on record with the providers behind this name."
            };
            return Err(Failure::new(Kind::Permission, text).coded("privacy"));
        }
        Ok(targets)
    }

    /// Sets aside the most that the question can cost at the dearest of `targets`.
    async fn bill(&self, targets: &[Arc<Target>]) -> Result<Bill, Failure> {
        let peek = &self.question.peek;
        let purses = &self.caller.purses;
        let mut reservation = None;
        if !purses.is_empty() {
            let hard = purses.iter().any(|purse| purse.spec.hard);
            if hard && targets.iter().any(|target| target.price.is_none()) {
                let text = "Nobody wrote down what this model costs, and a budget must hold: add its price.";
                return Err(Failure::new(Kind::Budget, text).coded("price_unknown"));
            }
            // Twice the estimate: what is not English has more tokens than a quarter of its bytes.
            let input = peek.input_estimate.saturating_mul(2).saturating_add(64);
            let output = match self.question.operation {
                Operation::Chat => peek.max_tokens.map_or(UNBOUNDED_OUTPUT, u64::from),
                Operation::Embeddings => 0,
            };
            let output = output.saturating_mul(u64::from(peek.choices.max(1)));
            let most = targets.iter().filter_map(|target| target.price).map(|price| price.at_most(input, output)).max();
            let most = most.unwrap_or_default();
            reservation = Some(self.gateway.inner.budgets.reserve(purses.iter(), most).await?);
        }
        Ok(Bill::new(self, reservation))
    }

    fn concluded(&self, answered: Answered, mut bill: Bill) -> Result<Outcome, Failure> {
        match answered {
            Ok((Tried::Whole { body, seen }, target)) => {
                bill.told(&body);
                let cost = bill.settle(&seen, "ok");
                Ok(Outcome::Whole { body, target, cost, usage: seen.usage.unwrap_or_default(), kept: None })
            }
            Ok((Tried::Stream(begun), target)) => {
                let deadline = self.begun + target.provider.spec.deadlines.total;
                let body = Passing::new(*begun, bill, deadline);
                Ok(Outcome::Stream { body: Box::new(body), target })
            }
            Err(failure) => {
                bill.fail(&failure);
                Err(failure)
            }
        }
    }
}

fn resting(target: &Target) -> Failure {
    let text = format!("{} has failed several times and is left alone for a moment", target.provider.name);
    let mut failure = Failure::new(Kind::Unavailable, text).coded("provider_resting");
    failure.retry_after = Some(Duration::from_secs(5));
    failure
}
