//! Meter and tempo of music that is played, not written: from when notes sound, in seconds, and nothing else.
//!
//! A file of notes may state no meter, or lie on a grid that has nothing to do with its beats. Pulses of many speeds are
//! followed through the piece (`track`, dynamic programming after Ellis 2007, "Beat tracking by dynamic programming"),
//! and each is read in each usual meter from each of its places (`features`). A log-linear model whose weights are
//! learnt (`weights`) says how probable each reading is.
//!
//! How often it is right, on 197 pieces of which nothing was learnt (87 chorales, 92 dance tunes, 18 longer works), each
//! played steadily at a tempo that chance named, and freely (a drift of the tempo of 5 %, notes struck within 12 ms):
//!
//! | | steadily | freely | always saying 4/4 |
//! |---|---|---|---|
//! | beats in twos or threes that divide in twos or threes | 0.86 | 0.83 | 0.69 |
//! | of these, where the confidence is 0.9 or more (a quarter of the pieces) | 1.00 | 1.00 | |
//! | the meter itself (2/4 is not 4/4) | 0.77 | 0.70 | 0.49 |
//! | the tempo; or half or double of it | 0.83; 0.92 | 0.78; 0.88 | |
//! | beats within 70 ms, F-measure | 0.83 | 0.80 | |
//! | downbeats within 70 ms, F-measure | 0.53 | 0.50 | |
//!
//! So the place of the bar line is right for about half of them, and a dance tune alone on its staff is the hardest case
//! (0.74 and 0.71 of the first row; chorales 0.99 and 0.95). Real playing has not been measured.

mod features;
mod track;
mod weights;

pub use features::{FEATURES, Grouping};

use super::types::MeterEstimate;
use crate::score::{Meter, Sound};
use crate::{Part, Score};
use features::Series;
use std::collections::BTreeMap;

/// How much of a piece is listened to before its meter is named, in seconds from the first note.
const HEARD: f64 = 60.0;
/// How much of a piece gets beats, in seconds.
const BEATEN: f64 = 1200.0;
/// More notes than two hands and an orchestra play in [`BEATEN`]; the rest is not looked at.
const MOST_NOTES: usize = 200_000;
/// Fewer notes have no meter.
const FEWEST_NOTES: usize = 8;
/// How many speeds of the pulse are read in all meters.
const SPEEDS: usize = 5;

/// A note as it sounds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sounding {
    /// When it starts and ends, in seconds.
    pub on: f64,
    /// When it ends.
    pub off: f64,
    /// Its MIDI number; none for percussion.
    pub midi: Option<i32>,
}

/// A way to read the piece: every `beat`th pulse is a beat, every `bar`th beat a downbeat.
#[derive(Clone, Debug)]
pub struct Reading {
    /// What speaks for it and against it.
    pub features: [f64; FEATURES],
    /// How pulses make beats, and beats bars.
    pub grouping: Grouping,
    /// Which pulse is the first downbeat.
    pub first: usize,
    /// Its pulse, in [`Readings::pulses`].
    pub pulse: usize,
}

/// All ways to read a piece.
#[derive(Clone, Debug, Default)]
pub struct Readings {
    /// The readings.
    pub all: Vec<Reading>,
    /// The pulses, in seconds.
    pub pulses: Vec<Vec<f64>>,
}

/// The notes of a score as it is played, in order of time.
pub fn soundings(score: &Score) -> Vec<Sounding> {
    let clock = crate::audio::Clock::of(score);
    let seconds = |at| clock.seconds(score.played(at).as_f64());
    let mut all: Vec<Sounding> = Vec::new();
    for note in score.parts.iter().flat_map(Part::notes).take(MOST_NOTES) {
        let (on, off) = (seconds(note.onset), seconds(note.end()));
        match &note.sound {
            Sound::Pitched(pitches) => {
                all.extend(pitches.iter().map(|pitch| Sounding { on, off, midi: Some(pitch.midi()) }));
            }
            Sound::Drums(keys) => all.extend(keys.iter().map(|_| Sounding { on, off, midi: None })),
        }
    }
    all.sort_by(|a, b| a.on.total_cmp(&b.on));
    all
}

/// All readings of notes that are in order of time. The first minute decides.
pub fn readings(notes: &[Sounding]) -> Readings {
    let Some(first) = notes.first() else { return Readings::default() };
    let heard = &notes[..notes.partition_point(|note| note.on < first.on + HEARD)];
    if heard.len() < FEWEST_NOTES {
        return Readings::default();
    }
    let moments = track::moments(heard);
    let mut found = Readings::default();
    for pulse in track::pulses(&moments, SPEEDS) {
        let series = Series::of(&moments, &pulse);
        for grouping in Grouping::ALL {
            for (first, features) in series.read(grouping) {
                found.all.push(Reading { features, grouping, first, pulse: found.pulses.len() });
            }
        }
        found.pulses.push(pulse.times);
    }
    found
}

/// The meter and the beats of a score as it is played, whatever its bars and tempo marks say; none where too few notes
/// sound to have a meter.
pub fn meter_of(score: &Score) -> Option<MeterEstimate> {
    estimate(&soundings(score), &weights::WEIGHTS)
}

