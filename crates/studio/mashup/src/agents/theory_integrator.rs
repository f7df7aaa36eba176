//! What the notes are, and the lesson that follows from them.

use eduai_compose::model::Piece;
use eduai_genre::GenreBook;
use eduai_music::analysis::{Analysis, analyse};
use eduai_pedagogy::EducationalContext;
use eduai_pedagogy::model::{CulturalContext, Material};
use eduai_workflow::{Cx, NodeError, Outcome};
use std::sync::Arc;

use super::{Answer, Studio, computed, educational_context, missing, next};
use crate::graph::{Draft, Given, Made};

/// Runs the agent.
pub async fn run(studio: Arc<Studio>, _: Cx, draft: Arc<Draft>) -> Result<Outcome<Given>, NodeError> {
    Ok(next(computed(&studio, "theory_integrator", draft, work).await?))
}

fn work(draft: &Draft, book: &'static GenreBook) -> Answer {
    let piece = draft.piece.as_deref().ok_or_else(|| missing("piece"))?;
    let context = draft.context.clone().unwrap_or_else(|| educational_context::context(&draft.order.request, book));
    let (analysis, material) = theory(piece, &context, book);
    Ok((Made::Theory { analysis: Box::new(analysis), material: Box::new(material) }, Vec::new()))
}

/// Analyses the notes of `piece` and makes the lesson for `context` of what they are.
pub fn theory(piece: &Piece, context: &EducationalContext, book: &GenreBook) -> (Analysis, Material) {
    let analysis = analyse(&piece.score);
    let genres = piece.plan.brief.genres.iter().filter_map(|id| book.get(id));
    let cultures: Vec<CulturalContext> = genres.map(CulturalContext::of).collect();
    let material = eduai_pedagogy::teach(piece, &analysis, &cultures, context);
    (analysis, material)
}
