//! Driving a run: node after node, each one's output written before the next begins, until it ends, asks, or the lease
//! is lost.
//!
//! A checkpoint is one transaction: begin with the actor's settings, one statement that appends the output, its events
//! and the start of the next step where the lease still holds, commit. When the database fails, the driver lets go of
//! the run; a worker takes it up again from what is stored, so that there is one way to recover and not two.

use crate::checkpoint::{self, Verdict};
use crate::context::{Cx, Inner, Store};
use crate::engine::Shared;
use crate::event::{Event, Happened};
use crate::graph::Graph;
use crate::model::{NodeError, OpenQuestion, Outcome, QuestionId, RunFailure, RunStatus, State};
use crate::span;
use crate::store::{self, Lease, Run, Step};
use eduai_vault::VaultError;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use serde_json::Value;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::{broadcast, mpsc};
use tracing::Instrument as _;

/// Where driving led.
#[derive(Debug)]
pub(crate) enum Driven<S> {
    Done(Arc<S>),
    Waiting(OpenQuestion),
    Failed(RunFailure),
    /// The lease is lost, or the database: somebody else goes on, or a worker will.
    Lost,
}

/// The lease is lost, or the database.
struct Lost;

impl From<sqlx::Error> for Lost {
    fn from(error: sqlx::Error) -> Self {
        tracing::warn!(%error, "letting go of a run");
        Self
    }
}

impl From<VaultError> for Lost {
    fn from(error: VaultError) -> Self {
        tracing::warn!(%error, "letting go of a run");
        Self
    }
}

pub(crate) struct Driver<S: State> {
    shared: Arc<Shared>,
    graph: Arc<Graph<S>>,
    run: Run,
    lease: Lease,
    state: Arc<S>,
    listeners: broadcast::Sender<Event>,
}

/// Events on their way into the database; they come back to be published.
type Writing = BoxFuture<'static, Result<Vec<Event>, Lost>>;

async fn under_way(writing: &mut Option<Writing>) -> Result<Vec<Event>, Lost> {
    match writing {
        Some(writing) => writing.await,
        None => std::future::pending().await,
    }
}

/// What one attempt at a node gave.
struct Attempt<O> {
    outcome: Result<Outcome<O>, NodeError>,
    stores: Vec<Store>,
    pending: Vec<Event>,
}

impl<S: State> Driver<S> {
    /// A driver of a run that has just begun, whose state is therefore known.
    pub(crate) fn new(
        shared: Arc<Shared>,
        graph: Arc<Graph<S>>,
        run: Run,
        lease: Lease,
        state: S,
        listeners: broadcast::Sender<Event>,
    ) -> Self {
        Self { shared, graph, run, lease, state: Arc::new(state), listeners }
    }

    /// A driver of a run whose state has to be added up from what is stored. A run that cannot go on is failed here.
    pub(crate) async fn resume(
        shared: Arc<Shared>,
        graph: Arc<Graph<S>>,
        mut run: Run,
        lease: Lease,
        listeners: broadcast::Sender<Event>,
        crashed: bool,
    ) -> Result<Option<Self>, VaultError> {
        let mut tx = shared.db.begin(&run.actor).await?;
        let outputs = store::outputs(&shared.vault, &mut tx, run.id).await?;
        let state = match fold::<S>(&graph, &run, outputs) {
            Ok(state) => state,
            Err(failure) => {
                tracing::error!(run = %run.id, graph = S::GRAPH, code = failure.code, detail = failure.detail, "a run cannot go on");
                let now = shared.clock.now();
                store::end(&shared.vault, &mut tx, run.id, RunStatus::Failed, Some(&failure), now).await?;
                tx.commit().await?;
                return Ok(None);
            }
        };
        let started = Happened::StepStarted { step: run.next_step, node: run.next_node.clone() };
        let first = if crashed { vec![Happened::RunResumed, started] } else { vec![started] };
        let events = number(&mut run.events, shared.clock.now(), first);
        let held = store::append_events(&shared.vault, &mut tx, (run.id, run.subject), lease, &events).await?;
        tx.commit().await?;
        if !held {
            return Ok(None);
        }
        for event in events {
            drop(listeners.send(event));
        }
        Ok(Some(Self { shared, graph, run, lease, state: Arc::new(state), listeners }))
    }

    /// Drives until the run ends, asks, or is lost.
    pub(crate) async fn drive(mut self) -> Driven<S> {
        loop {
            match self.step().await {
                Ok(None) => {}
                Ok(Some(driven)) => return driven,
                Err(Lost) => return Driven::Lost,
            }
        }
    }

