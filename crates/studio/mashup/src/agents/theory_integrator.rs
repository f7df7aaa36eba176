//! What the notes are, and the lesson that follows from them.

use eduai_compose::model::Piece;
use eduai_genre::GenreBook;
use eduai_kernel::Language;
use eduai_music::analysis::{Analysis, analyse};
use eduai_pedagogy::EducationalContext;
use eduai_pedagogy::model::{Claim, CulturalContext, Material};
use eduai_pedagogy::quality::age_appropriateness;
use eduai_workflow::{Cx, NodeError, Outcome};
use futures_util::future::try_join_all;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Answer, Studio, computed, educational_context, missing, next, shared};
use crate::graph::{Draft, Given, Made};
use crate::models::desk::{Came, Desk, Form};
use crate::models::screen::Screen;
use crate::models::{prompt, wording};

/// Runs the agent. A model may say in other words how a claim is heard, never make one.
pub async fn run(studio: Arc<Studio>, cx: Cx, draft: Arc<Draft>) -> Result<Outcome<Given>, NodeError> {
    let mut given = computed(&studio, "theory_integrator", draft.clone(), work).await?;
    let Some(desk) = Desk::open(&studio, &cx, &draft, &prompt::WORDING).await else { return Ok(next(given)) };
    let context =
        draft.context.clone().unwrap_or_else(|| educational_context::context(&draft.order.request, studio.book));
    if let Made::Theory { material, .. } = &mut given.made {
        let screen = Screen::new(&draft.order.request.user_prompt, context.language);
        let asked = material.claims.chunks(wording::AT_ONCE).map(|claims| hints(&desk, claims, &context, &screen));
        let found: Vec<(BTreeMap<String, String>, u32)> = try_join_all(asked).await?;
        let replaced: u32 = found.iter().map(|(_, refused)| refused).sum();
        let taken: BTreeMap<String, String> = found.into_iter().flat_map(|(taken, _)| taken).collect();
        let used = word(material, &taken, &context);
        desk.note(used, 0, replaced + taken.len() as u32 - used);
    }
    Ok(next(shared(given, Some(desk.close()))))
}

/// The hints for some claims, by their id, and how many were refused.
async fn hints(
    desk: &Desk<'_>,
    claims: &[Claim],
    context: &EducationalContext,
    screen: &Screen,
) -> Result<(BTreeMap<String, String>, u32), NodeError> {
    let language = context.language;
    let values = vec![
        ("grade", context.grade.to_string()),
        ("setting", context.setting.as_str().to_owned()),
        ("claims", wording::described(claims, language)),
    ];
    let form = Form { values, schema: wording::schema(claims), max_tokens: 120 * claims.len() as u32 };
    let name = format!("wording {}", claims.first().map_or("", |claim| claim.id.as_str()));
    let mut taken = BTreeMap::new();
    let mut faults: Vec<String> = Vec::new();
    for _ in 0..2 {
        match desk.once(&name, &form, &faults).await? {
            Came::Nothing => break,
            Came::Wrong(found) => faults = found,
            Came::Value(answer) => {
                let (more, found) = wording::judge(&answer, claims, screen, language);
                // What was taken stays: only what was refused is worded anew.
                for (id, text) in more {
                    taken.entry(id).or_insert(text);
                }
                faults = found;
            }
        }
        if faults.is_empty() {
            break;
        }
    }
    let refused = faults.len() as u32;
    Ok((taken, refused))
}

/// Puts the hints into the material, unless it would be harder to read for them; how many there are.
fn word(material: &mut Material, hints: &BTreeMap<String, String>, context: &EducationalContext) -> u32 {
    let fit = |material: &Material| age_appropriateness(material, &[], context).value;
    let mut worded = material.clone();
    let mut used = 0;
    for claim in &mut worded.claims {
        if let Some(hint) = hints.get(&claim.id) {
            match context.language {
                Language::En => claim.listen_for.en.clone_from(hint),
                Language::Es => claim.listen_for.es.clone_from(hint),
            }
            used += 1;
        }
    }
    if fit(&worded) < fit(material) {
        return 0;
    }
    *material = worded;
    used
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
