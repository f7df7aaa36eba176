//! The melody: which part it is, its range, its moves and its scale.

use super::events::Event;
use super::types::{ChordSpan, MelodyFacts, ScaleName};
use crate::score::Instrument;
use crate::{Key, PitchName, Score, Time};

/// The part that sings; else the part that moves alone, high and often.
pub(crate) fn melody_part(score: &Score, events: &[Event]) -> Option<usize> {
    let syllables = |p: &crate::Part| p.notes().filter(|n| !n.lyrics.is_empty()).count();
    let sung = (0..score.parts.len()).max_by_key(|i| (syllables(&score.parts[*i]), std::cmp::Reverse(*i)));
    if let Some(sung) = sung.filter(|i| syllables(&score.parts[*i]) > 0) {
        return Some(sung);
    }
    let mut sums = vec![(0.0, 0.0, 0_usize); score.parts.len()];
    for e in events {
        let sum = &mut sums[e.part];
        sum.0 += f64::from(e.midi) * e.length();
        sum.1 += e.length();
        sum.2 += 1;
    }
    let end = events.iter().map(|e| e.off).fold(0.0, f64::max).max(1.0);
    (0..score.parts.len())
        .filter(|i| score.parts[*i].instrument != Instrument::Drums && sums[*i].2 > 0)
        .map(|i| {
            let (pitch, time, count) = sums[i];
            let notes = score.parts[i].notes().filter(|n| !n.pitches().is_empty()).count().max(1);
            let thickness = count as f64 / notes as f64;
            let coverage = (time / thickness / end).min(1.0);
            // An octave higher outweighs being absent for three quarters of the piece; chords are hardly a melody.
            (i, pitch / time.max(1e-9) + 16.0 * coverage - 14.0 * (thickness - 1.0))
        })
        .max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)))
        .map(|(i, _)| i)
}

/// The highest line of a part.
pub(crate) fn line(events: &[Event], part: usize) -> Vec<Event> {
    let mut line: Vec<Event> = Vec::new();
    for e in events.iter().filter(|e| e.part == part) {
        match line.last_mut() {
            Some(last) if (last.on - e.on).abs() < 1e-9 => *last = *e,
            // An accompanying voice under a held note is no melody.
            Some(last) if last.off > e.on + 1e-6 && last.midi > e.midi + 4 => {}
            _ => line.push(*e),
        }
    }
    line
}

pub(crate) fn facts(
    score: &Score,
    part: usize,
    line: &[Event],
    spans: &[ChordSpan],
    key: Option<Key>,
) -> Option<MelodyFacts> {
    let lowest = line.iter().min_by_key(|e| e.midi)?.pitch;
    let highest = line.iter().max_by_key(|e| e.midi)?;
    let climax = line.iter().find(|e| e.midi == highest.midi).map_or(Time::ZERO, |e| e.onset);
    let moves: Vec<i32> = line.windows(2).map(|w| (w[1].midi - w[0].midi).abs()).filter(|m| *m > 0).collect();
    let steps = moves.iter().filter(|m| **m <= 2).count();
    let scale = scale(line);
    let scale_name = key.and_then(|key| scale_name(&scale, key));
    Some(MelodyFacts {
        part,
        lowest,
        highest: highest.pitch,
        climax,
        step_share: if moves.is_empty() { 0.0 } else { steps as f64 / moves.len() as f64 },
        widest_leap: moves.iter().copied().max().unwrap_or(0),
        scale,
        scale_name,
        strong_beat_consonance: consonance(line, spans),
        longest_phrase_seconds: longest_phrase(score, line),
    })
}

/// The pitch names of a line by their share of the time, the commonest first.
fn scale(line: &[Event]) -> Vec<(PitchName, f64)> {
    let mut shares: Vec<(PitchName, f64)> = Vec::new();
    let total: f64 = line.iter().map(Event::length).sum();
    for e in line {
        let name = e.pitch.name();
        match shares.iter_mut().find(|(n, _)| *n == name) {
            Some((_, share)) => *share += e.length() / total,
            None => shares.push((name, e.length() / total)),
        }
    }
    shares.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    shares
}

/// The smallest named scale on the tonic that holds at least 97 % of the time and of which at least all but one degree
/// are heard. A scale of five notes is only named when it is really used: four of its notes at least.
pub(crate) fn scale_name(scale: &[(PitchName, f64)], key: Key) -> Option<ScaleName> {
    use ScaleName as S;
    let own = S::of_mode(key.mode);
    let mut candidates = vec![S::MajorPentatonic, S::MinorPentatonic, S::Blues, own];
    if key.mode.is_minor() {
        candidates.extend([S::NaturalMinor, S::HarmonicMinor, S::MelodicMinor, S::Dorian, S::Phrygian]);
    } else {
        candidates.extend([S::Major, S::Mixolydian, S::Lydian]);
    }
    let heard = |semitones: i32| -> f64 {
        let class = (key.tonic.class() + semitones).rem_euclid(12);
        scale.iter().filter(|(n, _)| n.class() == class).map(|(_, s)| s).sum()
    };
    candidates
        .into_iter()
        .filter(|name| name.intervals().iter().filter(|i| heard(**i) > 0.005).count() + 1 >= name.intervals().len())
        // The note that makes the blues scale must be heard, and the major third over a major key must not be missed.
        .filter(|name| *name != S::Blues || heard(6) > 0.005)
        .filter(|name| name.intervals().iter().map(|i| heard(*i)).sum::<f64>() >= 0.97)
        .min_by_key(|name| (name.intervals().len(), usize::from(*name != own)))
}

/// The share of strong-beat notes that belong to their chord or resolve by step.
fn consonance(line: &[Event], spans: &[ChordSpan]) -> f64 {
    let (mut good, mut total) = (0_usize, 0_usize);
    for (i, e) in line.iter().enumerate().filter(|(_, e)| e.place >= 0.6) {
        let Some(chord) = chord_at(spans, e.on) else { continue };
        total += 1;
        let resolves = line.get(i + 1).is_some_and(|n| (1..=2).contains(&(n.midi - e.midi).abs()));
        good += usize::from(chord.chord.contains(e.class() as i32) || resolves);
    }
    if total == 0 { 1.0 } else { good as f64 / total as f64 }
}

/// The chord in force at a time.
pub(crate) fn chord_at(spans: &[ChordSpan], at: f64) -> Option<&ChordSpan> {
    let index = spans.partition_point(|s| s.onset.as_f64() <= at + 1e-6).checked_sub(1)?;
    spans.get(index)
}

/// The longest stretch without a rest of an eighth note or more, in seconds as played.
fn longest_phrase(score: &Score, line: &[Event]) -> f64 {
    let Some(first) = line.first() else { return 0.0 };
    let (mut from, mut to, mut longest) = (first.on, first.off, 0.0_f64);
    let mut from_time = first.onset;
    let mut to_time = first.onset;
    let mut stretches = Vec::new();
    for e in line {
        if e.on - to >= 0.45 {
            stretches.push((from_time, to_time));
            (from, from_time) = (e.on, e.onset);
        }
        if e.off >= to || from == e.on {
            to = e.off;
            to_time = e.onset + Time::from_ticks((e.length() * 960.0).round() as i64, 960);
        }
    }
    stretches.push((from_time, to_time));
    for (from, to) in stretches {
        longest = longest.max(score.seconds(to) - score.seconds(from));
    }
    longest
}
