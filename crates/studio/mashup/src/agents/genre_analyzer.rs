//! Which genres are mashed up (those that were asked for, else those that the sentence names, else a pair that fits),
//! and the plan of the piece.

use eduai_compose::model::{Brief, Plan};
use eduai_genre::{Dimension, GenreBook, GenreId, compatibility};
use eduai_kernel::{Random, Text};
use eduai_workflow::{Cx, NodeError, Outcome};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Answer, Studio, computed, missing, next, shared};
use crate::graph::{Draft, Given, Made};
use crate::models::desk::{Desk, Form};
use crate::models::screen::Screen;
use crate::models::{genres, prompt};
use crate::request::{self, Request};
use crate::sentence::{self, Wishes};

/// Runs the agent. Where the sentence names too few genres, a model may propose some for what it says.
pub async fn run(studio: Arc<Studio>, cx: Cx, draft: Arc<Draft>) -> Result<Outcome<Given>, NodeError> {
    let request = &draft.order.request;
    let named = named(request, studio.book);
    let screen = Screen::new(&request.user_prompt, draft.language());
    let open = request.genres.is_none() && named.len() < 2 && draft.order.borrowed.is_empty() && !screen.talks();
    let desk = if open { Desk::open(&studio, &cx, &draft, &prompt::GENRES).await } else { None };
    let Some(desk) = desk else {
        return Ok(next(computed(&studio, "genre_analyzer", draft, work).await?));
    };
    let language = draft.language();
    let list = |ids: Vec<String>| if ids.is_empty() { "-".to_owned() } else { ids.join(", ") };
    let genres = studio.book.profiles().iter().map(|p| format!("{} ({})", p.id, p.name.get(language))).collect();
    let values = vec![
        ("request", screen.shown(&request.user_prompt)),
        ("named", list(named.iter().map(|id| id.0.clone()).collect())),
        ("genres", list(genres)),
        ("dimensions", list(Dimension::ALL.iter().map(|d| d.as_str().to_owned()).collect())),
    ];
    let form = Form { values, schema: genres::schema(studio.book), max_tokens: 400 };
    let judge = |answer: &Value| genres::judge(answer, &named, &request.user_prompt, studio.book);
    let proposal = desk.ask("genres", &form, judge).await?;
    let proposed = proposal.is_some();
    let given = computed(&studio, "genre_analyzer", draft.clone(), move |draft, book| {
        // What the profiles cannot carry is refused as a whole.
        let plan = proposal.and_then(|proposal| plan_of(draft, Some(&proposal), book).ok());
        match plan {
            Some((plan, warnings)) => Ok((Made::Plan(Box::new(plan)), warnings)),
            None => work(draft, book),
        }
    });
    let given = given.await?;
    let taken = proposed && matches!(&given.made, Made::Plan(plan) if plan_differs(&draft, plan, studio.book));
    desk.note(u32::from(taken), 0, u32::from(proposed && !taken));
    Ok(next(shared(given, Some(desk.close()))))
}

/// Whether the genres or their roles are others than the program would have chosen.
fn plan_differs(draft: &Draft, plan: &Plan, book: &GenreBook) -> bool {
    let (genres, _) = choose(&draft.order.request, book, &Random::from_seed(seed(draft)));
    plan.brief.genres != genres || plan.brief.blend != draft.order.request.blend.clone().unwrap_or_default()
}

/// The genres that the request names: in its sentence, or as leaders.
fn named(request: &Request, book: &GenreBook) -> Vec<GenreId> {
    let mut genres = book.mentioned_in(&request.user_prompt);
    for id in request.blend.iter().flat_map(|blend| blend.values()) {
        if !genres.contains(id) {
            genres.push(id.clone());
        }
    }
    genres
}

fn work(draft: &Draft, book: &'static GenreBook) -> Answer {
    let (plan, warnings) = plan_of(draft, None, book)?;
    Ok((Made::Plan(Box::new(plan)), warnings))
}

