//! Beginning a run, and waiting for its end.

use crate::drive::{Driven, Driver, number};
use crate::engine::Engine;
use crate::error::Error;
use crate::event::{Event, Happened};
use crate::graph::Graph;
use crate::model::{OpenQuestion, RunFailure, RunId, RunStatus, RunView, State};
use crate::span;
use crate::store::{self, Run};
use eduai_kernel::Actor;
use jiff::Timestamp;
use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{broadcast, oneshot};
use tracing::Instrument as _;
use uuid::Uuid;

/// How often to look at a run that somebody else drives.
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// For how long to trust that the end of a run will be heard.
const LISTEN_FOR: Duration = Duration::from_secs(2);

/// How a run ended, or where it stopped.
#[derive(Clone, Debug)]
pub enum End<S> {
    /// At its end, with this state.
    Done(Arc<S>),
    /// At a question.
    Waiting(OpenQuestion),
    /// It could not go on.
    Failed(RunFailure),
    /// Somebody stopped it.
    Cancelled,
}

/// A run that was begun.
#[derive(Debug)]
pub struct Started<S: State> {
    /// Its id.
    pub id: RunId,
    engine: Engine,
    actor: Actor,
    driven: oneshot::Receiver<Driven<S>>,
}

impl<S: State> Started<S> {
    /// Waits until the run has ended or asks something. Dropping the waiting does not stop the run.
    pub async fn end(self) -> Result<End<S>, Error> {
        match self.driven.await {
            Ok(Driven::Done(state)) => Ok(End::Done(state)),
            Ok(Driven::Waiting(question)) => Ok(End::Waiting(question)),
            Ok(Driven::Failed(failure)) => Ok(End::Failed(failure)),
            // Cancelled, or somebody else goes on with it.
            Ok(Driven::Lost) | Err(_) => self.engine.wait::<S>(&self.actor, self.id).await,
        }
    }
}

impl Engine {
    /// Waits until a run, driven wherever, has ended or asks something.
    pub async fn wait<S: State>(&self, actor: &Actor, run: RunId) -> Result<End<S>, Error> {
        let view = self.settle(actor, run).await?;
        Ok(match (view.status, view.question, view.failure) {
            (RunStatus::Waiting, Some(question), _) => End::Waiting(question),
            (RunStatus::Failed, _, Some(failure)) => End::Failed(failure),
            (RunStatus::Cancelled, ..) => End::Cancelled,
            _ => End::Done(Arc::new(self.state::<S>(actor, run).await?)),
        })
    }

    /// Waits until a run, driven wherever, has ended or asks something, and tells how it stands then: for whoever does
    /// not need its state.
    pub async fn settle(&self, actor: &Actor, run: RunId) -> Result<RunView, Error> {
        loop {
            // Before looking, so that nothing falls between what is seen and what is heard.
            let live = self.shared.listen(run);
            let view = self.status(actor, run).await?;
            let stands = match view.status {
                RunStatus::Running => false,
                RunStatus::Waiting => view.question.is_some(),
                RunStatus::Failed => view.failure.is_some(),
                RunStatus::Done | RunStatus::Cancelled => true,
            };
            if stands {
                return Ok(view);
            }
            match live {
                Some(live) => heard(live).await,
                None => tokio::time::sleep(LOOK_EVERY).await,
            }
        }
    }
}

/// Returns when a run that is driven here ends or asks, or when it is time to look for oneself.
async fn heard(mut live: broadcast::Receiver<Event>) {
    let word = async {
        loop {
            match live.recv().await {
                Ok(event) if event.happened.is_final() || matches!(event.happened, Happened::Asked { .. }) => return,
                Ok(_) => {}
                // Too slow to listen, or no longer driven here: what was not heard is in the database by now, because
                // events are told after their commit. A next call gets a fresh receiver or none, so this never spins.
                Err(_) => return,
            }
        }
    };
    let _ = tokio::time::timeout(LISTEN_FOR, word).await;
}

/// A new run and its first events.
pub(crate) fn first<S: State>(
    graph: &Graph<S>,
    actor: Actor,
    id: RunId,
    subject: Uuid,
    input: Value,
    now: Timestamp,
) -> (Run, Vec<Event>) {
    let mut events = 0;
    let started = Happened::StepStarted { step: 1, node: graph.start.to_owned() };
    let first = number(&mut events, now, vec![Happened::RunStarted, started]);
    let run = Run {
        id,
        actor,
        subject,
        graph: S::GRAPH.to_owned(),
        version: graph.version,
        input,
        next_node: graph.start.to_owned(),
        next_step: 1,
        events,
        answer: None,
        failure: None,
    };
    (run, first)
}

pub(crate) async fn begin<S: State>(
    engine: &Engine,
    graph: Arc<Graph<S>>,
    actor: Actor,
    id: RunId,
    subject: Uuid,
    input: &S::Input,
) -> Result<Started<S>, Error> {
    let shared = engine.shared.clone();
    let (stored, now, lease) = (serde_json::to_value(input)?, shared.clock.now(), shared.fresh_lease());
    // The state is made of what was stored, as it will be after a crash.
    let state = S::begin(serde_json::from_value(stored.clone())?);
    let (run, events) = first(&graph, actor, id, subject, stored, now);
    let driving = shared.driving(id).ok_or(Error::Over)?;
    let mut tx = shared.db.begin(&actor).await?;
    store::insert(&shared.vault, &mut tx, &run, Some(lease), &events, now).await?;
    tx.commit().await?;
    let (tell, driven) = oneshot::channel();
    let span = span::of_run(&run);
    let driver = Driver::new(shared, graph, run, lease, state, driving.listeners.clone());
    let driven_here = async move {
        if let Some(driven) = driving.unless_stopped(driver.drive()).await {
            drop(driving);
            let _ = tell.send(driven);
        }
    };
    tokio::spawn(driven_here.instrument(span));
    Ok(Started { id, engine: engine.clone(), actor, driven })
}
