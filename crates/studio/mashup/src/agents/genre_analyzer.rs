//! Which genres are mashed up (those that were asked for, else those that the sentence names, else a pair that fits),
//! and the plan of the piece.

use eduai_compose::model::Brief;
use eduai_genre::{GenreBook, GenreId, compatibility};
use eduai_kernel::{Random, Text};
use eduai_workflow::{Cx, NodeError, Outcome};
use std::sync::Arc;

use super::{Answer, Studio, computed, missing, next};
use crate::graph::{Draft, Given, Made};
use crate::request::{self, Request};
use crate::sentence::{self, Wishes};

/// Runs the agent.
pub async fn run(studio: Arc<Studio>, _: Cx, draft: Arc<Draft>) -> Result<Outcome<Given>, NodeError> {
    Ok(next(computed(&studio, "genre_analyzer", draft, work).await?))
}

/// The plan. What the sentence wishes and the genres cannot do is left out, and said.
fn work(draft: &Draft, book: &'static GenreBook) -> Answer {
    let (mut wishes, _) = sentence::read(&draft.order.request.user_prompt);
    let (genres, mut warnings) = choose(&draft.order.request, book, &Random::from_seed(seed(draft)));
    loop {
        let brief = brief(draft, genres.clone(), wishes)?;
        match eduai_compose::plan(&brief, book) {
            Ok(plan) => return Ok((Made::Plan(Box::new(plan)), warnings)),
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
    let mut genres = book.mentioned_in(&request.user_prompt);
    for id in request.blend.iter().flat_map(|blend| blend.values()) {
        if !genres.contains(id) {
            genres.push(id.clone());
        }
    }
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
}
