//! A run of the graph, as it is shown.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::model::MashupId;

/// A run of the graph of agents.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Session {
    /// The id.
    #[schema(value_type = String, format = Uuid)]
    pub id: Uuid,
    /// The mashup that it makes or has made; it has the same id.
    pub mashup_id: MashupId,
    /// Where it stands.
    pub status: SessionStatus,
    /// What it has done: one entry a checkpoint.
    pub steps: Vec<Step>,
    /// What it waits for, if it waits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub question: Option<Question>,
}

/// Where a run stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SessionStatus {
    /// Under way.
    Running,
    /// Waits for a person.
    Waiting,
    /// Done: the mashup is there.
    Completed,
    /// Ended without a mashup.
    Failed,
    /// Stopped by a person.
    Cancelled,
}

/// One step that was done; its output is a checkpoint.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Step {
    /// The agent.
    pub agent: String,
    /// Its number in the run, from 1.
    pub number: u32,
    /// How long it took.
    pub milliseconds: f64,
}

/// A question for a person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Question {
    /// What is to be decided: `open_session`.
    pub kind: String,
    /// The decisions there are.
    pub choices: Vec<String>,
}

/// A person's decision.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Resume {
    /// The decision.
    pub decision: Decision,
    /// Why, for the record: at most 500 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 500)]
    pub note: Option<String>,
}

/// A decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Decision {
    Approve,
    Decline,
}