/// The same of notes in order of time, with the weights of a model.
pub fn estimate(notes: &[Sounding], weights: &[f64; FEATURES]) -> Option<MeterEstimate> {
    let found = readings(notes);
    let probabilities = probabilities(&found, weights);
    let mut by_kind: BTreeMap<Kind, f64> = BTreeMap::new();
    for (reading, probability) in found.all.iter().zip(&probabilities) {
        *by_kind.entry(reading.grouping.kind()).or_default() += probability;
    }
    let best = (0..found.all.len()).max_by(|a, b| probabilities[*a].total_cmp(&probabilities[*b]))?;
    let reading = &found.all[best];
    let (beat, bar) = (reading.grouping.beat, reading.grouping.bar);
    let times = track::whole(notes, &found.pulses[reading.pulse], BEATEN);
    // The downbeat that was found, among the pulses of the whole piece.
    let downbeat = found.pulses[reading.pulse].get(reading.first)?;
    let first = times.iter().position(|time| (time - downbeat).abs() < 0.08).unwrap_or(reading.first) % (beat * bar);
    let beats: Vec<f64> = times.iter().skip(first % beat).step_by(beat).copied().collect();
    let mut gaps: Vec<f64> = beats.windows(2).map(|pair| pair[1] - pair[0]).collect();
    gaps.sort_by(f64::total_cmp);
    let period = gaps.get(gaps.len() / 2)?;
    Some(MeterEstimate {
        meter: reading.grouping.meter(),
        beats_per_minute: 60.0 / period,
        confidence: by_kind.get(&reading.grouping.kind()).copied().unwrap_or(0.0).clamp(0.0, 1.0),
        first_downbeat: first / beat,
        beats,
    })
}

/// How probable each reading is: the softmax of its weighted features.
pub fn probabilities(readings: &Readings, weights: &[f64; FEATURES]) -> Vec<f64> {
    let dot = |reading: &Reading| reading.features.iter().zip(weights).map(|(f, w)| f * w).sum::<f64>();
    let scores: Vec<f64> = readings.all.iter().map(dot).collect();
    let most = scores.iter().copied().fold(f64::MIN, f64::max);
    let shares: Vec<f64> = scores.iter().map(|score| (score - most).exp()).collect();
    let sum: f64 = shares.iter().sum();
    shares.into_iter().map(|share| share / sum.max(1e-300)).collect()
}

/// What listeners agree on: whether beats come in twos or threes, and whether they divide in twos or threes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// 2/4, 4/4, 2/2.
    Duple,
    /// 3/4, 3/2.
    Triple,
    /// 6/8, 12/8.
    CompoundDuple,
    /// 9/8.
    CompoundTriple,
}

impl Kind {
    /// The kind of a meter; none for 5/4 and others that are neither.
    pub fn of(meter: Meter) -> Option<Self> {
        match (meter.is_compound(), meter.beats) {
            (true, 6 | 12) => Some(Self::CompoundDuple),
            (true, 9) => Some(Self::CompoundTriple),
            (false, 2 | 4) => Some(Self::Duple),
            (false, 3) => Some(Self::Triple),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A line with the lengths in beats of half a second, from a given time, each second and third note wrong by some
    /// hundredths of a second.
    fn played(lengths: &[f64], pitches: &[i32], start: f64) -> Vec<Sounding> {
        let mut at = start;
        let mut notes = Vec::new();
        for (index, length) in lengths.iter().enumerate() {
            let late = [0.0, 0.012, -0.009][index % 3];
            let midi = Some(pitches[index % pitches.len()]);
            notes.push(Sounding { on: at + late, off: at + length * 0.45, midi });
            at += length * 0.5;
        }
        notes
    }

    #[test]
    fn a_waltz_and_a_march_are_told_apart_and_beaten_in_time() {
        let waltz: Vec<f64> = [1.0, 1.0, 1.0, 2.0, 1.0, 1.0, 0.5, 0.5, 1.0, 3.0].repeat(6);
        let notes = [60, 67, 67, 64, 62, 60, 62, 64, 65, 55];
        let mut all = played(&waltz, &notes, 0.7);
        all.extend(played(&[3.0; 24], &[36, 43, 36, 41], 0.7));
        all.sort_by(|a, b| a.on.total_cmp(&b.on));
        let found = estimate(&all, &weights::WEIGHTS).unwrap();
        assert_eq!(found.meter, Meter { beats: 3, unit: 4 });
        assert!((found.beats_per_minute - 120.0).abs() < 3.0, "{}", found.beats_per_minute);
        let late = (found.beats[found.first_downbeat] - 0.7).rem_euclid(1.5);
        assert!(late.min(1.5 - late) < 0.08, "{late}");

        let march: Vec<f64> = [1.0, 0.5, 0.5, 1.0, 1.0, 1.5, 0.5, 2.0].repeat(6);
        let mut all = played(&march, &[60, 62, 64, 65, 67, 64, 62, 60], 0.3);
        all.extend(played(&[2.0; 24], &[36, 43, 41, 43], 0.3));
        all.sort_by(|a, b| a.on.total_cmp(&b.on));
        let found = estimate(&all, &weights::WEIGHTS).unwrap();
        assert_eq!(Kind::of(found.meter), Some(Kind::Duple));
        assert!(found.confidence > 0.3 && found.confidence <= 1.0);
    }

    #[test]
    fn nothing_and_a_single_chord_have_no_meter() {
        assert!(estimate(&[], &weights::WEIGHTS).is_none());
        let chord: Vec<Sounding> = (0..20).map(|n| Sounding { on: 1.0, off: 2.0, midi: Some(40 + n) }).collect();
        assert!(estimate(&chord, &weights::WEIGHTS).is_none());
        let wild = [0.0, f64::from(u32::MAX)].map(|on| vec![Sounding { on, off: on, midi: None }; 20]).concat();
        let _ = estimate(&wild, &weights::WEIGHTS);
    }
}
