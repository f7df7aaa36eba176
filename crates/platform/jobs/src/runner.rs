//! Doing what is due.

use crate::model::{HandlerError, Job, NewJob};
use crate::schedule::Schedule;
use crate::store::{self, CHANNEL};
use eduai_db::{Db, Presence, institution, outbox};
use eduai_kernel::{Actor, Clock};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;

/// How often to look without having been woken.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// How many jobs are done at the same time.
const AT_ONCE: i64 = 4;

type Handler = Arc<dyn Fn(Job) -> BoxFuture<'static, Result<(), HandlerError>> + Send + Sync>;

/// Does jobs that are due. One in each process that shall do such work.
#[derive(Clone)]
pub struct Runner {
    db: Db,
    clock: Arc<dyn Clock>,
    handlers: BTreeMap<String, Handler>,
    schedules: BTreeMap<String, Schedule>,
}

impl Runner {
    /// A runner that does nothing yet. Jobs of kinds that it has no handler for wait.
    pub fn new(db: Db, clock: Arc<dyn Clock>) -> Self {
        Self { db, clock, handlers: BTreeMap::new(), schedules: BTreeMap::new() }
    }

    /// Who does jobs of this kind. They may come twice: a process may die after the work and before it is noted.
    #[must_use]
    pub fn on<F, R>(mut self, kind: &str, handler: F) -> Self
    where
        F: Fn(Job) -> R + Send + Sync + 'static,
        R: Future<Output = Result<(), HandlerError>> + Send + 'static,
    {
        self.handlers.insert(kind.to_owned(), Arc::new(move |job| Box::pin(handler(job))));
        self
    }

    /// Puts a job of this kind, without payload, into every institution whenever the schedule is due.
    #[must_use]
    pub fn schedule(mut self, kind: &str, schedule: Schedule) -> Self {
        self.schedules.insert(kind.to_owned(), schedule);
        self
    }

    /// Works until `stop` is cancelled; then waits for the jobs under way. A database that is away is waited for.
    pub async fn run(&self, stop: CancellationToken) {
        let mut presence: Option<Arc<Presence>> = None;
        let mut listener = None;
        while !stop.is_cancelled() {
            if presence.is_none() {
                presence = self.db.presence().await.ok();
            }
            if listener.is_none() {
                listener = self.db.listen(&[CHANNEL]).await.ok();
            }
            if let Some(presence) = &presence {
                match self.db.while_answering(self.turn(presence)).await {
                    None | Some(Ok(0)) => {}
                    Some(Ok(_)) => continue,
                    Some(Err(error)) => tracing::warn!(%error, "jobs cannot be looked for"),
                }
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = outbox::wait_for_notice(&mut listener) => {}
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
        }
    }

    /// Does everything that is due now, and returns how many jobs were tried. For tests, and for a program that is
    /// started to do just this.
    pub async fn run_due(&self) -> Result<usize, sqlx::Error> {
        let presence = self.db.presence().await?;
        let mut count = 0;
        loop {
            match self.turn(&presence).await? {
                0 => return Ok(count),
                tried => count += tried,
            }
        }
    }

    /// One look: schedules, then a handful of jobs.
    async fn turn(&self, presence: &Presence) -> Result<usize, sqlx::Error> {
        self.turn_schedules().await?;
        let kinds: Vec<String> = self.handlers.keys().cloned().collect();
        let mut tx = self.db.begin_dispatch().await?;
        let jobs = store::take(&mut tx, &kinds, presence.id(), self.clock.now(), AT_ONCE).await?;
        tx.commit().await?;
        let tried = jobs.len();
        futures_util::future::try_join_all(jobs.into_iter().map(|job| self.perform(job))).await?;
        Ok(tried)
    }

    async fn turn_schedules(&self) -> Result<(), sqlx::Error> {
        if self.schedules.is_empty() {
            return Ok(());
        }
        let now = self.clock.now();
        let mut tx = self.db.begin_dispatch().await?;
        for (kind, schedule) in &self.schedules {
            store::note_schedule(&mut tx, kind, schedule.next(now)).await?;
            if store::turn_schedule(&mut tx, kind, now, schedule.next(now)).await? {
                let job = NewJob::new(kind, &());
                for institution in institution::ids(&mut tx).await? {
                    store::enqueue(&mut tx, &Actor::system(institution), &job, now).await?;
                }
                store::sweep(&mut tx, now).await?;
            }
        }
        tx.commit().await
    }

    async fn perform(&self, job: Job) -> Result<(), sqlx::Error> {
        let Some(handler) = self.handlers.get(&job.kind) else { return Ok(()) };
        let began = Instant::now();
        let work = AssertUnwindSafe(async { handler(job.clone()).await }).catch_unwind().await;
        let outcome = work.unwrap_or_else(|_| Err("it panicked".into()));
        metrics::histogram!("job_seconds", "kind" => job.kind.clone()).record(began.elapsed());
        let now = self.clock.now();
        let mut tx = self.db.begin(&job.actor).await?;
        let noted = match outcome {
            Ok(()) => store::finish(&mut tx, &job, now).await?,
            Err(error) => {
                tracing::warn!(%error, kind = job.kind, job = job.id, attempt = job.attempt, "a job failed");
                store::fail(&mut tx, &job, &error.to_string(), outbox::backoff(job.attempt), now).await?
            }
        };
        if !noted {
            tracing::warn!(kind = job.kind, job = job.id, "a job was taken over by somebody else while it was done");
        }
        tx.commit().await
    }
}

impl std::fmt::Debug for Runner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Runner")
            .field("kinds", &self.handlers.keys())
            .field("schedules", &self.schedules)
            .finish_non_exhaustive()
    }
}
