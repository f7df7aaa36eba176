//! A claim about other notes is refuted.

use crate::pieces::city_lights;
use eduai_kernel::{Random, SkillLevel};
use eduai_music::analysis::analyse;
use eduai_music::score::{Part, Sound};
use eduai_music::{Pitch, PitchName, Score, Time};
use eduai_pedagogy::fact::Fact;
use eduai_pedagogy::model::{CulturalContext, Material};
use eduai_pedagogy::{RequestFacts, context, quality, teach, verify};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::sync::LazyLock;

static MADE: LazyLock<[(Material, Score); 3]> = LazyLock::new(|| SkillLevel::ALL.map(make));

fn material(level: SkillLevel) -> (Material, Score) {
    MADE[level as usize].clone()
}

fn make(level: SkillLevel) -> (Material, Score) {
    let piece = city_lights(level);
    let book = eduai_genre::GenreBook::built_in().unwrap();
    let cultures: Vec<CulturalContext> =
        piece.plan.brief.genres.iter().map(|g| CulturalContext::of(book.get(g).unwrap())).collect();
    let made = teach(&piece, &analyse(&piece.score), &cultures, &context(&RequestFacts::default()));
    (made, piece.score)
}

/// Every pitch moved into one narrow cluster (so that no chord arises by chance), every drum stroke given to another
/// drum, every note late by one of four amounts. What begins together in a part stays together: chords that come apart
/// fill every place of a bar, and bars that are full are alike.
pub fn scrambled(score: &Score, seed: u64) -> Score {
    let mut random = Random::from_seed(seed);
    let mut out = score.clone();
    out.parts.iter_mut().for_each(|part| scramble(part, &mut random));
    out
}

fn scramble(part: &mut Part, random: &mut Random) {
    let mut late = BTreeMap::new();
    for note in part.voices.iter_mut().flatten() {
        match &mut note.sound {
            Sound::Pitched(pitches) => {
                for pitch in pitches.iter_mut() {
                    *pitch = Pitch::from_midi(60 + random.below(3) as i32, PitchName::C);
                }
                pitches.sort();
                pitches.dedup();
            }
            Sound::Drums(keys) => *keys = vec![54],
        }
        note.onset += *late.entry(note.onset).or_insert_with(|| Time::new([1, 2, 3, 5][random.below(4)], 16));
    }
}

/// What is said of names, bars or the mere presence of notes stays true when pitches and onsets change a little.
fn speaks_of_notes(fact: &Fact) -> bool {
    !matches!(
        fact,
        Fact::Meter { .. }
            | Fact::Tempo { .. }
            | Fact::SectionOrder { .. }
            | Fact::Section { .. }
            | Fact::Syllabic { .. }
            | Fact::Rhyme { .. }
            | Fact::Texture { .. }
            | Fact::Entry { .. }
            | Fact::Denser { .. }
            | Fact::Onsets { .. }
            | Fact::Sounds { .. }
            // A syncopation that comes a little later is one still; it has a test of its own.
            | Fact::Syncopation { .. }
            // Few notes in a cluster keep a shape or a common tone by chance.
            | Fact::Shape { .. }
            | Fact::VoiceLeading { .. }
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    #[test]
    fn claims_about_scrambled_notes_are_refuted(seed: u64, level in 0_usize..3) {
        let (made, score) = material(SkillLevel::ALL[level]);
        let other = scrambled(&score, seed);
        let about: Vec<_> = made.claims.iter().filter(|c| speaks_of_notes(&c.fact)).collect();
        prop_assert!(about.len() >= 6);
        let surviving: Vec<_> = about.iter().filter(|c| verify(c, &other).is_ok()).map(|c| &c.text.en).collect();
        prop_assert!(surviving.is_empty(), "{surviving:?}");
        let accuracy = quality::theory_accuracy(&made, Some(&other)).0;
        prop_assert!(!accuracy.passes());
    }

    #[test]
    fn one_changed_note_of_the_walk_refutes_the_walk(index in 0_usize..32) {
        let (made, mut score) = material(SkillLevel::Intermediate);
        let walk = made.claims.iter().find(|c| matches!(c.fact, Fact::WalkingBass { .. })).unwrap();
        let id = &walk.evidence.notes[index % walk.evidence.notes.len()];
        let at: usize = id.rsplit('-').next().unwrap().parse().unwrap();
        let bass = score.parts.iter_mut().find(|p| p.id == "bass").unwrap();
        bass.voices[0][at].onset += Time::EIGHTH;
        prop_assert!(verify(walk, &score).is_err());
    }
}

#[test]
fn a_syncopation_put_on_the_beat_is_refuted() {
    let (made, mut score) = material(SkillLevel::Intermediate);
    let claim = made.claims.iter().find(|c| matches!(c.fact, Fact::Syncopation { .. })).unwrap();
    let at: usize = claim.evidence.notes[0].rsplit('-').next().unwrap().parse().unwrap();
    let voice = score.parts.iter_mut().find(|p| p.id == "voice").unwrap();
    voice.voices[0][at].onset += Time::EIGHTH;
    assert!(verify(claim, &score).is_err());
}

#[test]
fn a_claim_without_its_notes_is_refuted() {
    let (made, score) = material(SkillLevel::Intermediate);
    let mut empty = score.clone();
    empty.parts.iter_mut().for_each(|p| p.voices = vec![vec![]]);
    let structural = |f: &Fact| {
        matches!(f, Fact::Meter { .. } | Fact::Tempo { .. } | Fact::SectionOrder { .. } | Fact::Section { .. })
    };
    for claim in made.claims.iter().filter(|c| !structural(&c.fact)) {
        assert!(verify(claim, &empty).is_err(), "{}", claim.text.en);
    }
}