/// What a model proposes, checked.
#[derive(Clone, Debug, PartialEq)]
pub struct Proposal {
    /// The genres, those that were named first.
    pub genres: Vec<GenreId>,
    /// Who leads what, as far as it says.
    pub leads: BTreeMap<Dimension, GenreId>,
}

/// The plan, by what is proposed where something is. What the sentence wishes and the genres cannot do is left out, and
/// said.
pub fn plan_of(
    draft: &Draft,
    proposal: Option<&Proposal>,
    book: &'static GenreBook,
) -> Result<(Plan, Vec<Text>), NodeError> {
    let (mut wishes, _) = sentence::read(&draft.order.request.user_prompt);
    let (mut genres, mut warnings) = choose(&draft.order.request, book, &Random::from_seed(seed(draft)));
    if let Some(proposal) = proposal {
        genres.clone_from(&proposal.genres);
    }
    loop {
        let mut brief = brief(draft, genres.clone(), wishes)?;
        if let Some(proposal) = proposal.filter(|_| draft.order.request.blend.is_none()) {
            brief.blend.clone_from(&proposal.leads);
        }
        match eduai_compose::plan(&brief, book) {
            Ok(plan) => return Ok((plan, warnings)),
            Err(error) => {
                let given_up = give_up(&mut wishes, &error.field(), &draft.order.request);
                warnings.push(given_up.ok_or_else(|| NodeError::fatal(error.to_string()))?);
            }
        }
    }
}

fn seed(draft: &Draft) -> u64 {
    draft.order.request.seed.unwrap_or_default()
}

/// Drops the wish of the sentence that is at fault; none when the fault is a field of the request's own.
fn give_up(wishes: &mut Wishes, field: &str, request: &Request) -> Option<Text> {
    let (en, es) = match field {
        "key" if request.key.is_none() => (wishes.key.take()?.to_string(), "la tonalidad"),
        "meter" if request.meter.is_none() => (wishes.meter.take()?.to_string(), "el compás"),
        "tempo_bpm" if request.tempo_bpm.is_none() => (format!("{} bpm", wishes.tempo_bpm.take()?), "el tempo"),
        "duration_bars" if request.duration_bars.is_none() => (format!("{} bars", wishes.bars.take()?), "la duración"),
        _ => return None,
    };
    Some(Text::new(
        format!("These genres cannot be played in {en}, so the piece is not."),
        format!("Estos géneros no admiten {es} que pide la frase, así que la pieza no la sigue."),
    ))
}

/// What the composer is asked for: the fields of the request, and what they leave open by the sentence.
fn brief(draft: &Draft, genres: Vec<GenreId>, wishes: Wishes) -> Result<Brief, NodeError> {
    let request = &draft.order.request;
    let context = draft.context.as_ref().ok_or_else(|| missing("educational context"))?;
    Ok(Brief {
        genres,
        blend: request.blend.clone().unwrap_or_default(),
        level: context.level,
        language: context.language,
        grade: context.grade,
        theme_words: context.theme_words.clone(),
        key: request.key.as_deref().and_then(|k| k.parse().ok()).or(wishes.key),
        tempo_bpm: request.tempo_bpm.or(wishes.tempo_bpm),
        meter: request.meter.as_deref().and_then(|m| request::parse_meter(m).ok()).or(wishes.meter),
        bars: request.duration_bars.or(wishes.bars),
        seed: seed(draft),
        improve: draft.improve.clone(),
        round: draft.round,
        borrowed: draft.order.borrowed.clone(),
    })
}

