//! Which of the true statements a lesson gets, by its level.

use crate::agreement::pieces;
use eduai_kernel::SkillLevel;
use eduai_music::analysis::analyse;
use eduai_pedagogy::model::Claim;
use eduai_pedagogy::{claims, concepts, found};
use std::collections::BTreeSet;

fn of_level(claims: &[Claim], level: SkillLevel) -> BTreeSet<&str> {
    let own = |c: &&Claim| concepts::find(&c.concept.0).is_some_and(|e| e.level == level);
    claims.iter().filter(own).map(|c| c.concept.0.as_str()).collect()
}

#[test]
fn beginners_get_what_their_genres_are_known_for_and_the_advanced_get_what_is_advanced() {
    let mut seen = [0_usize; 3];
    for piece in pieces() {
        let brief = &piece.plan.brief;
        let analysis = analyse(&piece.score);
        let (chosen, all) = (claims(&piece, &analysis), found(&piece, &analysis));
        let name = format!("{:?} {:?} {}", brief.genres, brief.level, brief.seed);
        let of = |level| (of_level(&chosen, level), of_level(&all, level));
        let (easy, easy_found) = of(SkillLevel::Beginner);
        let (hard, hard_found) = of(SkillLevel::Advanced);
        let typical = |id: &&&str| brief.genres.iter().flat_map(concepts::of_genre).any(|c| c.0 == **id);
        seen[brief.level as usize] += 1;
        match brief.level {
            SkillLevel::Beginner => {
                let crowded: Vec<_> = easy_found.iter().filter(typical).filter(|c| !easy.contains(**c)).collect();
                assert!(crowded.is_empty(), "{name}: {crowded:?} are crowded out of {easy:?}");
                assert!(hard.is_empty() && easy.len() >= 8, "{name}: {easy:?} and {hard:?}");
            }
            SkillLevel::Intermediate => assert!(easy.len() <= 8 && hard.len() <= 3, "{name}: {easy:?}, {hard:?}"),
            SkillLevel::Advanced => {
                let missing: Vec<_> = hard_found.difference(&hard).collect();
                assert!(missing.is_empty() || hard.len() >= 6, "{name}: {missing:?} make way for {easy:?}");
                assert!(easy.len() <= 6, "{name}: {easy:?}");
            }
        }
    }
    assert!(seen.iter().all(|n| *n >= 15), "{seen:?}");
}
