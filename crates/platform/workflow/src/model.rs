//! The words of a workflow: state, outcome, question, run, step.

use eduai_kernel::id_type;
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::borrow::Cow;
use utoipa::ToSchema;
use uuid::Uuid;

id_type!(
    /// One run of a graph.
    RunId
);
id_type!(
    /// One question that a run asked.
    QuestionId
);

/// What a graph works on. It lives in memory and is never stored: what is stored is what it began with and what the
/// nodes gave, and [`State::apply`] must add that up to the same state every time.
pub trait State: Clone + Send + Sync + 'static {
    /// The graph's name, unique in the program.
    const GRAPH: &'static str;
    /// What a run begins with.
    type Input: Serialize + DeserializeOwned + Send;
    /// What nodes give: usually an enum with a variant for each.
    type Output: Serialize + DeserializeOwned + Send;
    /// The state at the beginning.
    fn begin(input: Self::Input) -> Self;
    /// Adds what a node gave.
    fn apply(&mut self, output: Self::Output);
}

/// What a node gives: an output, which edge to follow, and perhaps a question to be answered first.
#[derive(Debug)]
pub struct Outcome<O> {
    pub(crate) output: Option<O>,
    pub(crate) edge: Cow<'static, str>,
    pub(crate) question: Option<Value>,
    pub(crate) note: Option<Value>,
}

impl<O> Outcome<O> {
    /// An output, and on by the edge [`crate::NEXT`].
    pub fn next(output: O) -> Self {
        Self::edge(crate::NEXT, output)
    }

    /// An output, and on by the edge of this name.
    pub fn edge(edge: impl Into<Cow<'static, str>>, output: O) -> Self {
        Self { output: Some(output), edge: edge.into(), question: None, note: None }
    }

    /// A question for a human: the run waits, and the answer goes to the node at the end of the edge
    /// ([`crate::Cx::answer`]). `question` is for the page that shows it.
    pub fn ask(edge: impl Into<Cow<'static, str>>, question: Value) -> Self {
        Self { output: None, edge: edge.into(), question: Some(question), note: None }
    }

    /// An output together with a question.
    #[must_use]
    pub fn and_ask(mut self, question: Value) -> Self {
        self.question = Some(question);
        self
    }

    /// Something about how it was done, for the step's event and status: its source, a score.
    #[must_use]
    pub fn note(mut self, note: Value) -> Self {
        self.note = Some(note);
        self
    }
}

/// Why a node gave nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub struct NodeError {
    pub(crate) detail: String,
    pub(crate) passing: bool,
}

impl NodeError {
    /// Another attempt would fail as well.
    pub fn fatal(detail: impl Into<String>) -> Self {
        Self { detail: detail.into(), passing: false }
    }

    /// Another attempt may succeed; the graph says how many there are.
    pub fn passing(detail: impl Into<String>) -> Self {
        Self { detail: detail.into(), passing: true }
    }
}

impl From<sqlx::Error> for NodeError {
    fn from(error: sqlx::Error) -> Self {
        Self::passing(error.to_string())
    }
}

impl From<eduai_kernel::Failure> for NodeError {
    fn from(failure: eduai_kernel::Failure) -> Self {
        let passing = failure.kind == eduai_kernel::FailureKind::Unavailable;
        Self { detail: failure.to_string(), passing }
    }
}

/// How a run stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RunStatus {
    /// A node works, or soon will.
    Running,
    /// A question is open.
    Waiting,
    /// It reached the end.
    Done,
    /// It cannot go on.
    Failed,
    /// Somebody stopped it.
    Cancelled,
}

impl RunStatus {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Waiting => "waiting",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    pub(crate) fn parse(text: &str) -> Self {
        [Self::Running, Self::Waiting, Self::Done, Self::Cancelled]
            .into_iter()
            .find(|status| status.as_str() == text)
            .unwrap_or(Self::Failed)
    }

    /// Whether nothing more will happen.
    pub fn is_final(self) -> bool {
        matches!(self, Self::Done | Self::Failed | Self::Cancelled)
    }
}

/// Why a run cannot go on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RunFailure {
    /// `node_failed`, `too_many_steps`, `no_such_edge`, `incompatible_version`, `unreadable_state`.
    pub code: String,
    /// The node at which it stopped.
    pub node: String,
    /// The reason, for the log and the operator.
    pub detail: String,
}

/// A question that waits for its answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OpenQuestion {
    /// Its id, which the answer names.
    pub id: QuestionId,
    /// What the node asked.
    #[schema(value_type = Object)]
    pub question: Value,
}

/// A run as its people see it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct RunView {
    /// Its id.
    pub id: RunId,
    /// Whose data it holds.
    pub subject: Uuid,
    /// The graph's name.
    pub graph: String,
    /// The graph's version when it started.
    pub version: i32,
    /// How it stands.
    pub status: RunStatus,
    /// The node that works, or comes next.
    pub node: String,
    /// What was done, in order.
    pub steps: Vec<StepView>,
    /// The question that is open.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub question: Option<OpenQuestion>,
    /// Why it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure: Option<RunFailure>,
    /// The number of its last event.
    pub last_event: i32,
    /// When it started.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When it ended.
    #[schema(value_type = Option<String>, format = DateTime)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub finished_at: Option<Timestamp>,
}

/// One step that was done: a checkpoint.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct StepView {
    /// Its number, from 1.
    pub number: i32,
    /// The node; `human` for an answer.
    pub node: String,
    /// The edge that was followed; `error` when the node failed.
    pub edge: String,
    /// What the node said of how it was done.
    #[schema(value_type = Option<Object>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<Value>,
    /// How many attempts it took.
    pub attempts: i32,
    /// When it began.
    #[schema(value_type = String, format = DateTime)]
    pub started_at: Timestamp,
    /// How long it took, in microseconds.
    pub took_us: i64,
}
