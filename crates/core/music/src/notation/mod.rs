//! From the time line to the page: cuts notes into what can be written in a bar.
//!
//! A [`Score`] says when a note starts and how long it sounds; paper knows bars, note values, dots, ties, tuplets and
//! beams. [`engrave`] makes the one from the other without changing a single time, and both the MusicXML and the ABC
//! writer draw what it returns. It does not decide on fonts, spacing or page turns.

mod beam;
pub mod drums;
pub(crate) mod dynamics;
mod span;
mod split;
mod value;

pub use beam::Beam;
pub use split::{Event, Segment, Tuplet};
pub use value::Value;

use crate::score::{Clef, Instrument, Measure, Meter, Note, Part, Score, Transposition};
use crate::{Key, Mode, PitchName, Time};

/// A score cut into bars of notatable values.
#[derive(Clone, Debug)]
pub struct Engraving {
    /// The bars: those of the score, and more of the last meter where notes go on after the last one.
    pub bars: Vec<Measure>,
    /// The parts, as in the score.
    pub parts: Vec<PartLayout>,
}

/// How one part is laid out.
#[derive(Clone, Debug)]
pub struct PartLayout {
    /// 1, or 2 for a keyboard's grand staff.
    pub staves: u8,
    /// How it is printed for its player.
    pub transposition: Transposition,
    /// The lines of music, at least one.
    pub layers: Vec<Layer>,
}

/// One line of music: a voice, or what of a voice overlaps itself.
#[derive(Clone, Debug)]
pub struct Layer {
    /// The index of the voice in [`Part::voices`].
    pub voice: usize,
    /// The staff it is written on, from 1.
    pub staff: u8,
    /// For each bar, its events from start to end without gaps.
    pub bars: Vec<Vec<Event>>,
}

/// Cuts a score. Notes without length and notes before the start cannot be written and are left out.
pub fn engrave(score: &Score) -> Engraving {
    let bars = bars(score);
    let parts = score.parts.iter().map(|part| layout(part, &bars)).collect();
    Engraving { bars, parts }
}

/// The part over which chord symbols stand: the first that is printed as it sounds, or the first that is not percussion.
pub(crate) fn chord_part(score: &Score, engraving: &Engraving) -> Option<usize> {
    let pitched = |index: &usize| score.parts[*index].instrument != Instrument::Drums;
    let parts = || (0..score.parts.len()).filter(pitched);
    parts().find(|index| engraving.parts[*index].transposition.is_none()).or_else(|| parts().next())
}

fn bars(score: &Score) -> Vec<Measure> {
    let mut bars = score.measures.clone();
    if bars.is_empty() {
        let key = Key::new(PitchName::C, Mode::Major);
        bars.push(Measure { number: 1, start: Time::ZERO, length: Time::WHOLE, meter: Meter::COMMON, key });
    }
    let end = score.parts.iter().flat_map(Part::notes).map(Note::end).max().unwrap_or(Time::ZERO);
    while let Some(last) = bars.last().filter(|last| last.end() < end) {
        let length = last.meter.length().max(Time::SIXTEENTH);
        bars.push(Measure { number: last.number + 1, start: last.end(), length, ..last.clone() });
    }
    bars
}

fn layout(part: &Part, bars: &[Measure]) -> PartLayout {
    let staff_of = staves(part);
    let mut layers = Vec::new();
    for (voice, notes) in part.voices.iter().enumerate() {
        let staff = staff_of.get(voice).copied().unwrap_or(1);
        for line in lines(notes) {
            layers.push(Layer { voice, staff, bars: cut(&line, bars) });
        }
    }
    if layers.is_empty() {
        layers.push(Layer { voice: 0, staff: 1, bars: cut(&[], bars) });
    }
    let transposition = part.transposition.printable(bars.iter().map(|bar| bar.key));
    PartLayout { staves: staff_of.iter().copied().max().unwrap_or(1), transposition, layers }
}

/// The staff of each voice. A keyboard part in the treble clef whose lower voices lie below middle C on the average gets
/// a grand staff; all else is written on one.
fn staves(part: &Part) -> Vec<u8> {
    let keyboard = matches!(part.instrument, Instrument::Pitched(0..=7 | 16..=23));
    if !keyboard || part.clef != Clef::Treble || part.voices.len() < 2 {
        return vec![1; part.voices.len()];
    }
    let low = |notes: &[Note]| {
        let pitches: Vec<i32> = notes.iter().flat_map(Note::pitches).map(|p| p.midi()).collect();
        !pitches.is_empty() && pitches.iter().sum::<i32>() < 60 * pitches.len() as i32
    };
    part.voices.iter().enumerate().map(|(voice, notes)| if voice > 0 && low(notes) { 2 } else { 1 }).collect()
}

/// Splits a voice into lines in which nothing overlaps: one, unless the score breaks its own rule.
fn lines(notes: &[Note]) -> Vec<Vec<(usize, &Note)>> {
    let mut lines: Vec<Vec<(usize, &Note)>> = vec![Vec::new()];
    let writable = |note: &&Note| note.duration > Time::ZERO && note.onset >= Time::ZERO;
    let mut sorted: Vec<(usize, &Note)> = notes.iter().enumerate().filter(|(_, note)| writable(note)).collect();
    sorted.sort_by_key(|(index, note)| (note.onset, *index));
    for (index, note) in sorted {
        let free = |line: &Vec<(usize, &Note)>| line.last().is_none_or(|(_, last)| last.end() <= note.onset);
        match lines.iter_mut().find(|line| free(line)) {
            Some(line) => line.push((index, note)),
            None => lines.push(vec![(index, note)]),
        }
    }
    lines
}

fn cut(line: &[(usize, &Note)], bars: &[Measure]) -> Vec<Vec<Event>> {
    let mut rest = line;
    let mut segments = vec![0_u32; line.len()];
    let mut out = Vec::with_capacity(bars.len());
    for bar in bars {
        let past = rest.iter().take_while(|(_, note)| note.end() <= bar.start).count();
        rest = &rest[past..];
        let here = rest.iter().take_while(|(_, note)| note.onset < bar.end()).count();
        let first = line.len() - rest.len();
        let mut events = split::bar(&rest[..here], bar);
        for event in &mut events {
            if let Some(segment) = &mut event.note {
                let at = first + segment.position;
                segment.number = segments[at];
                segments[at] += 1;
            }
        }
        beam::beam(&mut events, bar);
        out.push(events);
    }
    out
}

/// The coarsest grid on which all times of the engraving and all `places` lie, as a number of steps a quarter note. None when it would
/// be finer than a millionth, which only broken input needs.
pub fn divisions(engraving: &Engraving, places: impl Iterator<Item = Time>) -> Option<i64> {
    let events = engraving.parts.iter().flat_map(|p| &p.layers).flat_map(|l| l.bars.iter().flatten());
    let times = events.map(|e| e.duration).chain(engraving.bars.iter().map(|bar| bar.length));
    times.chain(places).map(Time::denominator).try_fold(1_i64, |lcm, d| {
        let (mut a, mut b) = (lcm, d);
        while b != 0 {
            (a, b) = (b, a % b);
        }
        (lcm / a).checked_mul(d).filter(|steps| *steps <= 1_000_000)
    })
}