/// The genres of a piece, the leading one first, and what the reader should know of how they were chosen.
pub fn choose(request: &Request, book: &GenreBook, random: &Random) -> (Vec<GenreId>, Vec<Text>) {
    if let Some(asked) = &request.genres {
        return (asked.clone(), Vec::new());
    }
    let mut genres = named(request, book);
    let mut notes: Vec<Text> = book.unknown_in(&request.user_prompt).iter().map(not_yet).collect();
    if genres.len() > 4 {
        genres.truncate(4);
        notes.push(Text::new(
            "A mashup has at most four genres: the first four that you named are in it.",
            "Un mashup tiene como máximo cuatro géneros: están los cuatro primeros que nombraste.",
        ));
    }
    let named = genres.len();
    let mut random = random.fork("genres");
    while genres.len() < 2 {
        let Some(id) = partner(&genres, book, &mut random) else { break };
        genres.push(id);
    }
    match named {
        // A genre that we do not have was named: that is said already.
        0 if !notes.is_empty() => {}
        0 => notes.push(Text::new(
            "The sentence names no genre that we know, so two that go well together were chosen.",
            "La frase no nombra ningún género conocido, así que se eligieron dos que combinan bien.",
        )),
        1 if !notes.is_empty() => notes.push(Text::new(
            "A second genre that goes well with the one that is there was chosen.",
            "Se eligió un segundo género que combina bien con el que sí está.",
        )),
        1 => notes.push(Text::new(
            "The sentence names one genre, so a second one that goes well with it was chosen.",
            "La frase nombra un solo género, así que se eligió otro que combina bien con él.",
        )),
        _ => {}
    }
    (genres, notes)
}

fn not_yet(genre: &Text) -> Text {
    Text::new(
        format!("{} is not among the genres yet, so the piece is made of those that are.", genre.en),
        format!("{} no está todavía entre los géneros, así que la pieza se hace con los que hay.", genre.es),
    )
}

/// A genre that goes with those that are there; the better it fits, the likelier it is.
fn partner(genres: &[GenreId], book: &GenreBook, random: &mut Random) -> Option<GenreId> {
    let others: Vec<_> = book.profiles().iter().filter(|p| !genres.contains(&p.id)).collect();
    let first = genres.first().and_then(|id| book.get(id));
    random.pick_weighted(&others, |p| first.map_or(1.0, |f| compatibility(f, p).overall.powi(3))).map(|p| p.id.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(prompt: &str, seed: u64) -> (Vec<String>, usize) {
        let request = Request { user_prompt: prompt.into(), ..Request::default() };
        let (genres, notes) = choose(&request, GenreBook::built_in().unwrap(), &Random::from_seed(seed));
        (genres.into_iter().map(|g| g.0).collect(), notes.len())
    }

    #[test]
    fn what_the_sentence_names_is_taken() {
        assert_eq!(chosen("jazz and hip-hop for ninth graders, 45 minutes", 1).0, ["jazz_swing", "hip_hop_boom_bap"]);
        assert_eq!(
            chosen("country con música clásica para 2º de ESO", 1),
            (vec!["country".into(), "classical".into()], 0)
        );
    }

    #[test]
    fn what_is_missing_is_added_and_said() {
        for seed in 0..50 {
            let (genres, notes) = chosen("blues for my class, please", seed);
            assert_eq!((genres[0].as_str(), genres.len(), notes), ("blues", 2, 1));
            assert_ne!(genres[1], "blues");
            assert_eq!(chosen("something about the sea", seed).0.len(), 2);
            let (genres, notes) = chosen("flamenco, rock and blues", seed);
            assert_eq!((genres.len(), notes), (2, 1));
            assert_eq!(chosen("flamenco and salsa", seed).1, 2);
        }
    }

    #[test]
    fn a_sentence_with_a_genre_that_is_missing_is_not_said_to_name_one() {
        let request = Request { user_prompt: "flamenco and jazz by the sea".into(), ..Request::default() };
        let (genres, notes) = choose(&request, GenreBook::built_in().unwrap(), &Random::from_seed(1));
        assert_eq!((genres.len(), notes.len()), (2, 2));
        assert!(notes[0].en.starts_with("Flamenco is not among the genres yet"), "{notes:?}");
        assert!(notes[1].en.starts_with("A second genre"), "{notes:?}");
    }
}
