//! Chords of popular songs: how often one follows another in the Billboard corpus of `McGill` (Burgoyne, Wild
//! and Fujinaga 2011), relative to the annotated tonic.
//!
//! The corpus names no mode. A pair of chords is shared out between major and minor by how often each of the two stands
//! next to the major and to the minor tonic triad.

use eduai_music::analysis::harmony::{Counts, Quality, RelativeChord};
use std::collections::BTreeMap;

/// A table of `kind,pattern,count`, where the kind is `unigram` or `bigram`.
pub struct Songs {
    single: BTreeMap<RelativeChord, f64>,
    pairs: BTreeMap<(RelativeChord, RelativeChord), f64>,
}

impl Songs {
    /// Reads the table; the number of the line that cannot be read otherwise.
    pub fn read(text: &str) -> Result<Self, usize> {
        let mut songs = Self { single: BTreeMap::new(), pairs: BTreeMap::new() };
        for (index, line) in text.lines().enumerate().skip(1).filter(|(_, line)| !line.is_empty()) {
            songs.line(line).ok_or(index + 1)?;
        }
        Ok(songs)
    }

    fn line(&mut self, line: &str) -> Option<()> {
        let cells: Vec<&str> = line.split(',').collect();
        let [kind, pattern, count] = cells.as_slice() else { return None };
        let count: f64 = count.parse().ok()?;
        let chords: Vec<RelativeChord> = pattern.split(' ').map(chord).collect::<Option<_>>()?;
        match (*kind, chords.as_slice()) {
            ("unigram", [one]) => *self.single.entry(*one).or_default() += count,
            ("bigram", [from, to]) => *self.pairs.entry((*from, *to)).or_default() += count,
            _ => return None,
        }
        Some(())
    }

    /// How many chords were counted.
    pub fn chords(&self) -> f64 {
        self.single.values().sum()
    }

    /// Adds them, scaled to so many chords.
    pub fn add_to(&self, counts: &mut Counts, chords: f64) {
        let weight = chords / self.chords().max(1.0);
        for (chord, count) in &self.single {
            for (mode, share) in self.share(&[*chord]).into_iter().enumerate() {
                counts.heard[mode][chord.index()] += weight * count * share;
            }
        }
        for ((from, to), count) in &self.pairs {
            for (mode, share) in self.share(&[*from, *to]).into_iter().enumerate() {
                counts.follow[mode][from.index()][to.index()] += weight * count * share;
            }
        }
    }

    /// How likely these chords are in major and in minor.
    fn share(&self, chords: &[RelativeChord]) -> [f64; 2] {
        let tonics = [Quality::Major, Quality::Minor].map(|quality| RelativeChord { root: 0, quality });
        let beside = |chord: RelativeChord, tonic: RelativeChord| -> f64 {
            if tonics.contains(&chord) {
                return f64::from(chord == tonic);
            }
            let count = |pair| self.pairs.get(&pair).copied().unwrap_or_default();
            count((chord, tonic)) + count((tonic, chord)) + 1.0
        };
        let odds = tonics.map(|tonic| chords.iter().map(|chord| beside(*chord, tonic)).product::<f64>());
        let sum: f64 = odds.iter().sum();
        // `I i` is at home in neither.
        if sum > 0.0 { odds.map(|odd| odd / sum) } else { [0.5; 2] }
    }
}

/// `bVII`, `#ivo`: degrees of the major scale, capitals for a major third.
fn chord(text: &str) -> Option<RelativeChord> {
    let body = text.trim_start_matches(['b', '#']);
    let signs = &text[..text.len() - body.len()];
    let alter = signs.chars().map(|c| if c == '#' { 1 } else { -1 }).sum::<i32>();
    let numeral = body.trim_end_matches(['o', '+']);
    let degrees = [("I", 0), ("II", 2), ("III", 4), ("IV", 5), ("V", 7), ("VI", 9), ("VII", 11)];
    let semitones = degrees.iter().find(|(name, _)| name.eq_ignore_ascii_case(numeral))?.1;
    let quality = match (&body[numeral.len()..], numeral.starts_with(|c: char| c.is_ascii_uppercase())) {
        ("", true) => Quality::Major,
        ("", false) => Quality::Minor,
        ("o", _) => Quality::Diminished,
        ("+", _) => Quality::Augmented,
        _ => return None,
    };
    Some(RelativeChord { root: (semitones + alter).rem_euclid(12) as usize, quality })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "kind,pattern,count\nunigram,I,60\nunigram,bVII,30\nunigram,i,10\nbigram,I bVII,29\n\
                         bigram,bVII i,9\nbigram,i I,5\n";

    #[test]
    fn chords_are_shared_out_by_their_neighbours() {
        let songs = Songs::read(TABLE).unwrap();
        let [tonic, flat_seventh] = ["0M", "10M"].map(|c| c.parse::<RelativeChord>().unwrap());
        let mut counts = Counts::default();
        songs.add_to(&mut counts, 50.0);
        assert_eq!(songs.chords(), 100.0);
        // Thirty of forty neighbours of bVII are major, counting each once more than it was seen.
        assert!((counts.heard[0][flat_seventh.index()] - 15.0 * 0.75).abs() < 1e-9);
        assert_eq!(counts.heard[1][tonic.index()], 0.0);
        assert!((counts.follow[0][tonic.index()][flat_seventh.index()] - 14.5).abs() < 1e-9);
    }

    #[test]
    fn what_is_no_count_is_named() {
        for bad in ["unigram,H,1", "unigram,I IV,1", "bigram,I IV", "bigram,I IV,x", "trigram,I,1", "unigram,I-,1"] {
            assert_eq!(Songs::read(&format!("kind,pattern,count\n{bad}\n")).err(), Some(2), "{bad}");
        }
    }
}
