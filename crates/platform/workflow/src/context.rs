//! What a node has besides the state.

use crate::model::{NodeError, RunId};
use crate::sealed::{self, Sealing, VALUE, named_row_id, sealed};
use crate::store;
use eduai_db::{Db, Tx};
use eduai_kernel::Actor;
use eduai_vault::{Vault, VaultError};
use futures_util::future::BoxFuture;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::mpsc::UnboundedSender;
use uuid::Uuid;

/// What is stored together with a checkpoint.
pub(crate) type Store =
    Box<dyn for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<(), Box<dyn std::error::Error + Send + Sync>>> + Send>;

/// A node's surroundings. Cheap to clone; may be taken into tasks.
#[derive(Clone)]
pub struct Cx {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) db: Db,
    pub(crate) vault: Vault,
    pub(crate) actor: Actor,
    pub(crate) run: RunId,
    pub(crate) subject: Uuid,
    pub(crate) lease: Uuid,
    pub(crate) step: i32,
    pub(crate) attempt: i32,
    pub(crate) answer: Option<Value>,
    pub(crate) failure: Option<String>,
    pub(crate) progress: UnboundedSender<(String, Value)>,
    pub(crate) stores: Mutex<Vec<Store>>,
}

impl Cx {
    /// As whom the run acts.
    pub fn actor(&self) -> &Actor {
        &self.inner.actor
    }

    /// The run.
    pub fn run(&self) -> RunId {
        self.inner.run
    }

    /// Whose data the run holds.
    pub fn subject(&self) -> Uuid {
        self.inner.subject
    }

    /// The number of this step, from 1.
    pub fn step(&self) -> i32 {
        self.inner.step
    }

    /// Which attempt at this step in this process it is, from 1.
    pub fn attempt(&self) -> i32 {
        self.inner.attempt
    }

    /// The answer to the question that was asked before this node, if one was.
    pub fn answer(&self) -> Option<&Value> {
        self.inner.answer.as_ref()
    }

    /// Why the node before this one failed, when this node is its rescue and the program has not been started anew
    /// since.
    pub fn failure(&self) -> Option<&str> {
        self.inner.failure.as_deref()
    }

    /// Says how far the node is: a named sub-step, with whatever the page may want to show. Costs the node nothing; the
    /// event is stored beside it and then shown.
    pub fn progress(&self, name: impl Into<String>, detail: Value) {
        // It fails only when the run is no longer driven here; then nobody listens either.
        let _ = self.inner.progress.send((name.into(), detail));
    }

    /// An outward or paid act. Its value is stored before it is used, so that another attempt after a crash finds it
    /// and does not act again. `name` is unique within the node.
    ///
    /// A crash between the act and the storing of its value repeats the act: where that matters, pass
    /// [`Cx::effect_key`] to the other side as its idempotency key.
    pub async fn effect<T, F, R>(&self, name: &str, act: F) -> Result<T, NodeError>
    where
        T: Serialize + DeserializeOwned,
        F: FnOnce() -> R,
        R: Future<Output = Result<T, NodeError>>,
    {
        let Inner { db, vault, actor, run, subject, step, lease, .. } = &*self.inner;
        let unreadable = |error: serde_json::Error| NodeError::fatal(format!("effect {name}: {error}"));
        let closed = |error: VaultError| NodeError::from(eduai_kernel::Failure::from(error));
        let mut tx = db.begin(actor).await?;
        let kept = store::find_effect(&mut tx, *run, *step, name).await?;
        let kept = kept.map(|(id, value)| sealed(VALUE, id, *subject, value));
        let kept: Option<Value> = sealed::open(vault, &mut tx, kept).await.map_err(closed)?;
        tx.commit().await?;
        if let Some(value) = kept {
            return serde_json::from_value(value).map_err(unreadable);
        }
        let value = act().await?;
        let id = named_row_id(VALUE, *run, *step, name);
        let mut sealing = Sealing::default();
        sealing.add(VALUE, id, &value)?;
        let mut tx = db.begin(actor).await?;
        let stored = sealing.seal(vault, &mut tx, *subject).await.map_err(closed)?.next().unwrap_or_default();
        if !store::keep_effect(&mut tx, *run, *lease, *step, name, (id, &stored)).await? {
            return Err(NodeError::fatal("the run is no longer driven here"));
        }
        tx.commit().await?;
        Ok(value)
    }

    /// A key that is the same for every attempt at this effect and different for every other.
    pub fn effect_key(&self, name: &str) -> String {
        format!("{}-{}-{name}", self.inner.run, self.inner.step)
    }

    /// Stores something of the service's own in the same transaction as this node's output: both or neither, once.
    ///
    /// `cx.in_checkpoint(move |tx| Box::pin(async move { Ok(store::insert(tx, &piece).await?) }))`
    pub fn in_checkpoint<F>(&self, store: F)
    where
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<(), Box<dyn std::error::Error + Send + Sync>>>
            + Send
            + 'static,
    {
        self.inner.stores.lock().unwrap_or_else(PoisonError::into_inner).push(Box::new(store));
    }
}

impl std::fmt::Debug for Cx {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cx").field("run", &self.inner.run).field("step", &self.inner.step).finish_non_exhaustive()
    }
}
