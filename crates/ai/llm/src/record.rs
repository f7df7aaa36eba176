//! What every call cost, written down. Calls are collected in memory and written together, a few times in a second, by
//! one writer; the budgets that they count against are charged in the same transaction.
//!
//! Nothing is forgotten: what cannot be written is tried again, and while much is unwritten, no further call begins.

use crate::budget::{Budgets, Purse, Spent};
use crate::money::Money;
use crate::store::calls;
use crate::transcript::{self, Transcript};
use eduai_audit::Entry;
use eduai_db::Db;
use eduai_kernel::id::{InstitutionId, UserId, Uuid};
use eduai_kernel::{Actor, Clock, Entropy, Role};
use eduai_vault::Vault;
use eduai_wire::{Failure, Kind, Usage};
use jiff::Timestamp;
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

/// How long a call waits in memory before it is written.
const GATHER: Duration = Duration::from_millis(50);
/// So many calls are written at once.
const BATCH: usize = 1_000;
/// While more calls than this are unwritten, no further one begins.
const MOST_UNWRITTEN: usize = 50_000;
/// While transcripts of calls that are unwritten take more bytes than this, no further call begins.
const MOST_TRANSCRIBED: usize = 64 << 20;
/// How long a call waits for others to be written before it is refused.
const PATIENCE: Duration = Duration::from_secs(3);
/// How long to wait before what could not be written is tried again.
const AGAIN: Duration = Duration::from_millis(500);
/// How long the last calls are tried to be written when the program stops.
const LAST: Duration = Duration::from_secs(8);
/// How often unused parts of budgets are looked for.
const TIDY: Duration = Duration::from_secs(5);

/// What was asked of a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operation {
    /// An answer.
    Chat,
    /// Vectors.
    Embeddings,
}

impl Operation {
    /// The word of the OpenTelemetry conventions (`gen_ai.operation.name`).
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Chat => "chat",
            Self::Embeddings => "embeddings",
        }
    }
}

/// A call that has ended.
#[derive(Clone, Debug)]
pub struct Call {
    /// In which institution.
    pub institution: InstitutionId,
    /// When it began.
    pub at: Timestamp,
    /// For whom.
    pub person: Option<Uuid>,
    /// By which key.
    pub key: Option<Uuid>,
    /// In what role.
    pub role: Option<Role>,
    /// What was asked.
    pub operation: Operation,
    /// What for: the platform's task, or `api`.
    pub feature: Arc<str>,
    /// The platform's prompt and its version.
    pub prompt: Option<Arc<str>>,
    /// Who answered.
    pub provider: Arc<str>,
    /// Which model of theirs.
    pub model: Arc<str>,
    /// `ok`, or what went wrong.
    pub status: &'static str,
    /// Whether it came in pieces.
    pub streamed: bool,
    /// Whether it was kept from before.
    pub cached: bool,
    /// Whether the tokens were counted here.
    pub estimated: bool,
    /// The tokens.
    pub usage: Usage,
    /// What they cost.
    pub cost: Money,
    /// By which prices.
    pub prices: Option<Arc<str>>,
    /// How long it took.
    pub duration: Duration,
    /// How long its first byte took.
    pub first_byte: Duration,
    /// Of which budgets it was paid.
    pub spent: Vec<Spent>,
    /// What was said, where that is kept.
    pub transcript: Option<Box<Transcript>>,
}

/// Writes calls down. Cheap to clone.
#[derive(Clone)]
pub struct Recorder {
    inner: Arc<Inner>,
}

/// Calls that are written in one transaction.
struct Batch {
    institution: InstitutionId,
    calls: Vec<(Uuid, Call)>,
}

struct Inner {
    db: Db,
    budgets: Budgets,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    vault: Vault,
    unwritten: Mutex<Vec<Call>>,
    /// What could not be written yet.
    waiting: tokio::sync::Mutex<Vec<Batch>>,
    count: AtomicUsize,
    /// What transcripts that are not written yet take, in bytes.
    transcribed: AtomicUsize,
    full: Notify,
    room: Notify,
}

impl Recorder {
    /// Writes into this database, once [`Recorder::run`] runs.
    pub fn new(db: Db, budgets: Budgets, clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>, vault: Vault) -> Self {
        let inner = Inner {
            db,
            budgets,
            clock,
            entropy,
            vault,
            unwritten: Mutex::default(),
            waiting: tokio::sync::Mutex::default(),
            count: AtomicUsize::new(0),
            transcribed: AtomicUsize::new(0),
            full: Notify::new(),
            room: Notify::new(),
        };
        Self { inner: Arc::new(inner) }
    }

    /// Waits until a call may begin that will have to be written down.
    ///
    /// # Errors
    /// [`Kind::Unavailable`] when earlier calls cannot be written.
    pub async fn room(&self) -> Result<(), Failure> {
        if self.has_room() {
            return Ok(());
        }
        let deadline = tokio::time::Instant::now() + PATIENCE;
        while !self.has_room() {
            if tokio::time::timeout_at(deadline, self.inner.room.notified()).await.is_err() {
                let text = "what earlier calls cost cannot be written down now; nothing more is spent meanwhile";
                let mut failure = Failure::new(Kind::Unavailable, text).coded("costs_not_recorded");
                failure.retry_after = Some(Duration::from_secs(5));
                return Err(failure);
            }
        }
        Ok(())
    }

    fn has_room(&self) -> bool {
        self.inner.count.load(Ordering::Relaxed) < MOST_UNWRITTEN
            && self.inner.transcribed.load(Ordering::Relaxed) < MOST_TRANSCRIBED
    }

