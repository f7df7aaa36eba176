//! The agents of the graph, each in its built-in form: one file an agent.
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
use eduai_workflow::{NodeError, Outcome};
use std::sync::Arc;
use std::time::Instant;

use crate::graph::{Draft, Given, Made};
use crate::model::AgentRun;

/// What the agents work with.
pub struct Studio {
    /// The database.
    pub db: Db,
    /// Where they compute.
    pub cpu: CpuPool,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// The genres.
    pub book: &'static GenreBook,
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
    let run = AgentRun { name: agent.to_owned(), source: "builtin".to_owned(), milliseconds, round };
    Ok(Given { run, made, warnings })
}

/// An outcome that goes on to the next agent, with a note for the page.
fn next(given: Given) -> Outcome<Given> {
    let note = serde_json::json!({"source": given.run.source, "milliseconds": given.run.milliseconds, "round": given.run.round});
    Outcome::next(given).note(note)
}

/// What an earlier agent should have given and did not: a fault of the graph.
fn missing(what: &str) -> NodeError {
    NodeError::fatal(format!("there is no {what} to work on"))
}
