//! A job, before and after it is queued.

use eduai_kernel::Actor;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

/// For how many days a job that was done is kept, and its key with it.
pub const KEPT_DAYS: i64 = 7;

/// What a handler fails with; its text is kept with the job.
pub type HandlerError = Box<dyn std::error::Error + Send + Sync>;

/// A job to be queued.
#[derive(Clone, Debug)]
pub struct NewJob {
    pub(crate) kind: String,
    pub(crate) payload: Result<Value, String>,
    pub(crate) key: Option<String>,
    pub(crate) due: Option<Timestamp>,
    pub(crate) most_attempts: i32,
}

impl NewJob {
    /// A job of this kind (1 to 100 characters) with what its handler needs to know. It is due at once and tried 8
    /// times, after 1, 2, 4, … seconds.
    pub fn new(kind: impl Into<String>, payload: &impl Serialize) -> Self {
        let payload = serde_json::to_value(payload).map_err(|error| error.to_string());
        Self { kind: kind.into(), payload, key: None, due: None, most_attempts: 8 }
    }

    /// Another job of the kind with the same key (1 to 200 characters) in the institution is this one.
    #[must_use]
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.key = Some(key.into());
        self
    }

    /// Not before `at`.
    #[must_use]
    pub fn due(mut self, at: Timestamp) -> Self {
        self.due = Some(at);
        self
    }

    /// How often it is tried before it is given up: 1 to 100.
    #[must_use]
    pub fn attempts(mut self, most: i32) -> Self {
        self.most_attempts = most.clamp(1, 100);
        self
    }
}

/// A job for its handler.
#[derive(Clone, Debug)]
pub struct Job {
    /// Its number.
    pub id: i64,
    /// As whom it is done: whoever queued it, or the program in the institution for scheduled work.
    pub actor: Actor,
    /// Its kind.
    pub kind: String,
    /// What its handler needs to know.
    pub payload: Value,
    /// How often it was tried, this time included.
    pub attempt: i32,
    /// The time, as the runner's clock says.
    pub now: Timestamp,
    pub(crate) most_attempts: i32,
    pub(crate) lease: uuid::Uuid,
}
