//! Checks of form and texture.

use super::check::{Checked, demand};
use super::{Fact, Placed, Reading};
use crate::model::Evidence;
use eduai_music::Time;
use eduai_music::score::Measure;

/// Recomputes the fact, if it is one of form or texture.
pub(super) fn check(fact: &Fact, evidence: &Evidence, reading: &Reading<'_>) -> Option<Checked> {
    Some(match fact {
        Fact::Repeat { part, first, second, bars } => {
            let share = likeness(part, *first, *second, *bars, reading);
            demand(first != second && share >= 0.95, || format!("{:.0} of a hundred notes agree", share * 100.0))
        }
        Fact::Texture { parts } => {
            let found = sounding(evidence.from, evidence.to, reading);
            demand(&found == parts, || format!("these parts sound: {}", found.join(", ")))
        }
        Fact::Entry { part } => entry(part, evidence, reading),
        Fact::Section { label, first, bars } => section(label, *first, *bars, reading),
        Fact::SectionOrder { labels } => order(labels, reading),
        Fact::Higher { part, low, high } => {
            let line = reading.line(part);
            let mean = |bars: &(u32, u32)| mean_pitch(line, *bars, reading);
            let right = matches!((mean(low), mean(high)), (Some(low), Some(high)) if high - low >= 2.0);
            demand(right, || "it does not lie higher".to_owned())
        }
        Fact::Denser { thin, dense } => {
            let (thin, dense) = (density(*thin, reading), density(*dense, reading));
            demand(thin > 0.0 && dense >= 1.25 * thin, || format!("{thin:.1} against {dense:.1} notes a bar"))
        }
        Fact::Sounds { part } => {
            let sounds = reading.score.part(part).is_some_and(|part| reading.sounds(part, evidence.from, evidence.to));
            demand(sounds, || format!("{part} is silent"))
        }
        _ => return None,
    })
}

/// The share of notes that two stretches of a part have in common, 0 to 1; 0 where one of them is empty.
pub(crate) fn likeness(part: &str, first: u32, second: u32, bars: u32, reading: &Reading<'_>) -> f64 {
    let line = reading.voice(part);
    let stretch = |from: u32| -> Option<Vec<(Time, Vec<eduai_music::Pitch>)>> {
        let (start, end) = (reading.bar(from)?, reading.bar(from + bars.max(1) - 1)?);
        let whole = Measure { length: end.end() - start.start, ..start.clone() };
        let notes = Reading::starting_in(line, &whole);
        Some(notes.iter().map(|p| (p.note.onset - start.start, p.note.pitches().to_vec())).collect())
    };
    let (Some(one), Some(two)) = (stretch(first), stretch(second)) else { return 0.0 };
    let longest = one.len().max(two.len());
    let same = one.iter().filter(|n| two.contains(n)).count();
    if longest < 3 { 0.0 } else { same as f64 / longest as f64 }
}

/// The ids of the parts that sound between two times, in the order of the page.
pub(crate) fn sounding(from: Time, to: Time, reading: &Reading<'_>) -> Vec<String> {
    reading.score.parts.iter().filter(|part| reading.sounds(part, from, to)).map(|part| part.id.clone()).collect()
}

fn entry(part: &str, evidence: &Evidence, reading: &Reading<'_>) -> Checked {
    let first = reading.line(part).first().map(|p| p.note.onset);
    let bar = evidence.bars.first().and_then(|n| reading.bar(*n));
    let right = match (first, bar) {
        (Some(first), Some(bar)) => bar.start > Time::ZERO && first >= bar.start && first < bar.end(),
        _ => false,
    };
    demand(right, || format!("the part first sounds at {first:?}"))
}

fn section(label: &str, first: u32, bars: u32, reading: &Reading<'_>) -> Checked {
    let right = reading.score.sections.iter().any(|s| {
        s.label == label
            && s.bars == bars as usize
            && reading.score.measures.get(s.first).is_some_and(|m| m.number == first)
    });
    demand(right, || format!("no section {label} of {bars} bars begins in bar {first}"))
}

fn order(labels: &[String], reading: &Reading<'_>) -> Checked {
    let starts: Vec<Option<usize>> =
        labels.iter().map(|l| reading.score.sections.iter().find(|s| s.label == *l).map(|s| s.first)).collect();
    let right = starts.len() >= 2 && starts.iter().all(Option::is_some) && starts.windows(2).all(|w| w[0] < w[1]);
    demand(right, || "the sections come in another order".to_owned())
}

fn stretch(bars: (u32, u32), reading: &Reading<'_>) -> Option<(Time, Time)> {
    Some((reading.bar(bars.0)?.start, reading.bar(bars.1)?.end()))
}

/// The mean MIDI number of the notes that start in these bars, by notes; none where there are fewer than four.
pub(crate) fn mean_pitch(line: &[Placed<'_>], bars: (u32, u32), reading: &Reading<'_>) -> Option<f64> {
    let (from, to) = stretch(bars, reading)?;
    let pitches: Vec<i32> =
        line.iter().filter(|p| p.note.onset >= from && p.note.onset < to).map(Placed::midi).collect();
    (pitches.len() >= 4).then(|| f64::from(pitches.iter().sum::<i32>()) / pitches.len() as f64)
}

/// Onsets a bar, all parts together; 0 for bars that are not there.
pub(crate) fn density(bars: (u32, u32), reading: &Reading<'_>) -> f64 {
    let Some((from, to)) = stretch(bars, reading) else { return 0.0 };
    let count = |part: &eduai_music::Part| {
        part.voices
            .iter()
            .map(|v| v.partition_point(|n| n.onset < to) - v.partition_point(|n| n.onset < from))
            .sum::<usize>()
    };
    let notes: usize = reading.score.parts.iter().map(count).sum();
    notes as f64 / f64::from(bars.1 - bars.0 + 1)
}
