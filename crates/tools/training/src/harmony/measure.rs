//! How far the analyser agrees with an expert, by time: on a grid of half quarter notes, the label in force is
//! compared with the chord in force.

use super::labels::{Expert, Piece};
use eduai_music::analysis::{Analysis, ChordSpan};
use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::ops::AddAssign;

const STEP: f64 = 0.5;

/// Shares of the time, 0 to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Agreement {
    /// The root and the triad are right.
    pub chord: f64,
    /// So is the bass.
    pub bass: f64,
    /// The local key is right.
    pub key: f64,
    /// Key, degree, triad and inversion are right.
    pub numeral: f64,
}

impl AddAssign for Agreement {
    fn add_assign(&mut self, other: Self) {
        self.chord += other.chord;
        self.bass += other.bass;
        self.key += other.key;
        self.numeral += other.numeral;
    }
}

impl Agreement {
    fn scaled(self, by: f64) -> Self {
        Self { chord: self.chord * by, bass: self.bass * by, key: self.key * by, numeral: self.numeral * by }
    }
}

impl fmt::Display for Agreement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { chord, bass, key, numeral } = self;
        write!(f, "chord {chord:.3}  with bass {bass:.3}  local key {key:.3}  numeral {numeral:.3}")
    }
}

/// Compares an analysis with the labels of its piece.
pub fn agreement(piece: &Piece, analysis: &Analysis) -> Agreement {
    let (Some(first), Some(last)) = (piece.labels.first(), piece.labels.last()) else {
        return Agreement::default();
    };
    let mut total = Agreement::default();
    let mut points = 0;
    let mut at = first.onset;
    while at < last.onset + last.duration - 1e-6 {
        let label = &piece.labels[piece.labels.partition_point(|l| l.onset <= at + 1e-6).saturating_sub(1)];
        let index = analysis.chords.partition_point(|span| span.onset.as_f64() <= at + 1e-6);
        if let Some(span) = index.checked_sub(1).map(|i| &analysis.chords[i]) {
            total += at_one_time(label, span, analysis);
        }
        points += 1;
        at += STEP;
    }
    total.scaled(1.0 / f64::from(points.max(1)))
}

fn at_one_time(label: &Expert, span: &ChordSpan, analysis: &Analysis) -> Agreement {
    let stretch = analysis.keys.iter().rev().find(|stretch| stretch.onset <= span.onset);
    let key = stretch.is_some_and(|s| (s.key.tonic.class(), s.key.mode.is_minor()) == label.key);
    let root = span.chord.root.class();
    let bass = span.chord.lowest().class();
    let triad = Some(span.chord.kind.triad()) == label.triad;
    let chord = root == label.root && triad;
    let inversion = match (bass - root).rem_euclid(12) {
        3 | 4 => 1,
        6..=8 => 2,
        9..=11 => 3,
        _ => 0,
    };
    let numeral = key && triad && span.numeral.degree == label.degree && inversion == label.inversion;
    Agreement {
        chord: f64::from(chord),
        bass: f64::from(chord && bass == label.bass),
        key: f64::from(key),
        numeral: f64::from(numeral),
    }
}

/// The mean of some agreements.
pub fn mean<'a>(agreements: impl IntoIterator<Item = &'a Agreement>) -> Agreement {
    let mut total = Agreement::default();
    let mut count = 0;
    for agreement in agreements {
        total += *agreement;
        count += 1;
    }
    total.scaled(1.0 / f64::from(count.max(1)))
}

/// The means by kind of piece, and of all.
pub fn table(agreements: &[(&str, Agreement)]) -> String {
    let mut kinds: BTreeMap<&str, Vec<Agreement>> = BTreeMap::new();
    for (kind, agreement) in agreements {
        kinds.entry(kind).or_default().push(*agreement);
    }
    kinds.insert("all", agreements.iter().map(|(_, agreement)| *agreement).collect());
    let mut text = String::new();
    for (kind, found) in kinds {
        let _ = writeln!(text, "{kind:12} {:3} pieces  {}", found.len(), mean(&found));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use eduai_music::analysis::{KeySpan, analyse};
    use eduai_music::{Chord, ChordKind, Roman, Score, Time};

    fn piece(labels: Vec<Expert>) -> Piece {
        Piece { name: "a_1".to_owned(), kind: "a".to_owned(), score: Score::default(), labels }
    }

    fn label(onset: f64, degree: u8, root: i32, bass: i32, inversion: u8) -> Expert {
        let (key, triad) = ((0, false), Some(ChordKind::Major));
        Expert { onset, duration: 1.0, key, degree, root, triad, bass, inversion }
    }

    #[test]
    fn agreement_is_a_share_of_the_time() {
        let chord: Chord = "C/E".parse().unwrap();
        let key = "C major".parse().unwrap();
        let mut analysis = analyse(&Score::default());
        let numeral = Roman::of(chord, key);
        analysis.chords = vec![ChordSpan { onset: Time::ZERO, duration: Time::quarters(2), chord, numeral, fit: 1.0 }];
        analysis.keys = vec![KeySpan { onset: Time::ZERO, duration: Time::quarters(2), key }];
        let half = agreement(&piece(vec![label(0.0, 1, 0, 4, 1), label(1.0, 1, 0, 0, 0)]), &analysis);
        assert_eq!(half, Agreement { chord: 1.0, bass: 0.5, key: 1.0, numeral: 0.5 });
        let wrong = agreement(&piece(vec![label(0.0, 5, 7, 4, 1)]), &analysis);
        assert_eq!(wrong, Agreement { chord: 0.0, bass: 0.0, key: 1.0, numeral: 0.0 });
        assert_eq!(agreement(&piece(vec![]), &analysis), Agreement::default());
    }

    #[test]
    fn every_kind_has_its_mean() {
        let of = |key: f64| Agreement { key, ..Agreement::default() };
        let text = table(&[("a", of(1.0)), ("a", of(0.5)), ("b", of(0.0))]);
        assert!(text.contains("a              2 pieces") && text.contains("local key 0.750"), "{text}");
        assert!(text.contains("all            3 pieces") && text.contains("local key 0.500"), "{text}");
    }
}
