//! Short, singable ideas to choose from.

use eduai_compose::model::{Hook, Plan};
use eduai_genre::GenreBook;
use eduai_prosody::Line;
use eduai_workflow::{Cx, NodeError, Outcome};
use std::sync::Arc;

use super::{Answer, Studio, computed, missing, next, shared};
use crate::graph::{Draft, Given, Made};
use crate::models::desk::{Desk, Form};
use crate::models::screen::Screen;
use crate::models::{hooks, prompt};

/// Runs the agent. A model's words are set to motifs beside the program's own; they stay where the best hook is no
/// harder to sing for them.
pub async fn run(studio: Arc<Studio>, cx: Cx, draft: Arc<Draft>) -> Result<Outcome<Given>, NodeError> {
    let plan = draft.plan.as_ref().ok_or_else(|| missing("plan"))?;
    let desk =
        if plan.brief.borrowed.is_empty() { Desk::open(&studio, &cx, &draft, &prompt::HOOKS).await } else { None };
    let Some(desk) = desk else {
        let kept = draft.order.words.as_ref().map(|words| words.hook.clone());
        let again = move |draft: &Draft, book| match kept {
            Some(hook) => once_more(draft, &hook, book),
            None => work(draft, book),
        };
        return Ok(next(computed(&studio, "hook_generator", draft, again).await?));
    };
    let (language, request) = (plan.brief.language, &draft.order.request.user_prompt);
    let screen = Screen::new(request, language);
    let names: Vec<&str> =
        plan.brief.genres.iter().filter_map(|id| studio.book.get(id)).map(|p| p.name.get(language)).collect();
    let theme = eduai_prosody::themes(language).into_iter().find(|t| t.id == plan.theme);
    let values = vec![
        ("request", screen.shown(request)),
        ("theme", theme.map_or_else(String::new, |t| t.name.get(language).to_owned())),
        ("genres", names.join(", ")),
        ("grade", plan.brief.grade.to_string()),
        ("low", hooks::SYLLABLES.0.to_string()),
        ("high", hooks::SYLLABLES.1.to_string()),
        ("count", hooks::WANTED.to_string()),
    ];
    let form = Form { values, schema: hooks::schema(), max_tokens: 400 };
    let lines = desk.ask("hooks", &form, |answer| hooks::judge(answer, &screen, language)).await?.unwrap_or_default();
    let words: Vec<String> = lines.iter().map(Line::text).collect();
    let given =
        computed(&studio, "hook_generator", draft.clone(), move |draft, book| with(draft, &lines, book)).await?;
    let Made::Hooks { hooks, .. } = &given.made else { return Err(missing("hooks")) };
    let used = words.iter().filter(|text| hooks.iter().any(|hook| hook.text == **text)).count() as u32;
    desk.note(used, 0, words.len() as u32 - used);
    Ok(next(shared(given, Some(desk.close()))))
}

/// The hooks of a remix: the one that the piece had, and others to choose from.
fn once_more(draft: &Draft, hook: &str, book: &'static GenreBook) -> Answer {
    let plan = draft.plan.as_ref().ok_or_else(|| missing("plan"))?;
    let first = eduai_prosody::scan(hook, plan.brief.language);
    let lines: Vec<Line> = std::iter::once(first).chain(eduai_compose::hook_words(plan, book)).collect();
    let hooks = eduai_compose::hooks_from(plan, &lines, book);
    match hooks.iter().position(|found| found.text == hook) {
        Some(chosen) => Ok((Made::Hooks { hooks, chosen }, Vec::new())),
        None => work(draft, book),
    }
}

/// Hooks of these lines and the program's own, if the best of them is sung as easily as the best of the program's own.
fn with(draft: &Draft, lines: &[Line], book: &'static GenreBook) -> Answer {
    let plan = draft.plan.as_ref().ok_or_else(|| missing("plan"))?;
    let (own, best) = hooks_of(plan, book)?;
    if !lines.is_empty() {
        let all: Vec<Line> = lines.iter().cloned().chain(eduai_compose::hook_words(plan, book)).collect();
        let hooks = eduai_compose::hooks_from(plan, &all, book);
        let chosen = most_singable(&hooks).filter(|chosen| hooks[*chosen].singability >= own[best].singability);
        if let Some(chosen) = chosen.filter(|_| hooks.len() >= own.len().min(3)) {
            return Ok((Made::Hooks { hooks, chosen }, Vec::new()));
        }
    }
    Ok((Made::Hooks { hooks: own, chosen: best }, Vec::new()))
}

fn work(draft: &Draft, book: &'static GenreBook) -> Answer {
    let plan = draft.plan.as_ref().ok_or_else(|| missing("plan"))?;
    let (hooks, chosen) = hooks_of(plan, book)?;
    Ok((Made::Hooks { hooks, chosen }, Vec::new()))
}

/// The program's own hooks, and which of them is used.
pub fn hooks_of(plan: &Plan, book: &GenreBook) -> Result<(Vec<Hook>, usize), NodeError> {
    let hooks = eduai_compose::hooks(plan, book);
    let chosen = most_singable(&hooks).ok_or_else(|| missing("hook"))?;
    Ok((hooks, chosen))
}

/// The most singable one; the first of equals, so that the choice does not depend on anything else.
fn most_singable(hooks: &[Hook]) -> Option<usize> {
    (0..hooks.len()).rev().max_by(|a, b| hooks[*a].singability.total_cmp(&hooks[*b].singability))
}
