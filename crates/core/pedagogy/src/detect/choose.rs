//! Which of the confirmed statements a lesson gets: fit for its level, many-sided, both genres heard.

use super::{Draft, Scene, concept};
use crate::concepts;
use crate::model::Claim;
use eduai_genre::GenreId;
use eduai_kernel::{SkillLevel, Text};
use std::collections::BTreeMap;

/// What every lesson on a song is glad to have.
const CORE: [&str; 8] = ["hook", "key", "loop", "progression", "form", "rhyme_scheme", "meter", "syncopation"];

/// Whether a genre of the piece is known for this concept.
pub(crate) fn is_typical(scene: &Scene<'_>, concept: &str) -> bool {
    scene.piece.plan.brief.genres.iter().flat_map(concepts::of_genre).any(|c| c.0 == concept)
}

/// At most so many claims; at least eight where the notes give them.
const MOST: usize = 18;
const LEAST: usize = 8;

/// How many statements of a concept's level a lesson of some level takes at most: (beginner, intermediate, advanced).
fn quota(level: SkillLevel) -> [usize; 3] {
    match level {
        SkillLevel::Beginner => [14, 4, 0],
        SkillLevel::Intermediate => [8, 10, 3],
        SkillLevel::Advanced => [6, 9, 9],
    }
}

/// What a step away from the level costs: more than any genre's favourite is worth, so that a backbeat never stands in
/// the way of what the advanced came for, nor a favourite of the advanced in the way of beginners.
const STEP: i64 = 5;

/// What it is worth at the learners' own level that a genre of the piece is known for it: more than any crowd costs.
const FAVOURITE: i64 = 40;

struct Candidate {
    draft: Draft,
    level: SkillLevel,
    strand: String,
    genre: Option<GenreId>,
}

/// Chooses, orders by where the statement is heard, and numbers.
pub(super) fn choose(scene: &Scene<'_>, drafts: Vec<Draft>) -> Vec<Claim> {
    let mut candidates: Vec<Candidate> = Vec::new();
    for draft in drafts {
        let Some(entry) = concepts::find(draft.concept) else { continue };
        if candidates.iter().filter(|c| c.draft.concept == draft.concept).count()
            > usize::from(draft.concept.ends_with("cadence"))
        {
            continue;
        }
        let genre = scene.genre(&draft.evidence);
        candidates.push(Candidate { level: entry.level, strand: entry.strand.clone(), genre, draft });
    }
    let level = scene.piece.plan.brief.level;
    let mut left = quota(level);
    let mut taken: Vec<Candidate> = Vec::new();
    while taken.len() < MOST {
        let fits = |c: &Candidate| left[c.level as usize] > 0;
        let Some(best) = best(scene, &candidates, &taken, level, fits) else { break };
        let chosen = candidates.remove(best);
        left[chosen.level as usize] -= 1;
        taken.push(chosen);
    }
    // A sparse piece may not fill its level: better a harder true statement than too few.
    while taken.len() < LEAST {
        let Some(best) = best(scene, &candidates, &taken, level, |_| true) else { break };
        taken.push(candidates.remove(best));
    }
    taken.sort_by_key(|c| (c.draft.evidence.from, c.level, c.draft.evidence.to));
    taken.into_iter().enumerate().map(|(i, c)| claim(scene, i, c.draft)).collect()
}

/// The candidate that adds most: a side of music or a genre that is not yet there, then nearness to the level.
fn best(
    scene: &Scene<'_>,
    candidates: &[Candidate],
    taken: &[Candidate],
    level: SkillLevel,
    fits: impl Fn(&Candidate) -> bool,
) -> Option<usize> {
    let mut strands: BTreeMap<&str, i64> = BTreeMap::new();
    let mut genres: BTreeMap<&GenreId, i64> = BTreeMap::new();
    for c in taken {
        *strands.entry(c.strand.as_str()).or_default() += 1;
        if let Some(genre) = &c.genre {
            *genres.entry(genre).or_default() += 1;
        }
    }
    let score = |c: &Candidate| {
        let crowd = strands.get(c.strand.as_str()).copied().unwrap_or(0);
        let genre = c.genre.as_ref().map_or(3, |g| genres.get(g).copied().unwrap_or(0));
        let distance = (c.level as i64 - level as i64).abs();
        // What a genre is known for, at the learners' own level, is never crowded out.
        let known = if distance == 0 { FAVOURITE } else { 4 };
        let telling =
            known * i64::from(is_typical(scene, c.draft.concept)) + 3 * i64::from(CORE.contains(&c.draft.concept));
        telling - (2 * crowd + genre + STEP * distance)
    };
    candidates
        .iter()
        .enumerate()
        .filter(|(_, c)| fits(c))
        .max_by_key(|(i, c)| (score(c), std::cmp::Reverse(*i)))
        .map(|(i, _)| i)
}

/// The statement with its number and its genre.
pub(super) fn claim(scene: &Scene<'_>, index: usize, draft: Draft) -> Claim {
    Claim {
        id: format!("claim-{}", index + 1),
        concept: concept(draft.concept),
        text: tidy(draft.text),
        listen_for: tidy(draft.listen_for),
        genre: scene.genre(&draft.evidence),
        fact: draft.fact,
        evidence: draft.evidence,
    }
}

/// Spanish contracts "de el" and "a el"; sentences that were put together from pieces must too.
pub(crate) fn tidy(text: Text) -> Text {
    Text { en: text.en, es: text.es.replace(" de el ", " del ").replace(" a el ", " al ") }
}
