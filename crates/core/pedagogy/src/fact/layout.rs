//! Checks of larger forms: period, AABA, bridge, build and drop.

use super::check::{Checked, demand};
use super::harmony::{chord_sounds, is_dominant, root_of};
use super::{ChordAt, Fact, Reading, likeness};
use crate::model::Evidence;
use eduai_music::score::Sound;
use eduai_music::{Key, Part, Time};

/// What counts as the same melody, as a share of notes.
const LIKE: f64 = 0.75;
/// What counts as another melody.
const UNLIKE: f64 = 0.4;

/// Recomputes the fact, if it is one of these.
pub(super) fn check(fact: &Fact, _: &Evidence, reading: &Reading<'_>) -> Option<Checked> {
    Some(match fact {
        Fact::Period { part, first, bars, chords, key } => {
            let alike = begins_alike(part, *first, *bars, reading);
            demand(alike, || "the two phrases do not begin alike".to_owned()).and_then(|()| {
                let right = opens_and_closes(*first, *bars, chords, *key, reading);
                demand(right, || "the first phrase is not open or the second not closed".to_owned())
            })
        }
        Fact::Aaba { part, first, bars } => {
            demand(is_aaba(part, *first, *bars, reading), || "the stretches are no AABA".to_owned())
        }
        Fact::Bridge { part, first, bars } => {
            demand(is_bridge(part, *first, *bars, reading), || "it is no bridge".to_owned())
        }
        Fact::BuildAndDrop { build, drop } => {
            demand(builds_and_drops(*build, *drop, reading), || "nothing builds and drops".to_owned())
        }
        _ => return None,
    })
}

/// Whether the first halves of two phrases of `bars` bars, one after the other, are the same.
pub(crate) fn begins_alike(part: &str, first: u32, bars: u32, reading: &Reading<'_>) -> bool {
    bars >= 2 && likeness(part, first, first + bars, bars / 2, reading) >= LIKE
}

/// Whether the dominant sounds at the end of the first phrase, and dominant and tonic at the end of the second.
fn opens_and_closes(first: u32, bars: u32, chords: &[ChordAt], key: Key, reading: &Reading<'_>) -> bool {
    let [open, before, last] = chords else { return false };
    let (Some(middle), Some(end)) = (reading.bar(first + bars - 1), reading.bar(first + 2 * bars - 1)) else {
        return false;
    };
    let sounds = |c: &ChordAt| c.from < c.to && chord_sounds(reading, c.from, c.to, c.chord);
    let dominant = |c: &ChordAt| root_of(c, key) == 7 && is_dominant(c);
    chords.iter().all(sounds)
        && dominant(open)
        && open.from < middle.end()
        && open.to >= middle.end()
        && dominant(before)
        && root_of(last, key) == 0
        && before.to == last.from
        && last.from < end.end()
        && last.to >= end.end()
}

/// Whether four stretches of `bars` bars from `first` on are AABA.
pub(crate) fn is_aaba(part: &str, first: u32, bars: u32, reading: &Reading<'_>) -> bool {
    let like = |i: u32| likeness(part, first, first + i * bars, bars, reading);
    let sings = likeness(part, first + 2 * bars, first + 2 * bars, bars, reading) > 0.0;
    bars >= 4 && sings && like(1) >= LIKE && like(2) < UNLIKE && like(3) >= LIKE
}

/// Whether these bars are heard once, and what follows them was heard before.
pub(crate) fn is_bridge(part: &str, first: u32, bars: u32, reading: &Reading<'_>) -> bool {
    let (Some(start), Some(last)) = (reading.score.measures.first(), reading.score.measures.last()) else {
        return false;
    };
    let same = |other: u32| likeness(part, first, other, bars, reading);
    let next = first + bars;
    let fits = |at: &u32| at + bars <= last.number + 1 && (at + bars <= first || *at >= next);
    let once = (start.number..=last.number).filter(fits).all(|other| same(other) < UNLIKE);
    let known = |length: u32| {
        next + length <= last.number + 1
            && (start.number..first)
                .filter(|at| at + length <= first)
                .any(|at| likeness(part, next, at, length, reading) >= 0.9)
    };
    bars >= 4 && first > start.number && same(first) > 0.0 && once && known(4)
}

/// The sum of velocities of the notes that start in a bar: how much force there is.
fn force(bar: u32, reading: &Reading<'_>) -> f64 {
    struck(bar, reading, |_, note| f64::from(note.velocity))
}

/// Bass drums and notes below C3 that start in a bar.
fn lows(bar: u32, reading: &Reading<'_>) -> f64 {
    struck(bar, reading, |_, note| match &note.sound {
        Sound::Drums(keys) => f64::from(u8::from(keys.iter().any(|k| matches!(k, 35 | 36)))),
        Sound::Pitched(pitches) => f64::from(u8::from(pitches.first().is_some_and(|p| p.midi() < 48))),
    })
}

fn struck(bar: u32, reading: &Reading<'_>, of: impl Fn(&Part, &eduai_music::Note) -> f64) -> f64 {
    let Some(bar) = reading.bar(bar) else { return 0.0 };
    let inside = |part: &Part| -> f64 {
        let notes = Reading::starting_between(reading.line(&part.id), bar.start, bar.end());
        notes.iter().map(|p| of(part, p.note)).sum()
    };
    if bar.length > Time::ZERO { reading.score.parts.iter().map(inside).sum() } else { 0.0 }
}

/// Whether the force grows through the one stretch, and low notes and bass drums come in with the other.
pub(crate) fn builds_and_drops(build: (u32, u32), drop: (u32, u32), reading: &Reading<'_>) -> bool {
    if build.1 < build.0 + 1 || drop.0 != build.1 + 1 || drop.1 < drop.0 {
        return false;
    }
    let mean = |of: &dyn Fn(u32) -> f64, from: u32, to: u32| {
        (from..=to).map(of).sum::<f64>() / f64::from(to.saturating_sub(from) + 1)
    };
    let half = (build.1 - build.0).div_ceil(2);
    let grows = mean(&|b| force(b, reading), build.0 + half, build.1)
        >= 1.1 * mean(&|b| force(b, reading), build.0, build.0 + half - 1);
    let (before, after) = (mean(&|b| lows(b, reading), build.0, build.1), mean(&|b| lows(b, reading), drop.0, drop.1));
    grows && after >= 2.0 && after >= 1.5 * before
}
