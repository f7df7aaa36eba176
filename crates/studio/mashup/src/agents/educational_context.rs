//! Who the lesson is for, how long it lasts, what it aims at.

use eduai_genre::GenreBook;
use eduai_pedagogy::{EducationalContext, RequestFacts};
use eduai_workflow::{Cx, NodeError, Outcome};
use std::sync::Arc;

use super::{Answer, Studio, computed, next, shared};
use crate::graph::{Draft, Given, Made};
use crate::models::desk::{Desk, Form};
use crate::models::screen::Screen;
use crate::models::{prompt, reading};
use crate::request::Request;
use crate::sentence;

/// Runs the agent. Where the rules leave something open, a model may read it, with the words of the request that say so.
pub async fn run(studio: Arc<Studio>, cx: Cx, draft: Arc<Draft>) -> Result<Outcome<Given>, NodeError> {
    let mut given = computed(&studio, "educational_context", draft.clone(), work).await?;
    let request = &draft.order.request.user_prompt;
    let Made::Context(context) = &mut given.made else { return Ok(next(given)) };
    // A remix is for the class that the first piece was for.
    let screen = Screen::new(request, context.language);
    if draft.order.parent.is_some() || screen.talks() || !reading::is_open(context) {
        return Ok(next(given));
    }
    let Some(desk) = Desk::open(&studio, &cx, &draft, &prompt::READING).await else { return Ok(next(given)) };
    let language = context.language;
    let [themes, needs, concepts] = reading::lists(language, context.level);
    let level = context.level.as_str().to_owned();
    let setting = ("setting", context.setting.as_str().to_owned());
    let values = vec![("request", screen.shown(request)), ("level", level), setting, themes, needs, concepts];
    let form = Form { values, schema: reading::schema(language, context.level), max_tokens: 400 };
    if let Some(answer) = desk.ask("reading", &form, |answer| Ok(answer.clone())).await? {
        let read = reading::merge(context, &answer, request);
        desk.note(read, 0, 0);
    }
    Ok(next(shared(given, Some(desk.close()))))
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
