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

/// Runs the agent.
pub async fn run(studio: Arc<Studio>, _: Cx, draft: Arc<Draft>) -> Result<Outcome<Given>, NodeError> {
    Ok(next(computed(&studio, "genre_analyzer", draft, work).await?))
}

fn work(draft: &Draft, book: &'static GenreBook) -> Answer {
    let (brief, warnings) = brief(draft, book)?;
    let plan = eduai_compose::plan(&brief, book).map_err(|e| NodeError::fatal(e.to_string()))?;
    Ok((Made::Plan(Box::new(plan)), warnings))
}

/// What the composer is asked for.
fn brief(draft: &Draft, book: &GenreBook) -> Result<(Brief, Vec<Text>), NodeError> {
    let request = &draft.order.request;
    let context = draft.context.as_ref().ok_or_else(|| missing("educational context"))?;
    let seed = request.seed.unwrap_or_default();
    let (genres, warnings) = choose(request, book, &Random::from_seed(seed));
    let brief = Brief {
        genres,
        blend: request.blend.clone().unwrap_or_default(),
        level: context.level,
        language: context.language,
        grade: context.grade,
        theme_words: context.theme_words.clone(),
        key: request.key.as_deref().and_then(|k| k.parse().ok()),
        tempo_bpm: request.tempo_bpm,
        meter: request.meter.as_deref().and_then(|m| request::parse_meter(m).ok()),
        bars: request.duration_bars,
        seed,
        improve: draft.improve.clone(),
        round: draft.round,
    };
    Ok((brief, warnings))
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
    let mut notes = Vec::new();
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
        }
    }
}
