//! Short, singable ideas to choose from.

use eduai_genre::GenreBook;
use eduai_workflow::{Cx, NodeError, Outcome};
use std::sync::Arc;

use super::{Answer, Studio, computed, missing, next};
use crate::graph::{Draft, Given, Made};

/// Runs the agent.
pub async fn run(studio: Arc<Studio>, _: Cx, draft: Arc<Draft>) -> Result<Outcome<Given>, NodeError> {
    Ok(next(computed(&studio, "hook_generator", draft, work).await?))
}

fn work(draft: &Draft, book: &'static GenreBook) -> Answer {
    let plan = draft.plan.as_ref().ok_or_else(|| missing("plan"))?;
    let hooks = eduai_compose::hooks(plan, book);
    // The most singable one; the first of equals, so that the choice does not depend on anything else.
    let chosen = (0..hooks.len()).rev().max_by(|a, b| hooks[*a].singability.total_cmp(&hooks[*b].singability));
    let chosen = chosen.ok_or_else(|| missing("hook"))?;
    Ok((Made::Hooks { hooks, chosen }, Vec::new()))
}
