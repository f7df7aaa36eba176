//! Questions of the platform itself: with a person's rights, budget, consent and privacy.

use crate::call::{Caller, Outcome, Question};
use crate::gateway::Gateway;
use crate::money::Money;
use crate::record::Operation;
use crate::tenant::{Target, Tenant};
use bytes::Bytes;
use eduai_kernel::id::UserId;
use eduai_kernel::{Actor, Role};
use eduai_wire::{Chat, Dialect, Failure, Kind, Reply, openai, relay};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The purpose that people agree to before their data goes to a model outside of the house.
pub const CLOUD_MODELS: &str = "cloud_models";

/// The prompt that a question was made of, for the provenance of what comes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PromptVersion {
    /// Its name: `mashup/hooks.en`.
    pub name: &'static str,
    /// Its version.
    pub version: u32,
}

/// How far a question may travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Not out of the house, whatever the institution allows.
    Local,
    /// As far as the institution and the person allow.
    Allowed,
}

/// A question.
#[derive(Clone, Debug)]
pub struct Ask {
    /// What it is for: `mashup.lyrics`. The route goes by it.
    pub task: &'static str,
    /// What it was made of.
    pub prompt: PromptVersion,
    /// The question. Its model is left empty: the route decides.
    pub chat: Chat,
    /// How far it may travel.
    pub reach: Reach,
    /// Names that are replaced before it leaves the house.
    pub personal: Vec<String>,
    /// How long the answer may take.
    pub deadline: Duration,
}

/// An answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// What was said.
    pub reply: Reply,
    /// Who said it.
    pub provider: String,
    /// Which model of theirs.
    pub model: String,
    /// Whether it never left the house.
    pub local: bool,
    /// What it cost.
    pub cost: Money,
    /// How long it took.
    pub took: Duration,
}

/// What a person may use for a task.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Offered {
    /// A model in the house.
    pub local: bool,
    /// A model outside.
    pub cloud: bool,
    /// Why there is no more than this: nobody set a model for the task (`no_route`), the ones there are do not answer
    /// (`resting`), the institution lets nothing leave (`privacy`) or has no agreement with them (`no_agreement`), this
    /// person did not consent (`consent`).
    pub why: Option<&'static str>,
}

impl Offered {
    const fn nothing(why: &'static str) -> Self {
        Self { local: false, cloud: false, why: Some(why) }
    }
}

impl Gateway {
    /// Asks on behalf of `actor`.
    ///
    /// # Errors
    /// [`Kind::NotFound`] where no model is set for the task; [`Kind::Permission`] where none may be asked;
    /// [`Kind::Budget`]; [`Kind::Timeout`] after the question's deadline; and what the providers say.
    pub async fn ask(&self, actor: &Actor, ask: Ask) -> Result<Answer, Failure> {
        let begun = Instant::now();
        let late = || Failure::new(Kind::Timeout, format!("no answer within {} ms", ask.deadline.as_millis()));
        let asked = tokio::time::timeout(ask.deadline, self.ask_whole(actor, &ask));
        let (body, target, cost) = asked.await.map_err(|_| late())??;
        Ok(Answer {
            reply: openai::read_reply(200, &body)?,
            provider: target.provider.name.to_string(),
            model: target.model.to_string(),
            local: target.in_house(),
            cost,
            took: begun.elapsed(),
        })
    }

    async fn ask_whole(&self, actor: &Actor, ask: &Ask) -> Result<(Bytes, Arc<Target>, Money), Failure> {
        let tenant = self.tenant_of(actor).await?;
        let route = tenant.route_of_task(ask.task).ok_or_else(|| {
            let text = format!("No model is set for {}.", ask.task);
            Failure::new(Kind::NotFound, text).coded("no_route")
        })?;
        let mut chat = ask.chat.clone();
        route.model.as_ref().clone_into(&mut chat.model);
        chat.stream = false;
        let body = openai::write_request(&chat);
        let peek = relay::peek(&body)?;
        let question = Question { front: Dialect::OpenAi, operation: Operation::Chat, body, peek, headers: Vec::new() };
        let caller = self.caller_of(actor, ask, &tenant).await?;
        match self.call(&caller, &question).await? {
            Outcome::Whole { body, target, cost, .. } => Ok((body, target, cost)),
            Outcome::Stream { .. } => Err(Failure::new(Kind::Nonsense, "a stream came where none was asked for")),
        }
    }

    /// What `actor` may use for `task`.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn offered(&self, actor: &Actor, task: &str) -> Result<Offered, Failure> {
        let tenant = self.tenant_of(actor).await?;
        let Some(route) = tenant.route_of_task(task) else { return Ok(Offered::nothing("no_route")) };
        let now = Instant::now();
        let well = |target: &&Arc<Target>| !target.provider.breaker.rests(now);
        let (house, outside): (Vec<_>, Vec<_>) =
            route.targets.iter().filter(well).partition(|target| target.in_house());
        let local = !house.is_empty();
        let why = |why| Offered { local, cloud: false, why: Some(why) };
        if outside.is_empty() {
            return Ok(if local { Offered { local, ..Offered::default() } } else { why("resting") });
        }
        let effects = tenant.effects();
        if !effects.cloud_models {
            return Ok(why("privacy"));
        }
        if effects.agreement_needed && outside.iter().all(|target| target.provider.spec.agreement.is_none()) {
            return Ok(why("no_agreement"));
        }
        Ok(if self.agreed(actor).await? { Offered { local, cloud: true, why: None } } else { why("consent") })
    }

    async fn tenant_of(&self, actor: &Actor) -> Result<Arc<Tenant>, Failure> {
        self.tenant(actor.institution).await.map_err(|error| away(&error))
    }

    async fn caller_of(&self, actor: &Actor, ask: &Ask, tenant: &Arc<Tenant>) -> Result<Caller, Failure> {
        let person = (actor.role != Role::System).then_some(actor.user);
        let PromptVersion { name, version } = ask.prompt;
        Ok(Caller {
            tenant: tenant.clone(),
            key: None,
            person: person.map(UserId::uuid),
            tells: true,
            role: Some(actor.role),
            feature: ask.task.into(),
            prompt: Some(format!("{name}@{version}").into()),
            purses: tenant.purses_of(None, person, Some(actor.role)).into(),
            in_house: ask.reach == Reach::Local || !self.agreed(actor).await?,
            names: ask.personal.clone().into(),
        })
    }

    /// Whether what this person asks may go to a provider outside.
    async fn agreed(&self, actor: &Actor) -> Result<bool, Failure> {
        if actor.role == Role::System { Ok(true) } else { self.has_agreed(actor, actor.user).await }
    }

    /// Whether what `person` asks may go to a provider outside, as `actor` sees it.
    pub(crate) async fn has_agreed(&self, actor: &Actor, person: UserId) -> Result<bool, Failure> {
        let inner = &self.inner;
        let Some(consents) = &inner.consents else { return Ok(false) };
        let mut tx = inner.db.read(actor).await.map_err(|error| away(&error))?;
        let allows = consents.allows(&mut tx, person, CLOUD_MODELS).await;
        tx.commit().await.map_err(|error| away(&error))?;
        allows.map_err(|error| {
            tracing::error!(%error, "a consent cannot be read");
            Failure::new(Kind::Unavailable, "what was agreed to cannot be read now")
        })
    }
}

fn away(error: &sqlx::Error) -> Failure {
    tracing::error!(%error, "the gateway's own data cannot be read");
    Failure::new(Kind::Unavailable, "the gateway's own data cannot be read now")
}
