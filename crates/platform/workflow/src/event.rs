//! What happens in a run, numbered.

use crate::model::{OpenQuestion, QuestionId, RunFailure};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// One thing that happened. Nobody sees it before it is stored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Event {
    /// Its number in the run, from 1 without gaps: the `id` of a server-sent event.
    pub number: i32,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// What.
    #[serde(flatten)]
    pub happened: Happened,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Happened {
    /// The run began.
    RunStarted,
    /// The run was taken up again after its process had gone away.
    RunResumed,
    /// A node began.
    StepStarted {
        /// The step's number.
        step: i32,
        /// The node.
        node: String,
    },
    /// A node said how far it is.
    Progress {
        /// The step's number.
        step: i32,
        /// The node.
        node: String,
        /// The sub-step.
        name: String,
        /// Whatever else it said.
        #[schema(value_type = Object)]
        detail: Value,
    },
    /// A node failed and is tried again.
    StepRetried {
        /// The step's number.
        step: i32,
        /// The node.
        node: String,
        /// The attempt that failed, from 1.
        attempt: i32,
    },
    /// A node finished.
    StepFinished {
        /// The step's number.
        step: i32,
        /// The node.
        node: String,
        /// The edge that is followed.
        edge: String,
        /// How long it took, in microseconds.
        took_us: i64,
        /// What the node said of how it was done.
        #[schema(value_type = Option<Object>)]
        #[serde(skip_serializing_if = "Option::is_none")]
        note: Option<Value>,
    },
    /// A node failed for good.
    StepFailed {
        /// The step's number.
        step: i32,
        /// The node.
        node: String,
        /// How long it took, in microseconds.
        took_us: i64,
    },
    /// The run waits for an answer.
    Asked {
        /// To what.
        question: OpenQuestion,
    },
    /// The answer came.
    Answered {
        /// To which question.
        question: QuestionId,
    },
    /// The run reached its end.
    RunDone,
    /// The run cannot go on.
    RunFailed {
        /// Why.
        failure: RunFailure,
    },
    /// Somebody stopped the run.
    RunCancelled,
}

impl Happened {
    /// Whether it is the last thing that happens.
    pub fn is_final(&self) -> bool {
        matches!(self, Self::RunDone | Self::RunFailed { .. } | Self::RunCancelled)
    }
}
