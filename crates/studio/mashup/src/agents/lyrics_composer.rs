//! The words, set to the melody, and with them the whole arrangement.

use eduai_genre::GenreBook;
use eduai_workflow::{Cx, NodeError, Outcome};
use std::sync::Arc;

use super::{Answer, Studio, computed, missing, next};
use crate::graph::{Draft, Given, Made};

/// Runs the agent.
pub async fn run(studio: Arc<Studio>, _: Cx, draft: Arc<Draft>) -> Result<Outcome<Given>, NodeError> {
    Ok(next(computed(&studio, "lyrics_composer", draft, work).await?))
}

fn work(draft: &Draft, book: &'static GenreBook) -> Answer {
    let plan = draft.plan.as_ref().ok_or_else(|| missing("plan"))?;
    let piece =
        eduai_compose::arrange(plan, &draft.hooks, draft.hook, book).map_err(|e| NodeError::fatal(e.to_string()))?;
    Ok((Made::Piece { piece: Box::new(piece), fallback: false }, Vec::new()))
}
