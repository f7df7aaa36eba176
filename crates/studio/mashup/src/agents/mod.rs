//! The agents of the graph: one file an agent. Each works by itself; where a language model may be asked, it helps, and
//! what it gives is checked ([`crate::models`]).
//!
//! Each takes what was made so far and gives one thing more. They run on the pool for long computations, and whatever
//! one of them gives is a checkpoint.

pub mod educational_context;
pub mod error_handler;
pub mod genre_analyzer;
pub mod hook_generator;
pub mod lyrics_composer;
pub mod quality_validator;
pub mod session_manager;
pub mod theory_integrator;

use eduai_db::Db;
use eduai_genre::GenreBook;
use eduai_kernel::{Clock, Text};
use eduai_module::CpuPool;
use eduai_vault::Vault;
use eduai_workflow::{NodeError, Outcome};
use serde_json::Value;
use std::sync::Arc;
use std::time::Instant;

use crate::graph::{Draft, Given, Made};
use crate::model::{AgentRun, ModelShare};
use crate::models::{Plugged, desk};

/// What the agents work with.
pub struct Studio {
    /// The database.
    pub db: Db,
    /// The keys of whom they work for.
    pub vault: Vault,
    /// Where they compute.
    pub cpu: CpuPool,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// The genres.
    pub book: &'static GenreBook,
    /// Language models, where any are plugged in.
    pub models: Option<Plugged>,
}

/// What an agent says: what it made, and what the reader should know.
type Answer = Result<(Made, Vec<Text>), NodeError>;

/// Computes `work` on the pool and notes who did it and how long it took.
async fn computed(
    studio: &Studio,
    agent: &'static str,
    draft: Arc<Draft>,
    work: impl FnOnce(&Draft, &'static GenreBook) -> Answer + Send + 'static,
) -> Result<Given, NodeError> {
    let (book, round) = (studio.book, draft.round - draft.order.round + 1);
    let (answer, milliseconds) = studio
        .cpu
        .run(move || {
            let begun = Instant::now();
            let answer = work(&draft, book);
            (answer, begun.elapsed().as_secs_f64() * 1000.0)
        })
        .await?;
    let (made, warnings) = answer?;
    let run = AgentRun { name: agent.to_owned(), source: "builtin".to_owned(), milliseconds, round, model: None };
    Ok(Given { run, made, warnings })
}

/// What a model did in the agent's work, and how long the whole took.
fn shared(mut given: Given, share: Option<ModelShare>) -> Given {
    if let Some(share) = share {
        if share.used > 0 {
            given.run.source = desk::source(&share);
        }
        given.run.milliseconds += share.milliseconds;
        given.run.model = Some(Box::new(share));
    }
    given
}

/// An outcome that goes on to the next agent, with a note for the page.
fn next(given: Given) -> Outcome<Given> {
    let note = note(&given);
    Outcome::next(given).note(note)
}

/// How the agent worked, for the page.
fn note(given: &Given) -> Value {
    let run = &given.run;
    let mut note = serde_json::json!({"source": run.source, "milliseconds": run.milliseconds, "round": run.round});
    if let Some(share) = &run.model {
        note["model"] = serde_json::json!({"prompt": share.prompt, "used": share.used, "mended": share.mended,
            "replaced": share.replaced, "asked": share.asked, "asked_again": share.asked_again, "trouble": share.trouble});
    }
    note
}

/// What an earlier agent should have given and did not: a fault of the graph.
fn missing(what: &str) -> NodeError {
    NodeError::fatal(format!("there is no {what} to work on"))
}
