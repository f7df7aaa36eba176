//! All SQL of the engine, by subject. Every write to a run that is driven names its lease.

mod effect;
mod lease;
mod log;
mod read;
mod retention;

pub use effect::{find_effect, keep_effect};
pub use lease::{orphans, take};
pub use log::{advance, answer, append_events, end, insert};
pub use read::{events, graph, input, outputs, steps, view};
pub use retention::{erase, expire, export, purge};

use crate::model::{OpenQuestion, RunFailure, RunId, RunStatus};
use eduai_kernel::id::{InstitutionId, UserId};
use eduai_kernel::{Actor, Role};
use jiff::Timestamp;
use serde_json::Value;
use uuid::Uuid;

/// A run as its driver needs it.
#[derive(Debug)]
pub struct Run {
    pub id: RunId,
    pub actor: Actor,
    pub subject: Uuid,
    pub graph: String,
    pub version: i32,
    pub input: Value,
    pub next_node: String,
    pub next_step: i32,
    pub events: i32,
    pub answer: Option<Value>,
    /// Why the node before failed, when its rescue comes next.
    pub failure: Option<RunFailure>,
}

/// Who drives a run.
#[derive(Clone, Copy, Debug)]
pub struct Lease {
    pub token: Uuid,
    pub instance: i32,
}

/// A step that was done.
#[derive(Debug)]
pub struct Step {
    pub number: i32,
    pub node: String,
    pub edge: String,
    pub output: Option<Value>,
    pub note: Option<Value>,
    pub attempts: i32,
    pub started_at: Timestamp,
    pub took_us: i64,
}

/// How a run stands after a step.
#[derive(Debug)]
pub struct Standing {
    pub status: RunStatus,
    pub node: String,
    pub question: Option<OpenQuestion>,
    pub failure: Option<RunFailure>,
}

fn actor(institution: Uuid, user: Uuid, role: &str) -> Actor {
    Actor {
        institution: InstitutionId::from_uuid(institution),
        user: UserId::from_uuid(user),
        // An unknown role of a newer version gets the fewest rights there are.
        role: Role::parse(role).unwrap_or(Role::Guest),
    }
}
