//! The engine: what a service calls.

use crate::drive::{Driver, add_up};
use crate::error::Error;
use crate::graph::Graph;
use crate::model::{QuestionId, RunId, RunStatus, RunView, State};
use crate::start::{Started, begin};
use crate::store::{self, Lease, Run};
use crate::{Event, GraphFault};
use crate::{span, stream};
use eduai_db::{Db, Presence, Tx};
use eduai_kernel::{Actor, Clock, Entropy, Role};
use eduai_vault::Vault;
use futures_util::Stream;
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use serde_json::Value;
use std::any::Any;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::broadcast;
use tokio_util::sync::CancellationToken;
use tracing::Instrument as _;
use uuid::Uuid;

/// How many events a live listener may be behind before it reads them from the database instead.
const LIVE_EVENTS: usize = 256;

/// Runs graphs. Cheap to clone; one for the whole program.
#[derive(Clone)]
pub struct Engine {
    pub(crate) shared: Arc<Shared>,
}

pub(crate) struct Shared {
    pub(crate) db: Db,
    pub(crate) vault: Vault,
    pub(crate) clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    presence: Arc<Presence>,
    graphs: Mutex<HashMap<&'static str, Registered>>,
    live: Mutex<HashMap<RunId, Live>>,
}

/// A graph, in the type of its state and without it.
#[derive(Clone)]
struct Registered {
    typed: Arc<dyn Any + Send + Sync>,
    runnable: Arc<dyn Runnable>,
}

/// A run that is driven here.
struct Live {
    listeners: broadcast::Sender<Event>,
    stop: CancellationToken,
}

/// A graph whose state's type does not matter: enough to take up a run.
pub(crate) trait Runnable: Send + Sync {
    /// The newest version of a run that this program may touch.
    fn version(&self) -> i32;
    /// Drives a run whose lease is taken, to its end or to where it stops.
    fn take_up(
        self: Arc<Self>,
        shared: Arc<Shared>,
        run: Run,
        lease: Lease,
        driving: Driving,
        crashed: bool,
    ) -> BoxFuture<'static, ()>;
}

impl<S: State> Runnable for Graph<S> {
    fn version(&self) -> i32 {
        self.version
    }

    fn take_up(
        self: Arc<Self>,
        shared: Arc<Shared>,
        run: Run,
        lease: Lease,
        driving: Driving,
        crashed: bool,
    ) -> BoxFuture<'static, ()> {
        Box::pin(async move {
            let listeners = driving.listeners.clone();
            match Driver::resume(shared, self, run, lease, listeners, crashed).await {
                Ok(Some(driver)) => {
                    driving.unless_stopped(driver.drive()).await;
                }
                Ok(None) => {}
                Err(error) => tracing::warn!(%error, "a run could not be taken up"),
            }
        })
    }
}

impl Engine {
    /// An engine without graphs. Gives a sign of life, by which other processes know which runs are driven. What runs hold
    /// is sealed with the keys of their subjects, which `vault` has.
    pub async fn open(db: Db, vault: Vault, clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>) -> Result<Self, Error> {
        vault.declare_once_clear(&crate::sealed::columns())?;
        let presence = db.presence().await?;
        let (graphs, live) = (Mutex::default(), Mutex::default());
        Ok(Self { shared: Arc::new(Shared { db, vault, clock, entropy, presence, graphs, live }) })
    }

    /// Makes a graph known, after checking that every edge leads somewhere and every node can be reached.
    pub fn register<S: State>(&self, graph: Graph<S>) -> Result<(), GraphFault> {
        graph.check()?;
        let graph = Arc::new(graph);
        lock(&self.shared.graphs).insert(S::GRAPH, Registered { typed: graph.clone(), runnable: graph });
        Ok(())
    }

    /// Begins a run as `actor` and drives it in a task of its own, which goes on when the caller goes away.
    ///
    /// `subject` is whose data the run holds; erasing that subject erases the run.
    pub async fn start<S: State>(&self, actor: &Actor, subject: Uuid, input: &S::Input) -> Result<Started<S>, Error> {
        let graph = self.shared.graph::<S>()?;
        let id = self.shared.fresh_run();
        begin(self, graph, *actor, id, subject, input).await
    }

    /// Writes a new run in a transaction of the caller's; after committing it, call [`Engine::drive`]. Should the
    /// process die in between, a worker takes the run up.
    pub async fn create<S: State>(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        subject: Uuid,
        input: &S::Input,
    ) -> Result<RunId, Error> {
        let graph = self.shared.graph::<S>()?;
        let (id, now) = (self.shared.fresh_run(), self.shared.clock.now());
        let (run, events) = crate::start::first(&graph, *actor, id, subject, serde_json::to_value(input)?, now);
        // The start of the first step is told when somebody drives it.
        let events = &events[..1];
        store::insert(&self.shared.vault, tx, &Run { events: 1, ..run }, None, events, now).await?;
        Ok(id)
    }

