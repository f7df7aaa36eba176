//! Whether a genre can be told from the notes: its drums, its chords, its notes, measured on the finished score.
//!
//! This measures adherence to the profiles, which is not what a listener hears. `--no-capture` prints the figures.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use eduai_compose::check::groove_correlation;
use eduai_compose::{Brief, Piece, compose};
use eduai_genre::{Dimension, DrumSound, Feel, GenreBook, GenreId, Profile};
use eduai_kernel::{Language, SkillLevel};
use eduai_music::score::Instrument;
use std::collections::{BTreeMap, BTreeSet};

fn book() -> &'static GenreBook {
    GenreBook::built_in().unwrap()
}

fn brief(genres: &[&GenreId], seed: u64) -> Brief {
    let genres = genres.iter().map(|g| (*g).clone()).collect();
    Brief::new(genres, SkillLevel::ALL[seed as usize % 3], Language::En, 9, seed)
}

fn piece(genres: &[&GenreId], seed: u64) -> Piece {
    compose(&brief(genres, seed), book()).unwrap()
}

/// The best correlation of the drums of a piece with a pattern of a genre, among patterns in the meter of the piece.
fn groove(piece: &Piece, genre: &Profile) -> Option<f64> {
    let fitting = genre.groove.iter().filter(|g| g.meter == piece.plan.meter);
    fitting.filter_map(|g| groove_correlation(&piece.score, g)).max_by(f64::total_cmp)
}

/// Genres whose drums rest on the same foundation: a struck backbeat, a kick on every beat, or neither.
fn related(a: &Profile, b: &Profile) -> bool {
    let on = |p: &Profile, sounds: &[DrumSound], steps: &[usize]| {
        p.groove.iter().any(|g| {
            let holds = |s: &DrumSound| {
                g.levels.main.get(s).is_some_and(|grid| steps.iter().all(|i| matches!(grid.at(*i), b'x' | b'X')))
            };
            sounds.iter().any(holds)
        })
    };
    let backbeat = |p| on(p, &[DrumSound::Snare, DrumSound::Clap], &[4, 12]);
    backbeat(a) && backbeat(b)
}

#[test]
fn drums_follow_their_own_genre_and_no_unrelated_one() {
    let drummed: Vec<&Profile> = book().profiles().iter().filter(|p| !p.groove.is_empty()).collect();
    let mut confused = Vec::new();
    println!("{:<18} {}", "", drummed.iter().map(|p| format!("{:>9.8}", p.id.as_str())).collect::<Vec<_>>().concat());
    for own in &drummed {
        let mut row = vec![Vec::new(); drummed.len()];
        for seed in 0..6 {
            let piece = piece(&[&own.id], 500 + seed);
            for (found, other) in row.iter_mut().zip(&drummed) {
                found.extend(groove(&piece, other));
            }
        }
        let means: Vec<f64> = row.iter().map(|r| r.iter().sum::<f64>() / r.len().max(1) as f64).collect();
        println!("{:<18} {}", own.id.as_str(), means.iter().map(|m| format!("{m:>9.2}")).collect::<Vec<_>>().concat());
        let at_home = drummed.iter().position(|p| p.id == own.id).unwrap();
        assert!(means[at_home] >= 0.8, "{}: {}", own.id, means[at_home]);
        for (other, mean) in drummed.iter().zip(&means).filter(|(o, _)| o.id != own.id) {
            assert!(*mean < means[at_home], "the drums of {} sound more like {}", own.id, other.id);
            if !related(own, other) && *mean > 0.6 {
                confused.push(format!("{} as {}: {mean:.2}", own.id, other.id));
            }
        }
    }
    assert_eq!(confused, Vec::<String>::new());
}

/// The entropy of the pitch classes of all pitched notes, weighted by their length, in bits: 0 to 3.58.
fn entropy(piece: &Piece) -> f64 {
    let mut weight = [0.0; 12];
    for part in piece.score.parts.iter().filter(|p| p.instrument != Instrument::Drums) {
        for note in part.notes() {
            for pitch in note.pitches() {
                weight[pitch.midi().rem_euclid(12) as usize] += note.duration.as_f64();
            }
        }
    }
    let total: f64 = weight.iter().sum();
    -weight.iter().filter(|w| **w > 0.0).map(|w| w / total * (w / total).log2()).sum::<f64>()
}

