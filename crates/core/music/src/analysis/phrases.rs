//! Phrases of a melody, and the shape of each.
//!
//! Where one ends is found as by Temperley 2001 (*The Cognition of Basic Musical Structures*, chapter 3, "Grouper"): at
//! long notes and rests, after about eight notes, at the same place of the bar as before. The best division of the whole
//! melody is the one whose boundaries cost least together. The weights were chosen on the fermatas of seven chorales of
//! Bach, where the boundaries found and the fermatas agree by an F-measure of 0.84 (47 of 54 found, 11 more); other music
//! has not been measured.

use super::events::Event;
use crate::Time;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A phrase of the melody.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Phrase {
    /// When its first note begins.
    pub onset: Time,
    /// From there to the end of its last note.
    pub duration: Time,
    /// How many notes it has.
    pub notes: usize,
    /// The shape of its line.
    pub contour: Contour,
}

/// The shape of a line, by its first, highest, lowest and last note (Adams 1976, "Melodic Contour Typology").
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names are the field's own")]
pub enum Contour {
    Rising,
    Falling,
    Arch,
    Valley,
    Wave,
    Level,
}

/// The shape of a line of MIDI numbers; none for an empty one.
pub fn contour(line: &[i32]) -> Option<Contour> {
    let (first, last) = (*line.first()?, *line.last()?);
    let (high, low) = (*line.iter().max()?, *line.iter().min()?);
    Some(match (high > first.max(last), low < first.min(last)) {
        _ if high == low => Contour::Level,
        (true, true) => Contour::Wave,
        (true, false) => Contour::Arch,
        (false, true) => Contour::Valley,
        _ if last > first => Contour::Rising,
        _ if last < first => Contour::Falling,
        _ => Contour::Level,
    })
}

/// The usual number of notes.
const USUAL: f64 = 8.0;
/// What a phrase of half or twice as many notes costs.
const LENGTH: f64 = 1.3;
/// What it costs to begin at another place of the bar than the phrase before.
const OTHER_PLACE: f64 = 1.3;
/// What a boundary costs that is announced by a note of mean length: as much as it is worth.
const BOUNDARY: f64 = 0.0;
/// No phrase is longer, in notes, and none shorter unless it is the last.
const LONGEST: usize = 32;
const SHORTEST: usize = 3;
/// Longer melodies are not divided: what holds for a song says little about an hour.
const MOST_NOTES: usize = 5_000;

/// The phrases of a melody, in order and without gaps in its notes.
pub(crate) fn phrases(line: &[Event], places: &[f64]) -> Vec<Phrase> {
    if line.is_empty() || line.len() > MOST_NOTES || places.len() != line.len() {
        return Vec::new();
    }
    let gaps = gaps(line);
    let count = line.len();
    // The cheapest way to end a phrase before each note, and where that phrase begins.
    let mut best = vec![f64::INFINITY; count + 1];
    let mut back = vec![0; count + 1];
    best[0] = 0.0;
    for end in 1..=count {
        for start in end.saturating_sub(LONGEST)..end {
            let notes = end - start;
            let short = notes < SHORTEST && count > SHORTEST;
            if best[start].is_infinite() || (short && end < count) {
                continue;
            }
            let length = LENGTH * (notes as f64 / USUAL).log2().abs();
            let announced = if end == count { 0.0 } else { BOUNDARY - gaps[end] };
            let moved = start > 0 && !same_place(places[start], places[back[start]]);
            let cost = best[start] + length + announced + if moved { OTHER_PLACE } else { 0.0 };
            if cost < best[end] {
                (best[end], back[end]) = (cost, start);
            }
        }
    }
    let mut found = Vec::new();
    let mut end = count;
    while end > 0 && best[end].is_finite() {
        let start = back[end];
        found.extend(phrase(&line[start..end]));
        end = start;
    }
    found.reverse();
    found
}

fn phrase(notes: &[Event]) -> Option<Phrase> {
    let (first, last) = (notes.first()?, notes.last()?);
    let midi: Vec<i32> = notes.iter().map(|e| e.midi).collect();
    let length = Time::from_ticks(((last.off - first.on) * 960.0).round() as i64, 960);
    Some(Phrase { onset: first.onset, duration: length, notes: notes.len(), contour: contour(&midi)? })
}

fn same_place(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-6
}

/// How strongly the time before each note announces a boundary: the time since the note before began, and the silence
/// since it ended, in mean distances of onsets.
fn gaps(line: &[Event]) -> Vec<f64> {
    let span = line.last().map_or(1.0, |e| e.on) - line.first().map_or(0.0, |e| e.on);
    let mean = (span / (line.len().saturating_sub(1)).max(1) as f64).max(1e-6);
    let gap = |pair: &[Event]| ((pair[1].on - pair[0].on) + (pair[1].on - pair[0].off).max(0.0)) / mean - 1.0;
    std::iter::once(0.0).chain(line.windows(2).map(|pair| gap(pair).min(3.0))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::analyse;

    fn starts(abc: &str) -> Vec<(f64, usize, Contour)> {
        let score = crate::abc::read(abc.as_bytes()).unwrap().0;
        analyse(&score).phrases.iter().map(|p| (p.onset.as_f64(), p.notes, p.contour)).collect()
    }

    #[test]
    fn phrases_end_at_long_notes_and_are_alike() {
        let ode = "X:1\nM:4/4\nL:1/4\nK:D\nFFGA|AGFE|DDEF|F>E E2|FFGA|AGFE|DDEF|E>D D2|\n\
            EEFD|E(F/G/)FD|EF/G/FE|DEA,2|FFGA|AGFE|DDEF|E>D D2|]\n";
        let found: Vec<f64> = starts(ode).iter().map(|p| p.0).collect();
        // The four lines, and their halves, which are as long and begin alike.
        assert!([0.0, 16.0, 32.0, 48.0].iter().all(|line| found.contains(line)), "{found:?}");
        assert!(found.iter().all(|at| at % 8.0 == 0.0), "{found:?}");
    }

    #[test]
    fn an_upbeat_begins_every_phrase_that_has_one() {
        let tune = "X:1\nM:3/4\nL:1/4\nK:G\nD|G2A|B2c|d2B|G2D|G2A|B2A|A3-|A2D|G2A|B2c|d2B|G2D|A2A|D2F|G3-|G2|]\n";
        let found = starts(tune);
        assert!(found.iter().all(|p| (p.0 - found[0].0) % 3.0 == 0.0), "{found:?}");
        assert!(found.len() >= 4 && found[0].0 == 0.0, "{found:?}");
    }

    #[test]
    fn shapes_are_named() {
        let shape = |line: &[i32]| contour(line);
        assert_eq!(shape(&[60, 62, 64]), Some(Contour::Rising));
        assert_eq!(shape(&[60, 65, 61]), Some(Contour::Arch));
        assert_eq!(shape(&[60, 55, 59]), Some(Contour::Valley));
        assert_eq!(shape(&[60, 65, 55, 60]), Some(Contour::Wave));
        assert_eq!(shape(&[60, 60]), Some(Contour::Level));
        assert_eq!(shape(&[]), None);
    }
}