    /// Drives a run that [`Engine::create`] made. False when somebody drives it already.
    pub async fn drive(&self, actor: &Actor, run: RunId) -> Result<bool, Error> {
        let mut tx = self.shared.db.begin(actor).await?;
        let runnable = self.shared.runnable_of(&mut tx, run).await?;
        tx.commit().await?;
        self.shared.clone().take_up(runnable, actor, run, false).await
    }

    /// Answers the open question of a run, which goes on in a task of its own.
    pub async fn answer(&self, actor: &Actor, run: RunId, question: QuestionId, answer: &Value) -> Result<(), Error> {
        let shared = &self.shared;
        let mut tx = shared.db.begin(actor).await?;
        let runnable = shared.runnable_of(&mut tx, run).await?;
        // The answer is leased to nobody yet: it is taken up below, or by a worker should this process die here.
        if !store::answer(&shared.vault, &mut tx, run, question, answer, shared.clock.now()).await? {
            return Err(Error::NotOpen);
        }
        tx.commit().await?;
        shared.clone().take_up(runnable, actor, run, false).await?;
        Ok(())
    }

    /// Stops a run for good. Its driver, wherever it is, loses its lease.
    pub async fn cancel(&self, actor: &Actor, run: RunId) -> Result<(), Error> {
        let mut tx = self.shared.db.begin(actor).await?;
        store::graph(&mut tx, run).await?.ok_or(Error::NotFound)?;
        if !store::end(&self.shared.vault, &mut tx, run, RunStatus::Cancelled, None, self.shared.clock.now()).await? {
            return Err(Error::Over);
        }
        tx.commit().await?;
        if let Some(live) = lock(&self.shared.live).get(&run) {
            live.stop.cancel();
        }
        Ok(())
    }

    /// How a run stands, and what was done with which durations.
    pub async fn status(&self, actor: &Actor, run: RunId) -> Result<RunView, Error> {
        let mut tx = self.shared.db.begin(actor).await?;
        let mut view = store::view(&self.shared.vault, &mut tx, run).await?.ok_or(Error::NotFound)?;
        view.steps = store::steps(&self.shared.vault, &mut tx, run).await?;
        tx.commit().await?;
        Ok(view)
    }

    /// The state of a run as far as it has come.
    pub async fn state<S: State>(&self, actor: &Actor, run: RunId) -> Result<S, Error> {
        let mut tx = self.shared.db.begin(actor).await?;
        let (graph, _) = store::graph(&mut tx, run).await?.ok_or(Error::NotFound)?;
        if graph != S::GRAPH {
            return Err(Error::NotFound);
        }
        let input = store::input(&self.shared.vault, &mut tx, run).await?.ok_or(Error::NotFound)?;
        let outputs = store::outputs(&self.shared.vault, &mut tx, run).await?;
        tx.commit().await?;
        Ok(add_up(input, outputs)?)
    }

    /// What happens in a run, from the event after the number `after` (0 for all) to its last one. While a question is
    /// open the stream waits. Fails at once when there is no such run.
    pub fn events(
        &self,
        actor: &Actor,
        run: RunId,
        after: i32,
    ) -> impl Stream<Item = Result<Event, Error>> + Send + use<> {
        stream::events(self.shared.clone(), *actor, run, after)
    }

    /// Deletes all runs of a subject in the transaction's institution, finished or not. Returns how many.
    pub async fn erase(&self, tx: &mut Tx, subject: Uuid) -> Result<u64, Error> {
        Ok(store::erase(tx, subject).await?)
    }

    /// Deletes the runs of people of `role` in the transaction's institution that have not moved since `before`.
    /// Returns how many.
    pub async fn purge(&self, tx: &mut Tx, role: Role, before: Timestamp) -> Result<u64, Error> {
        Ok(store::purge(tx, role, before).await?)
    }

    /// The runs of `subject` in the transaction's institution with their events, the oldest first, as JSON.
    pub async fn export(&self, tx: &mut Tx, subject: Uuid) -> Result<Vec<Value>, Error> {
        Ok(store::export(&self.shared.vault, tx, subject).await?)
    }

    /// Deletes the runs of the transaction's institution that have not moved since `before`. Returns how many.
    pub async fn expire(&self, tx: &mut Tx, before: Timestamp) -> Result<u64, Error> {
        Ok(store::expire(tx, before).await?)
    }

