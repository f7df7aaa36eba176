//! Who the lesson is for, how long it lasts, what it aims at.

use eduai_genre::GenreBook;
use eduai_pedagogy::{EducationalContext, RequestFacts};
use eduai_workflow::{Cx, NodeError, Outcome};
use std::sync::Arc;

use super::{Answer, Studio, computed, next};
use crate::graph::{Draft, Given, Made};
use crate::request::Request;
use crate::sentence;

/// Runs the agent.
pub async fn run(studio: Arc<Studio>, _: Cx, draft: Arc<Draft>) -> Result<Outcome<Given>, NodeError> {
    Ok(next(computed(&studio, "educational_context", draft, work).await?))
}

#[expect(clippy::unnecessary_wraps, reason = "all agents answer alike")]
fn work(draft: &Draft, book: &'static GenreBook) -> Answer {
    Ok((Made::Context(Box::new(context(&draft.order.request, book))), Vec::new()))
}

/// Reads the fields of a request, and what they leave open from its sentence.
pub fn context(request: &Request, book: &GenreBook) -> EducationalContext {
    let names = book.profiles().iter().flat_map(|p| {
        let own = [p.id.0.replace('_', " "), p.name.en.to_lowercase(), p.name.es.to_lowercase()];
        own.into_iter().chain(p.aliases.iter().cloned())
    });
    let unknown = book.unknown_in(&request.user_prompt).into_iter().map(|name| name.en.to_lowercase());
    // What the sentence says about key, tempo and meter is no theme.
    let (_, prompt) = sentence::read(&request.user_prompt);
    let mut context = eduai_pedagogy::context(&RequestFacts {
        prompt,
        level: request.skill_level,
        setting: request.educational_context,
        objectives: request.learning_objectives.clone(),
        grade: request.grade.map(|g| g.to_string()),
        age_range: request.age_range.map(|a| format!("{}-{}", a.min, a.max)),
        language: request.language.unwrap_or_default(),
        genres: request.genres.clone().unwrap_or_default(),
        genre_words: names.chain(unknown).collect(),
    });
    if let Some(minutes) = request.period_minutes {
        (context.minutes, context.minutes_given) = (minutes, true);
    }
    context
}
