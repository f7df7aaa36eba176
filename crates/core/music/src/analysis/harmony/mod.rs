//! What analysed music teaches about harmony: which chords follow one another in a key, and which keys one another.
//!
//! The statistics are counted from human analyses by `train harmony` (`eduai-training`), and kept in
//! `data/analysis/harmony.txt` with their sources. Start reading at [`Harmony`].

mod counts;
mod relative;

pub use counts::{BadCounts, Counts, Journey, Label};
pub use relative::{Quality, RelativeChord};

use crate::ChordKind;
use std::sync::LazyLock;

/// How far the analyser trusts each kind of evidence about local keys and chords. Natural logarithms of odds; the
/// evidence of a chord for a key counts in proportion to the square root of its length in quarter notes.
///
/// The defaults were tuned with `train tune` by agreement with the expert labels of 21 scores (7 chorales, 6 madrigals,
/// 8 songs with piano).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Weights {
    /// What a change of key costs.
    pub change: f64,
    /// How far the choice of the next key follows the counts.
    pub near: f64,
    /// What the main key is worth at the start and at the end.
    pub frame: f64,
    /// How far the order of chords follows the counts.
    pub numeral: f64,
    /// What sounding notes are worth that lie in the key's profile.
    pub profile: f64,
    /// The length, in quarter notes, beyond which a chord says no more.
    pub longest: f64,
    /// What the main key is worth against equal rivals.
    pub home: f64,
    /// How far the choice of keys follows how often they are heard in pieces in the main key.
    pub away: f64,
    /// How far the last chord of the old key must make sense in the new one.
    pub pivot: f64,
    /// What a dominant is worth that falls to its tonic.
    pub cadence: f64,
    /// The choice of chords, once the local keys are known.
    pub chords: Belief,
}

/// How far a key decides which chords are heard in it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Belief {
    /// What a chord is worth that the key holds among its own.
    pub own: f64,
    /// How far the choice follows how often chords are heard in the key.
    pub frequency: f64,
    /// How far it follows which chord was before.
    pub progression: f64,
}

impl Belief {
    /// For a first reading, when only the main key is known and the notes must say where it is left.
    pub const FIRST: Self = Self { own: 0.2, frequency: 0.0, progression: 0.0 };
}

impl Default for Weights {
    fn default() -> Self {
        Self {
            change: 1.0,
            near: 0.48,
            frame: 2.8,
            numeral: 0.42,
            profile: 1.68,
            longest: 4.0,
            home: 0.28,
            away: 0.04,
            pivot: 0.3,
            cadence: 0.8,
            chords: Belief { own: 0.1, frequency: 0.08, progression: 0.1 },
        }
    }
}

/// Logarithms of the probabilities that the counts suggest; the first index of a table is the mode, 0 major and 1 minor.
#[derive(Clone, Debug)]
pub struct Harmony {
    /// How far each kind of evidence is trusted.
    pub weights: Weights,
    heard: [Vec<f64>; 2],
    opening: [Vec<f64>; 2],
    follow: [Vec<Vec<f64>>; 2],
    attraction: [Vec<Vec<f64>>; 2],
    change: Journey,
    away: Journey,
}

/// What every chord gets beyond its count, so that nothing is impossible.
const UNHEARD: f64 = 0.3;
/// How many observations the general frequency of a chord is worth where it is asked what follows a certain chord.
const BACKOFF: f64 = 10.0;
/// The same for what opens a stretch in a key.
const OPENING_BACKOFF: f64 = 15.0;
/// The most that the chord before may say for or against a chord, a logarithm of odds.
const STRONGEST: f64 = 1.5;
/// What every key gets beyond its count as the next key, and as one that is heard in a piece.
const UNHEARD_CHANGE: f64 = 1.0;
const UNHEARD_KEY: f64 = 20.0;

impl Harmony {
    /// The model of these counts.
    pub fn of(counts: &Counts, weights: Weights) -> Self {
        let heard: [Vec<f64>; 2] = std::array::from_fn(|mode| {
            let total: f64 = counts.heard[mode].iter().map(|count| count + UNHEARD).sum();
            counts.heard[mode].iter().map(|count| (count + UNHEARD) / total).collect()
        });
        let backed = |row: &[f64], mode: usize, worth: f64| -> Vec<f64> {
            let total: f64 = row.iter().sum::<f64>() + worth;
            row.iter().zip(&heard[mode]).map(|(count, general)| ((count + worth * general) / total).ln()).collect()
        };
        let follow: [Vec<Vec<f64>>; 2] =
            std::array::from_fn(|mode| counts.follow[mode].iter().map(|row| backed(row, mode, BACKOFF)).collect());
        let opening = std::array::from_fn(|mode| backed(&counts.opening[mode], mode, OPENING_BACKOFF));
        let heard = heard.map(|row| row.iter().map(|p| p.ln()).collect::<Vec<f64>>());
        let attraction = std::array::from_fn(|mode| {
            let surplus = |(from, row): (usize, &Vec<f64>)| -> Vec<f64> {
                let pairs = row.iter().zip(&heard[mode]).enumerate();
                // A chord that only changes its inversion or its voicing follows itself without being counted.
                let weigh = |(to, (follows, general)): (usize, (&f64, &f64))| {
                    if from == to { 0.0 } else { (follows - general).clamp(-STRONGEST, STRONGEST) }
                };
                pairs.map(weigh).collect()
            };
            follow[mode].iter().enumerate().map(surplus).collect()
        });
        Self {
            weights,
            heard,
            opening,
            follow,
            attraction,
            change: journey(&counts.change, UNHEARD_CHANGE, false),
            away: journey(&counts.away, UNHEARD_KEY, true),
        }
    }