#[test]
fn pitch_classes_are_as_many_as_tonal_music_uses() {
    // Chorales of Bach lie between 2.0 and 3.2 bits, seven equal notes at 2.8, all twelve at 3.58: tonal music in any of
    // these genres stays well below the last and does not sink to a chord or two.
    for genre in book().ids() {
        let found: Vec<f64> = (0..12).map(|seed| entropy(&piece(&[&genre], 700 + seed))).collect();
        let mean = found.iter().sum::<f64>() / found.len() as f64;
        let (low, high) = found.iter().fold((9.0_f64, 0.0_f64), |(l, h), e| (l.min(*e), h.max(*e)));
        println!("{:<18} {mean:.2} bits, {low:.2} to {high:.2}", genre.as_str());
        let inside = found.iter().filter(|e| (2.0..=3.3).contains(*e)).count();
        assert!(inside * 10 >= found.len() * 9, "{genre}: {found:?}");
    }
}

/// Traits by which a genre leading a dimension shows in the score, each from the notes and not from the plan.
fn shows(piece: &Piece, dimension: Dimension, genre: &Profile) -> Option<bool> {
    let part = |id: &str| piece.score.part(id);
    let program = |id: &str| match part(id)?.instrument {
        Instrument::Pitched(program) => Some(program),
        Instrument::Drums => None,
    };
    let owns = |id: &str| program(id).map(|p| genre.instrument.iter().any(|i| i.program == p));
    match dimension {
        Dimension::Groove if genre.groove.is_empty() => Some(part("drums").is_none()),
        Dimension::Groove => {
            let swung = piece.score.swing.is_some();
            Some(groove(piece, genre)? >= 0.6 && swung == (genre.feel != Feel::Straight))
        }
        Dimension::Bass => owns("bass"),
        Dimension::Instrumentation => Some(["lead", "keys", "pad"].iter().filter_map(|id| owns(id)).any(|o| o)),
        Dimension::Harmony => {
            // Roots of a progression of the genre, in order, somewhere in the piece.
            let roots: Vec<i32> = piece
                .score
                .chords
                .iter()
                .map(|c| (c.chord.root.class() - piece.plan.key.tonic.class()).rem_euclid(12))
                .collect();
            let found = genre.harmony.progression.iter().any(|p| {
                let wanted: Vec<i32> = p
                    .numerals
                    .split(['|', ' '])
                    .filter_map(|n| n.parse::<eduai_music::Roman>().ok())
                    .map(|r| (r.chord(piece.plan.key).root.class() - piece.plan.key.tonic.class()).rem_euclid(12))
                    .take(4)
                    .collect();
                wanted.len() >= 2 && roots.windows(wanted.len()).any(|w| w == wanted)
            });
            Some(found)
        }
        _ => None,
    }
}

#[test]
fn both_genres_of_a_pair_show() {
    let ids = book().ids();
    let (mut both, mut pairs) = (0, 0);
    let mut by: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let (mut right, mut wrong) = ((0, 0), (0, 0));
    for (i, a) in ids.iter().enumerate() {
        for b in &ids[i + 1..] {
            let piece = piece(&[a, b], (i * 31) as u64 + 900);
            let mut seen = BTreeSet::new();
            for choice in &piece.plan.blend.0 {
                let leads = book().get(&choice.genre).unwrap();
                let other = book().get(if choice.genre == *a { b } else { a }).unwrap();
                let Some(shown) = shows(&piece, choice.dimension, leads) else { continue };
                let row = by.entry(choice.dimension.as_str()).or_default();
                row.0 += usize::from(shown);
                row.1 += 1;
                right.0 += usize::from(shown);
                right.1 += 1;
                // The control: the genre that does not lead the dimension should show in it less often.
                if choice.colour.is_none()
                    && let Some(shown) = shows(&piece, choice.dimension, other)
                {
                    wrong.0 += usize::from(shown);
                    wrong.1 += 1;
                }
                if shown {
                    seen.insert(choice.genre.clone());
                    seen.extend(choice.colour.clone());
                }
            }
            pairs += 1;
            both += usize::from(seen.len() == 2);
        }
    }
    let share = |(n, of): (usize, usize)| n as f64 / of.max(1) as f64;
    for (dimension, row) in &by {
        println!("{dimension:<18} shows in {} of {}", row.0, row.1);
    }
    println!("both genres show in {both} of {pairs} pairs; leaders {:.2}, control {:.2}", share(right), share(wrong));
    assert!(both * 10 >= pairs * 9, "{both} of {pairs}");
    assert!(share(right) >= 0.9 && share(wrong) <= 0.5 * share(right), "{} {}", share(right), share(wrong));
}
