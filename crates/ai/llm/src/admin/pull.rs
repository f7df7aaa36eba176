//! Fetching a model onto a machine of the house. Ollama does it; here it is started, and its progress told.

use super::models::{Reachability, reachable};
use super::{away, providers, rules};
use crate::call::headers;
use crate::client::Answer;
use crate::gateway::Gateway;
use crate::model::Origin;
use bytes::Bytes;
use eduai_audit::Entry;
use eduai_kernel::{Actor, Failure, FailureKind, FieldFault};
use eduai_wire::Dialect;
use eduai_wire::ollama::{PullReader, pull_target, write_pull};
use futures_util::{Stream, StreamExt as _, stream};
use hyper::Method;
use serde::Serialize;
use serde_json::json;
use std::collections::VecDeque;
use std::time::{Duration, Instant};
use utoipa::ToSchema;
use uuid::Uuid;

/// How long the provider may be silent.
const SILENCE: Duration = Duration::from_mins(2);
/// The longest error that is read.
const LONGEST: usize = 64 << 10;

/// How far it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ModelPullProgress)]
pub struct PullProgress {
    /// What is being done, in Ollama's words; `success` at the end.
    pub status: String,
    /// Bytes of the present file that are here.
    pub completed: Option<u64>,
    /// Bytes of the present file.
    pub total: Option<u64>,
}

/// What a pull goes on with.
struct Pull {
    answer: Answer,
    reader: PullReader,
    ready: VecDeque<Result<PullProgress, Failure>>,
    over: bool,
    /// Looks what this machine has, before it is said that the model is there.
    gateway: Option<Gateway>,
}

impl Gateway {
    /// Has an Ollama fetch a model, and tells how far it is. Dropped, it is stopped.
    ///
    /// # Errors
    /// When there is no such provider, it is no Ollama, nothing may be connected to, or it refuses.
    pub async fn pull(
        &self,
        actor: &Actor,
        id: Uuid,
        model: &str,
    ) -> Result<impl Stream<Item = Result<PullProgress, Failure>> + Send + use<>, Failure> {
        let model = model.trim();
        if !rules::is_model(model) {
            let fault = FieldFault::new("model", "invalid_model", "Write a model's name as Ollama's library has it.");
            return Err(Failure::invalid(vec![fault]));
        }
        let tenant = self.own_tenant(actor).await?;
        let provider = tenant.providers.iter().find(|one| one.spec.id == id).ok_or_else(providers::unknown)?;
        let conflict = |code, detail| Failure::new(FailureKind::Conflict, code, detail);
        if provider.spec.dialect != Dialect::Ollama {
            return Err(conflict("no_ollama", "Only an Ollama can fetch models."));
        }
        match reachable(provider, provider.spec.in_house, &tenant) {
            Reachability::Open | Reachability::Resting => {}
            Reachability::RefusedByPrivacy => {
                return Err(conflict("refused_by_privacy", "Nothing leaves the house at this privacy level."));
            }
            Reachability::NoAgreement => {
                return Err(conflict("no_agreement", "No agreement is on record with this provider."));
            }
        }
        let target = pull_target();
        let path = provider.upstream.path(&target.path).map_err(|failure| told(&failure))?;
        let extra = headers(&target.headers);
        let asked = provider.upstream.ask(Method::POST, &path, &extra, write_pull(model), SILENCE);
        let mut answer = asked.await.map_err(|failure| told(&failure))?;
        if !(200..300).contains(&answer.status) {
            let body = answer.whole(LONGEST, SILENCE, Instant::now() + SILENCE).await.unwrap_or_default();
            return Err(told(&provider.spec.dialect.read_failure(answer.status, None, &body)));
        }
        let mut tx = self.begin(actor).await?;
        let entry = Entry::done("models.model_pulled").on("model_provider", id).with(json!({"model": model}));
        eduai_audit::append(&mut tx, actor, entry, self.inner.clock.now()).await?;
        tx.commit().await.map_err(away)?;
        let gateway = (provider.spec.origin == Origin::Found).then(|| self.clone());
        let pull = Pull { answer, reader: PullReader::default(), ready: VecDeque::new(), over: false, gateway };
        Ok(stream::unfold(pull, |mut pull| async { pull.next().await.map(|step| (step, pull)) }).fuse())
    }
}

impl Pull {
    async fn next(&mut self) -> Option<Result<PullProgress, Failure>> {
        loop {
            if let Some(step) = self.ready.pop_front() {
                if self.over
                    && self.ready.is_empty()
                    && let Some(gateway) = self.gateway.take()
                {
                    gateway.look().await;
                }
                return Some(step);
            }
            if self.over {
                return None;
            }
            match self.answer.piece(SILENCE).await {
                Some(Ok(piece)) => self.read(&piece),
                Some(Err(failure)) => self.end(Err(failure)),
                None => {
                    let end = self.reader.finish();
                    self.end(end);
                }
            }
        }
    }

    fn read(&mut self, piece: &Bytes) {
        for step in self.reader.feed(piece) {
            match step {
                Ok(step) => {
                    let done = step.is_done();
                    let shown = PullProgress { status: step.status, completed: step.completed, total: step.total };
                    self.ready.push_back(Ok(shown));
                    if done {
                        self.end(Ok(()));
                    }
                }
                Err(failure) => self.end(Err(failure)),
            }
        }
    }

    fn end(&mut self, how: Result<(), eduai_wire::Failure>) {
        if std::mem::replace(&mut self.over, true) {
            return;
        }
        if let Err(failure) = how {
            self.ready.push_back(Err(told(&failure)));
        }
    }
}

/// What a provider says, to an administrator.
fn told(failure: &eduai_wire::Failure) -> Failure {
    Failure::new(FailureKind::Unavailable, "provider_failed", failure.message.clone())
}
