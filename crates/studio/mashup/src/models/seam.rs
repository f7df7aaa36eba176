//! The edge to language models: all that this room knows of them. Whoever can reach a model implements [`Models`].

use eduai_kernel::Actor;
use futures_util::future::BoxFuture;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::time::Duration;
use utoipa::ToSchema;

/// Language models, as the agents see them.
///
/// Rights, budgets, consent and the institution's privacy level are the implementation's to keep: it refuses what may not
/// be, and never reaches farther than [`Question::reach`].
pub trait Models: Send + Sync {
    /// One question. A dropped future is a question withdrawn.
    fn ask<'a>(&'a self, actor: &'a Actor, question: Question) -> BoxFuture<'a, Result<Answered, Refusal>>;

    /// What this person may use for a task now.
    fn offered<'a>(&'a self, actor: &'a Actor, task: &'a str) -> BoxFuture<'a, Offer>;
}

/// How far a question may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// To a model in the house.
    Local,
    /// To a model outside as well.
    Cloud,
}

/// Which prompt a question is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct PromptVersion {
    /// `lyrics`.
    pub name: &'static str,
    /// Counts the versions of its text, from 1.
    pub version: u32,
}

/// One question to a model.
#[derive(Clone, Debug)]
pub struct Question {
    /// What it is for; routes, prices and limits go by it: `mashup.lyrics`.
    pub task: &'static str,
    /// The prompt it is made of, for provenance.
    pub prompt: PromptVersion,
    /// What the model is to do.
    pub system: String,
    /// The material it works on.
    pub user: String,
    /// The JSON schema of the answer.
    pub schema: Value,
    /// The longest answer, in tokens.
    pub max_tokens: u32,
    /// How far it may go.
    pub reach: Reach,
    /// Names of people that must not leave the house as they are.
    pub personal: Vec<String>,
    /// How long the asker waits.
    pub deadline: Duration,
    /// The same for every attempt at this question and for no other: asked again after a crash, it need not be paid twice.
    pub key: String,
}

/// What a model answered, with what it cost.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    /// Its words, unchecked.
    pub text: String,
    /// The provider's name in the configuration.
    pub provider: String,
    /// The model.
    pub model: String,
    /// Whether it is in the house.
    pub local: bool,
    /// Tokens read.
    pub input_tokens: u64,
    /// Tokens written.
    pub output_tokens: u64,
    /// What it cost, in millionths of a millionth of a US dollar.
    pub cost_picodollars: u64,
    /// How long it took.
    pub took: Duration,
}

/// Why a model gave nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{kind:?}: {detail}")]
pub struct Refusal {
    /// The kind.
    pub kind: RefusalKind,
    /// The reason, for the log.
    pub detail: String,
}

impl Refusal {
    /// A refusal of this kind.
    pub fn new(kind: RefusalKind, detail: impl Into<String>) -> Self {
        Self { kind, detail: detail.into() }
    }
}

/// Kinds of refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RefusalKind {
    /// No model could be reached, or none in time.
    Unavailable,
    /// It took longer than the asker waits.
    Late,
    /// The budget is spent, or too many questions were asked.
    Limited,
    /// This person may not ask this, or the institution does not allow it.
    Forbidden,
    /// The model declined.
    Declined,
    /// What came was no answer.
    Nonsense,
}

/// What a person may use for a task.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Offer {
    /// A model in the house can be reached.
    pub local: bool,
    /// A model outside can be reached, and the institution allows it to this person.
    pub cloud: bool,
    /// Why there is nothing, or no more than this.
    pub why: Option<String>,
}

/// How long models may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// In one step.
    pub step: Duration,
    /// In one run.
    pub run: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { step: Duration::from_secs(20), run: Duration::from_secs(45) }
    }
}