    /// Takes up runs whose process is gone, until `stop` is cancelled. One task of it in each process is right.
    pub async fn work(&self, stop: CancellationToken) {
        crate::worker::work(self.shared.clone(), stop).await;
    }
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Engine").field("graphs", &self.shared.names()).finish_non_exhaustive()
    }
}

impl Shared {
    pub(crate) fn graph<S: State>(&self) -> Result<Arc<Graph<S>>, Error> {
        let found = lock(&self.graphs).get(S::GRAPH).cloned();
        found
            .and_then(|registered| registered.typed.downcast::<Graph<S>>().ok())
            .ok_or_else(|| Error::NoSuchGraph(S::GRAPH.to_owned()))
    }

    pub(crate) fn runnable(&self, graph: &str) -> Option<Arc<dyn Runnable>> {
        lock(&self.graphs).get(graph).map(|registered| registered.runnable.clone())
    }

    /// The graph of a run, where this program has it in the run's version or a newer one.
    async fn runnable_of(&self, tx: &mut Tx, run: RunId) -> Result<Arc<dyn Runnable>, Error> {
        let (graph, version) = store::graph(tx, run).await?.ok_or(Error::NotFound)?;
        match self.runnable(&graph) {
            Some(runnable) if version <= runnable.version() => Ok(runnable),
            Some(_) => Err(Error::Newer),
            None => Err(Error::NoSuchGraph(graph)),
        }
    }

    pub(crate) fn names(&self) -> Vec<String> {
        lock(&self.graphs).keys().map(|name| (*name).to_owned()).collect()
    }

    pub(crate) fn instance(&self) -> i32 {
        self.presence.id()
    }

    pub(crate) fn fresh_run(&self) -> RunId {
        RunId::new(&*self.clock, &mut self.entropy.generator())
    }

    pub(crate) fn fresh_uuid(&self) -> Uuid {
        self.fresh_run().uuid()
    }

    pub(crate) fn fresh_lease(&self) -> Lease {
        Lease { token: self.fresh_uuid(), instance: self.instance() }
    }

    /// Notes that this process drives a run, until the value is dropped. `None` when it drives it already.
    pub(crate) fn driving(self: &Arc<Self>, run: RunId) -> Option<Driving> {
        let mut live = lock(&self.live);
        if live.contains_key(&run) {
            return None;
        }
        let (listeners, stop) = (broadcast::channel(LIVE_EVENTS).0, CancellationToken::new());
        live.insert(run, Live { listeners: listeners.clone(), stop: stop.clone() });
        Some(Driving { shared: self.clone(), run, listeners, stop })
    }

    pub(crate) fn is_driving(&self, run: RunId) -> bool {
        lock(&self.live).contains_key(&run)
    }

    /// What happens in a run from now on, where it is driven here.
    pub(crate) fn listen(&self, run: RunId) -> Option<broadcast::Receiver<Event>> {
        lock(&self.live).get(&run).map(|live| live.listeners.subscribe())
    }

    /// Takes the lease of a run that nobody living drives, and drives it in a task. `abandoned` says that this process
    /// has let go of it. False when somebody else drives it.
    pub(crate) async fn take_up(
        self: Arc<Self>,
        runnable: Arc<dyn Runnable>,
        actor: &Actor,
        id: RunId,
        abandoned: bool,
    ) -> Result<bool, Error> {
        let Some(driving) = self.driving(id) else { return Ok(false) };
        let lease = self.fresh_lease();
        let mut tx = self.db.begin(actor).await?;
        let run = store::take(&self.vault, &mut tx, id, lease, abandoned).await?;
        tx.commit().await?;
        let Some((run, crashed)) = run else { return Ok(false) };
        let span = span::of_run(&run);
        tokio::spawn(runnable.take_up(self, run, lease, driving, crashed).instrument(span));
        Ok(true)
    }
}

/// That this process drives a run. Dropped, it no longer does.
pub(crate) struct Driving {
    shared: Arc<Shared>,
    run: RunId,
    pub(crate) listeners: broadcast::Sender<Event>,
    stop: CancellationToken,
}

impl Driving {
    /// The result of `driving`, or `None` when the run is cancelled meanwhile or the database is lost: a worker takes
    /// the run up again.
    pub(crate) async fn unless_stopped<T>(&self, driving: impl Future<Output = T>) -> Option<T> {
        tokio::select! {
            driven = self.shared.db.while_answering(driving) => driven,
            () = self.stop.cancelled() => None,
        }
    }
}

impl Drop for Driving {
    fn drop(&mut self) {
        lock(&self.shared.live).remove(&self.run);
    }
}

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
