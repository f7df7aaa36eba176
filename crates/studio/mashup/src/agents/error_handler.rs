//! A plain piece when an agent has failed: the same genres and seed, everything else as simple as it gets. It is marked
//! as what it is.

use eduai_compose::model::Brief;
use eduai_genre::GenreBook;
use eduai_kernel::{SkillLevel, Text};
use eduai_workflow::{Cx, NodeError, Outcome};
use std::sync::Arc;

use super::{Answer, Studio, computed, educational_context, genre_analyzer, next};
use crate::graph::{Draft, Given, Made};

/// Runs the agent.
pub async fn run(studio: Arc<Studio>, cx: Cx, draft: Arc<Draft>) -> Result<Outcome<Given>, NodeError> {
    tracing::warn!(run = %cx.run(), failure = cx.failure().unwrap_or("low quality"), "the fallback piece is composed");
    Ok(next(computed(&studio, "error_handler", draft, work).await?))
}

fn work(draft: &Draft, book: &'static GenreBook) -> Answer {
    let request = &draft.order.request;
    let context = draft.context.clone().unwrap_or_else(|| educational_context::context(request, book));
    let seed = request.seed.unwrap_or_default();
    let (genres, _) = genre_analyzer::choose(request, book, &eduai_kernel::Random::from_seed(seed));
    let brief = Brief {
        round: draft.round,
        ..Brief::new(genres.into_iter().take(2).collect(), SkillLevel::Beginner, context.language, context.grade, seed)
    };
    let piece = eduai_compose::compose(&brief, book).map_err(|e| NodeError::fatal(e.to_string()))?;
    let warning = Text::new(
        "Something went wrong while this piece was made, so it is a plainer one than you asked for.",
        "Algo falló al componer esta pieza, así que es más sencilla de lo que pediste.",
    );
    Ok((Made::Piece { piece: Box::new(piece), fallback: true }, vec![warning]))
}
