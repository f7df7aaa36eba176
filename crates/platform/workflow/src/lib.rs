//! Workflows that survive a crash: a graph of nodes over a typed state, run in the calling process, with what each node
//! gave written down before the next one starts.
//!
//! - A node gets the state and gives an output with the name of the edge to follow ([`Outcome::next`]), or a question
//!   for a human ([`Outcome::ask`]); the answer goes to the node after it. Nothing is entered twice because of it.
//! - Outputs are appended exactly once; they *are* the checkpoint. The state is what they add up to
//!   ([`State::apply`]), so that a run goes on after a crash with the node that had not finished.
//! - Whoever drives a run holds its lease; every write names it, so whoever has lost it can write no more. A lease lives
//!   as long as its process ([`eduai_db::Presence`]); after `kill -9` the run is taken up within about a second.
//! - An outward or paid act is wrapped in [`Cx::effect`]: its value is kept before it is used. What must be stored
//!   together with the checkpoint goes through [`Cx::in_checkpoint`].
//! - What happens is numbered events: a reader goes on after the last number that it has seen ([`Engine::events`]).
//! - Loops are bounded ([`Graph::most_steps`]), graphs have versions, and every row has its tenant and its subject, for
//!   retention and erasure ([`Engine::purge`], [`Engine::erase`]).
//!
//! It is not a job queue (that is `eduai-jobs`), it does not schedule, and it knows no node of anybody's.
//!
//! Start reading at [`Graph`], then `drive.rs`.
//!
//! ```no_run
//! # use eduai_workflow::*; use std::sync::Arc; use serde::{Serialize, Deserialize};
//! #[derive(Clone, Default)]
//! struct Poem { theme: String, lines: Vec<String> }
//! #[derive(Serialize, Deserialize)]
//! enum Output { Line(String), Praise }
//!
//! impl State for Poem {
//!     const GRAPH: &'static str = "poem";
//!     type Input = String;
//!     type Output = Output;
//!     fn begin(theme: String) -> Self { Self { theme, lines: Vec::new() } }
//!     fn apply(&mut self, output: Output) {
//!         if let Output::Line(line) = output { self.lines.push(line) }
//!     }
//! }
//!
//! async fn write(cx: Cx, poem: Arc<Poem>) -> Result<Outcome<Output>, NodeError> {
//!     cx.progress("thinking", serde_json::json!({ "theme": poem.theme }));
//!     Ok(Outcome::next(Output::Line(format!("O {}!", poem.theme))))
//! }
//! async fn judge(_: Cx, poem: Arc<Poem>) -> Result<Outcome<Output>, NodeError> {
//!     Ok(Outcome::edge(if poem.lines.len() < 4 { "more" } else { "enough" }, Output::Praise))
//! }
//!
//! # async fn example(engine: Engine, actor: eduai_kernel::Actor) -> Result<(), Error> {
//! let graph = Graph::<Poem>::new(1)
//!     .node("write", write)
//!     .node("judge", judge)
//!     .start("write")
//!     .edge("write", NEXT, "judge")
//!     .edge("judge", "more", "write")
//!     .edge("judge", "enough", END)
//!     .most_steps(12);
//! engine.register(graph)?;
//! let run = engine.start::<Poem>(&actor, actor.user.uuid(), &"rose".to_owned()).await?;
//! let _events = engine.events(&actor, run.id, 0); // elsewhere: a stream
//! if let End::Done(poem) = run.end().await? {
//!     assert_eq!(poem.lines.len(), 4);
//! }
//! # Ok(()) }
//! ```

mod checkpoint;
mod context;
mod drive;
mod engine;
mod error;
mod event;
mod graph;
mod model;
mod sealed;
mod span;
mod start;
mod store;
mod stream;
mod worker;

pub use context::Cx;
pub use engine::Engine;
pub use error::Error;
pub use event::{Event, Happened};
pub use graph::{END, Graph, GraphFault, NEXT};
pub use model::{NodeError, OpenQuestion, Outcome, QuestionId, RunFailure, RunId, RunStatus, RunView, State, StepView};
pub use start::{End, Started};

/// This crate's tables.
pub static MIGRATIONS: eduai_db::Migrations = eduai_db::migrations!("workflow");
