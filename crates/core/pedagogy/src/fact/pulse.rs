//! Checks of several pulses at a time, and of a lead over chords.

use super::check::{Checked, demand};
use super::{Fact, Placed, Pulse, Reading, rhythm};
use crate::model::Evidence;
use eduai_music::Time;
use eduai_music::score::{Measure, Sound};

/// Recomputes the fact, if it is one of these.
pub(super) fn check(fact: &Fact, evidence: &Evidence, reading: &Reading<'_>) -> Option<Checked> {
    Some(match fact {
        Fact::Polyrhythm { one, other, span } => polyrhythm(one, other, *span, evidence, reading),
        Fact::Homophony { lead, chords } => {
            let (lead, chords) = (reading.line(lead), reading.line(chords));
            demand(evidence.bars.len() >= 2, || "fewer than two bars are named".to_owned()).and_then(|()| {
                let mut bars = rhythm::bars(evidence, reading);
                demand(bars.all(|bar| leads_over(lead, chords, bar)), || "nobody leads over chords".to_owned())
            })
        }
        _ => return None,
    })
}

/// Whether two numbers of strokes rub: neither is a multiple of the other, nor of a common third.
pub(crate) fn rubs(one: u32, other: u32) -> bool {
    let (mut a, mut b) = (one, other);
    while b > 0 {
        (a, b) = (b, a % b);
    }
    a == 1 && one > 1 && other > 1
}

fn polyrhythm(one: &Pulse, other: &Pulse, span: Time, evidence: &Evidence, reading: &Reading<'_>) -> Checked {
    demand(!evidence.bars.is_empty() && rubs(one.count, other.count) && span > Time::ZERO, || {
        "the two pulses do not rub".to_owned()
    })?;
    for bar in rhythm::bars(evidence, reading) {
        for pulse in [one, other] {
            let found = even_strokes(reading.line(&pulse.part), &pulse.keys, bar.start, span);
            demand(found == Some(pulse.count), || format!("{} has {found:?} even strokes there", pulse.part))?;
        }
    }
    Ok(())
}

/// How many strokes of the line there are from `from` on for `span`, if they are at even distances and the first one
/// falls on the start; of percussion only those of `keys`, where any is named.
pub(crate) fn even_strokes(line: &[Placed<'_>], keys: &[u8], from: Time, span: Time) -> Option<u32> {
    let struck = |p: &&Placed<'_>| match &p.note.sound {
        Sound::Drums(own) => keys.is_empty() || own.iter().any(|k| keys.contains(k)),
        Sound::Pitched(_) => keys.is_empty(),
    };
    let mut times: Vec<Time> =
        Reading::starting_between(line, from, from + span).iter().filter(struck).map(|p| p.note.onset - from).collect();
    times.dedup();
    let count = times.len() as i64;
    let even = count >= 2 && times.iter().zip(0..).all(|(time, i)| *time * count == span * i);
    even.then_some(times.len() as u32)
}

/// Whether in this bar the lead has at least two notes, one at a time, and the other part strikes nothing but chords.
pub(crate) fn leads_over(lead: &[Placed<'_>], chords: &[Placed<'_>], bar: &Measure) -> bool {
    let (tune, struck) = (Reading::starting_in(lead, bar), Reading::starting_in(chords, bar));
    tune.len() >= 2
        && !struck.is_empty()
        && tune.iter().all(|p| p.note.pitches().len() == 1)
        && struck.iter().all(|p| p.note.pitches().len() >= 3)
}