    /// One step: attempts at the node until it gives something or fails for good, then the checkpoint.
    async fn step(&mut self) -> Result<Option<Driven<S>>, Lost> {
        let started_at = self.shared.clock.now();
        let began = Instant::now();
        let mut attempt = 1;
        loop {
            let span = span::of_step::<S>(&self.run, attempt);
            let tried = self.attempt(attempt).instrument(span.clone()).await?;
            if let Err(error) = &tried.outcome {
                span::failed(&span, error);
            }
            drop(span);
            let again = matches!(&tried.outcome, Err(error) if error.passing) && attempt < self.graph.attempts;
            if !again {
                return self.checkpoint(tried, (started_at, began.elapsed(), attempt)).await;
            }
            self.retry(attempt, tried).await?;
            attempt += 1;
        }
    }

    /// Runs the node once, storing what it says of its progress beside it.
    async fn attempt(&mut self, attempt: i32) -> Result<Attempt<S::Output>, Lost> {
        let (progress, mut said) = mpsc::unbounded_channel();
        let cx = Cx { inner: Arc::new(self.surroundings(attempt, progress)) };
        let Some(node) = self.graph.find(&self.run.next_node).cloned() else {
            let outcome = Err(NodeError::fatal("there is no such node in this version of the graph"));
            return Ok(Attempt { outcome, stores: Vec::new(), pending: Vec::new() });
        };
        // The node's first part runs when it is polled, so a panic is caught from its very beginning.
        let (its_cx, its_state) = (cx.clone(), self.state.clone());
        let running = AssertUnwindSafe(async move { node(its_cx, its_state).await }).catch_unwind();
        let mut running = std::pin::pin!(tokio::time::timeout(self.graph.node_limit, running));
        let mut pending: Vec<Event> = Vec::new();
        let mut writing: Option<Writing> = None;
        let ended = loop {
            if writing.is_none() && !pending.is_empty() {
                writing = Some(self.write_events(std::mem::take(&mut pending)));
            }
            tokio::select! {
                biased;
                ended = &mut running => break ended,
                Some(word) = said.recv() => pending.push(self.progress(word)),
                written = under_way(&mut writing) => {
                    writing = None;
                    self.publish(written?);
                }
            }
        };
        if let Some(writing) = writing {
            self.publish(writing.await?);
        }
        while let Ok(word) = said.try_recv() {
            pending.push(self.progress(word));
        }
        let outcome = match ended {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(panic)) => Err(NodeError::fatal(format!("it panicked: {}", panic_text(&panic)))),
            Err(_) => Err(NodeError::passing("it took too long")),
        };
        let stores = std::mem::take(&mut *cx.inner.stores.lock().unwrap_or_else(PoisonError::into_inner));
        Ok(Attempt { outcome, stores, pending })
    }

    fn surroundings(&self, attempt: i32, progress: mpsc::UnboundedSender<(String, Value)>) -> Inner {
        Inner {
            db: self.shared.db.clone(),
            vault: self.shared.vault.clone(),
            actor: self.run.actor,
            run: self.run.id,
            subject: self.run.subject,
            lease: self.lease.token,
            step: self.run.next_step,
            attempt,
            answer: self.run.answer.clone(),
            failure: self.run.failure.as_ref().map(|failure| failure.detail.clone()),
            progress,
            stores: Mutex::default(),
        }
    }

    fn progress(&mut self, (name, detail): (String, Value)) -> Event {
        self.run.events += 1;
        let (step, node) = (self.run.next_step, self.run.next_node.clone());
        let happened = Happened::Progress { step, node, name, detail };
        Event { number: self.run.events, at: self.shared.clock.now(), happened }
    }

    /// Stores events beside the node; they come back for publishing when they are stored.
    fn write_events(&self, events: Vec<Event>) -> Writing {
        let (db, vault, lease) = (self.shared.db.clone(), self.shared.vault.clone(), self.lease);
        let (actor, run, subject) = (self.run.actor, self.run.id, self.run.subject);
        Box::pin(async move {
            let mut tx = db.begin(&actor).await?;
            if !store::append_events(&vault, &mut tx, (run, subject), lease, &events).await? {
                return Err(Lost);
            }
            tx.commit().await?;
            Ok(events)
        })
    }

    fn publish(&self, events: Vec<Event>) {
        // It fails only when nobody listens.
        for event in events {
            drop(self.listeners.send(event));
        }
    }

    /// Says that the node is tried again, and waits a little.
    async fn retry(&mut self, attempt: i32, tried: Attempt<S::Output>) -> Result<(), Lost> {
        let (step, node) = (self.run.next_step, self.run.next_node.clone());
        if let Err(error) = &tried.outcome {
            tracing::warn!(run = %self.run.id, graph = S::GRAPH, node, attempt, %error, "a node failed and is tried again");
        }
        let mut events = tried.pending;
        let again = Happened::StepRetried { step, node, attempt };
        events.extend(number(&mut self.run.events, self.shared.clock.now(), vec![again]));
        let written = self.write_events(events).await?;
        self.publish(written);
        tokio::time::sleep(Duration::from_millis(50 << attempt.clamp(0, 8))).await;
        Ok(())
    }

    /// Writes what the node gave and how the run stands; `None` when it goes on.
    async fn checkpoint(
        &mut self,
        tried: Attempt<S::Output>,
        (started_at, took, attempts): (Timestamp, Duration, i32),
    ) -> Result<Option<Driven<S>>, Lost> {
        let node = self.run.next_node.clone();
        let mut tx = self.shared.db.begin(&self.run.actor).await?;
        let mut outcome = tried.outcome;
        let stores = !tried.stores.is_empty();
        if outcome.is_ok() {
            for store in tried.stores {
                if let Err(error) = store(&mut tx).await {
                    drop(tx);
                    tx = self.shared.db.begin(&self.run.actor).await?;
                    outcome = Err(NodeError::fatal(format!("what belongs to its output was not stored: {error}")));
                    break;
                }
            }
        }
        if let Err(error) = &outcome {
            tracing::error!(run = %self.run.id, graph = S::GRAPH, node, %error, "a node failed");
        }
        let number_of_step = self.run.next_step;
        let question = || QuestionId::from_uuid(self.shared.fresh_uuid());
        let Verdict { edge, output, note, standing } =
            checkpoint::judge(&self.graph, &node, number_of_step, outcome, question);
        let took_us = took.as_micros() as i64;
        let stored = output.as_ref().map(serde_json::to_value).transpose().map_err(|error| {
            tracing::error!(run = %self.run.id, graph = S::GRAPH, node, %error, "an output cannot be stored");
            Lost
        })?;
        let now = self.shared.clock.now();
        let mut events = tried.pending;
        let happened = checkpoint::events(number_of_step, &node, &edge, took_us, note.as_ref(), &standing);
        events.extend(number(&mut self.run.events, now, happened));
        let step = Step { number: number_of_step, node, edge, output: stored, note, attempts, started_at, took_us };
        let durable = stores || standing.status != RunStatus::Running;
        let vault = &self.shared.vault;
        if !store::advance(vault, &mut tx, (&self.run, self.lease), (&step, durable), &standing, &events, now).await? {
            return Err(Lost);
        }
        tx.commit().await?;
        self.publish(events);
        metrics::histogram!("workflow_step_seconds", "graph" => S::GRAPH, "node" => step.node).record(took);
        if let Some(output) = output {
            Arc::make_mut(&mut self.state).apply(output);
        }
        self.run.next_step += 1;
        self.run.answer = None;
        self.run.next_node.clone_from(&standing.node);
        self.run.failure.clone_from(&standing.failure);
        Ok(match (standing.status, standing.question, standing.failure) {
            (RunStatus::Running, ..) => None,
            (RunStatus::Waiting, Some(question), _) => Some(Driven::Waiting(question)),
            (RunStatus::Failed, _, Some(failure)) => Some(Driven::Failed(failure)),
            (RunStatus::Done, ..) => Some(Driven::Done(self.state.clone())),
            _ => Some(Driven::Lost),
        })
    }
}