    /// The model that the program comes with. The file is part of the program and a test reads it, so a fault in it
    /// cannot reach a user.
    pub fn standard() -> &'static Self {
        static STANDARD: LazyLock<Harmony> = LazyLock::new(|| {
            let counts = Counts::parse(include_str!("../../../../../../data/analysis/harmony.txt"));
            Harmony::of(&counts.unwrap_or_default(), Weights::default())
        });
        &STANDARD
    }

    /// A chord as the key on `tonic` sees it. One without a third is taken for the triad that the key holds there more
    /// often.
    pub(crate) fn seen(&self, root: usize, kind: ChordKind, tonic: usize, minor: bool) -> RelativeChord {
        let plain = RelativeChord::of(root, kind, tonic);
        let small = RelativeChord { quality: Quality::Minor, ..plain };
        let open = matches!(kind, ChordKind::Power | ChordKind::Sus4 | ChordKind::Sus2);
        if open && self.heard(minor, small) > self.heard(minor, plain) { small } else { plain }
    }

    /// How likely a chord is in a key.
    pub(crate) fn heard(&self, minor: bool, chord: RelativeChord) -> f64 {
        self.heard[usize::from(minor)][chord.index()]
    }

    /// How likely a chord is as the first after a change to its key.
    pub(crate) fn opening(&self, minor: bool, chord: RelativeChord) -> f64 {
        self.opening[usize::from(minor)][chord.index()]
    }

    /// How likely a chord follows another in a key.
    pub(crate) fn follow(&self, minor: bool, from: RelativeChord, to: RelativeChord) -> f64 {
        self.follow[usize::from(minor)][from.index()][to.index()]
    }

    /// How much likelier each chord is after this one than it is in general, by [`RelativeChord::index`].
    pub(crate) fn attractions(&self, minor: bool, from: RelativeChord) -> &[f64] {
        &self.attraction[usize::from(minor)][from.index()]
    }

    /// How likely a key gives way to one this many semitones higher.
    pub(crate) fn change(&self, from_minor: bool, to_minor: bool, semitones: usize) -> f64 {
        self.change[usize::from(from_minor)][usize::from(to_minor)][semitones % 12]
    }

    /// How likely a key is heard in a piece, against the piece's own key.
    pub(crate) fn away(&self, home_minor: bool, minor: bool, semitones: usize) -> f64 {
        self.away[usize::from(home_minor)][usize::from(minor)][semitones % 12]
    }
}

/// Logarithms of shares; relative to the first key's own where `against_home`.
fn journey(counts: &Journey, unheard: f64, against_home: bool) -> Journey {
    std::array::from_fn(|from| {
        let total: f64 = counts[from].iter().flatten().map(|count| count + unheard).sum();
        let reference = if against_home { counts[from][from][0] + unheard } else { total };
        std::array::from_fn(|to| counts[from][to].map(|count| ((count + unheard) / reference).ln()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chord(text: &str) -> RelativeChord {
        text.parse().unwrap()
    }

    #[test]
    fn the_file_that_the_program_comes_with_is_read() {
        let text = include_str!("../../../../../../data/analysis/harmony.txt");
        let counts = Counts::parse(text).unwrap();
        assert!(counts.heard.iter().all(|row| row.iter().sum::<f64>() > 1000.0));
    }

    #[test]
    fn what_musicians_expect_is_likely() {
        let harmony = Harmony::standard();
        let [tonic, fourth, fifth, strange] = ["0M", "5M", "77", "6m"].map(chord);
        assert!(harmony.follow(false, fifth, tonic) > harmony.follow(false, fifth, fourth));
        assert!(harmony.follow(false, fifth, fourth) > harmony.follow(false, fifth, strange));
        assert!(harmony.heard(true, chord("0m")) > harmony.heard(true, chord("0M")));
        assert!(harmony.opening(false, tonic) > harmony.opening(false, strange));
        assert!(harmony.change(false, false, 7) > harmony.change(false, false, 6));
        assert!(harmony.away(true, false, 3) > harmony.away(true, false, 4));
        assert_eq!(harmony.away(true, true, 0), 0.0);
    }

    #[test]
    fn probabilities_sum_to_one() {
        let harmony = Harmony::standard();
        let sum = |row: &[f64]| row.iter().map(|p| p.exp()).sum::<f64>();
        for mode in 0..2 {
            assert!((sum(&harmony.opening[mode]) - 1.0).abs() < 1e-9);
            assert!(harmony.follow[mode].iter().all(|row| (sum(row) - 1.0).abs() < 1e-9));
            assert!((sum(harmony.change[mode].as_flattened()) - 1.0).abs() < 1e-9);
        }
    }
}