    /// A call has ended. It is written soon.
    pub fn record(&self, call: Call) {
        let transcribed = call.transcript.as_ref().map_or(0, |transcript| transcript.size());
        self.inner.transcribed.fetch_add(transcribed, Ordering::Relaxed);
        let mut unwritten = self.inner.unwritten.lock().unwrap_or_else(PoisonError::into_inner);
        unwritten.push(call);
        let length = unwritten.len();
        drop(unwritten);
        self.inner.count.fetch_add(1, Ordering::Relaxed);
        if length == BATCH {
            self.inner.full.notify_one();
        }
    }

    /// Writes until `stop`, and then what is left.
    pub async fn run(&self, stop: CancellationToken) {
        let mut tidied = Instant::now();
        while !stop.is_cancelled() {
            tokio::select! {
                () = stop.cancelled() => {}
                () = self.inner.full.notified() => {}
                () = tokio::time::sleep(GATHER) => {}
            }
            if let Err(error) = self.write_all().await {
                tracing::error!(%error, "costs of calls are not written yet; trying again");
                tokio::time::sleep(AGAIN).await;
            }
            if tidied.elapsed() >= TIDY {
                tidied = Instant::now();
                if let Err(error) = self.inner.budgets.give_back(false).await {
                    tracing::warn!(%error, "unused parts of budgets are not given back yet");
                }
            }
        }
        self.finish().await;
    }

    /// Writes what is left, and gives back what is held.
    pub async fn finish(&self) {
        let deadline = Instant::now() + LAST;
        while let Err(error) = self.write_all().await {
            if Instant::now() >= deadline {
                let lost = self.inner.count.load(Ordering::Relaxed);
                tracing::error!(%error, lost, "costs of calls could not be written before the program stopped");
                return;
            }
            tokio::time::sleep(AGAIN).await;
        }
        if let Err(error) = self.inner.budgets.give_back(true).await {
            tracing::warn!(%error, "what was held of budgets ends with this process");
        }
    }

    /// Writes all that is unwritten.
    ///
    /// # Errors
    /// When the database does not take it; then it is kept.
    pub async fn write_all(&self) -> Result<(), sqlx::Error> {
        // One writes at a time: what failed before comes first.
        let mut waiting = self.inner.waiting.lock().await;
        let new = std::mem::take(&mut *self.inner.unwritten.lock().unwrap_or_else(PoisonError::into_inner));
        waiting.extend(self.batches(new));
        let mut left = Vec::new();
        let mut failed = None;
        for batch in waiting.drain(..) {
            match self.write(&batch).await {
                Ok(()) => {
                    let transcripts = batch.calls.iter().filter_map(|(_, call)| call.transcript.as_ref());
                    let transcribed = transcripts.map(|transcript| transcript.size()).sum();
                    self.inner.transcribed.fetch_sub(transcribed, Ordering::Relaxed);
                    self.inner.count.fetch_sub(batch.calls.len(), Ordering::Relaxed);
                    self.inner.room.notify_waiters();
                }
                Err(error) => {
                    failed = Some(error);
                    left.push(batch);
                }
            }
        }
        *waiting = left;
        failed.map_or(Ok(()), Err)
    }

    /// Calls of one institution each, not too many, with their ids.
    fn batches(&self, calls: Vec<Call>) -> Vec<Batch> {
        if calls.is_empty() {
            return Vec::new();
        }
        let mut random = self.inner.entropy.generator();
        let mut by_institution: BTreeMap<InstitutionId, Vec<(Uuid, Call)>> = BTreeMap::new();
        for call in calls {
            let id = UserId::new(self.inner.clock.as_ref(), &mut random).uuid();
            by_institution.entry(call.institution).or_default().push((id, call));
        }
        let mut batches = Vec::new();
        for (institution, mut calls) in by_institution {
            while !calls.is_empty() {
                let rest = calls.split_off(calls.len().min(BATCH));
                batches.push(Batch { institution, calls });
                calls = rest;
            }
        }
        batches
    }

    /// Writes a batch, whole or not at all. Where nobody knows whether it was written, because the connection broke off
    /// in that moment, it is written again, and finds itself.
    async fn write(&self, batch: &Batch) -> Result<(), sqlx::Error> {
        let system = Actor::system(batch.institution);
        let mut tx = self.inner.db.begin(&system).await?;
        if calls::insert(&mut tx, &batch.calls).await? {
            let spent: Vec<Spent> = batch.calls.iter().flat_map(|(_, call)| call.spent.iter().copied()).collect();
            for purse in &self.inner.budgets.write(&mut tx, &spent).await? {
                self.warn(&mut tx, &system, purse).await?;
            }
            for (id, call) in &batch.calls {
                if let Some(said) = &call.transcript {
                    let of = (*id, call.at, call.person);
                    transcript::keep(&mut tx, &self.inner.vault, batch.institution, of, said).await?;
                }
            }
        }
        tx.commit().await
    }

    async fn warn(&self, tx: &mut eduai_db::Tx, system: &Actor, purse: &Purse) -> Result<(), sqlx::Error> {
        let spec = &purse.spec;
        let details = json!({ "percent": spec.warn_percent, "period": spec.period.as_str() });
        let entry = Entry::done("llm.budget_warned").on("budget", spec.id).with(details);
        tracing::warn!(budget = %spec.id, percent = spec.warn_percent, "a budget is spent to the share that warns");
        match eduai_audit::append(tx, system, entry, self.inner.clock.now()).await {
            Ok(_) => Ok(()),
            Err(error) => {
                tracing::error!(%error, "the warning of a budget is not in the audit log");
                Err(sqlx::Error::WorkerCrashed)
            }
        }
    }
}