/// Gives events their numbers, going on from `last`.
pub(crate) fn number(last: &mut i32, at: Timestamp, happened: Vec<Happened>) -> Vec<Event> {
    let mut event = |happened| {
        *last += 1;
        Event { number: *last, at, happened }
    };
    happened.into_iter().map(&mut event).collect()
}

/// The state that a run's input and outputs add up to, where this version of the graph may go on with it.
fn fold<S: State>(graph: &Graph<S>, run: &Run, outputs: Vec<Value>) -> Result<S, RunFailure> {
    let failure = |code: &str, detail: String| RunFailure { code: code.into(), node: run.next_node.clone(), detail };
    if !(graph.oldest..=graph.version).contains(&run.version) {
        let detail = format!(
            "it was begun with version {} of the graph; this program goes on with {} to {}",
            run.version, graph.oldest, graph.version
        );
        return Err(failure("incompatible_version", detail));
    }
    add_up(run.input.clone(), outputs).map_err(|error| failure("unreadable_state", error.to_string()))
}

/// The state that an input and outputs add up to.
pub(crate) fn add_up<S: State>(input: Value, outputs: Vec<Value>) -> Result<S, serde_json::Error> {
    let mut state = S::begin(serde_json::from_value(input)?);
    for output in outputs {
        state.apply(serde_json::from_value(output)?);
    }
    Ok(state)
}

fn panic_text(panic: &(dyn std::any::Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("without a word")
}
