//! Writing MusicXML.

mod archive;
mod bar;
mod direction;
mod grace;
mod header;
mod note;
mod repeat;
mod xml;

pub use archive::write_compressed;

use crate::notation::dynamics::{DynamicSign, signs};
use crate::notation::{self, Engraving};
use crate::score::Measure;
use crate::{Score, Time};
use xml::Xml;

/// Steps a quarter note where the true grid would be too fine: divisible by all small numbers.
const FINE_GRID: i64 = 10_080;

/// What all bars of a score are written with.
struct Writer<'a> {
    score: &'a Score,
    engraving: Engraving,
    /// The dynamics of each part.
    dynamics: Vec<Vec<(Time, DynamicSign)>>,
    divisions: i64,
    /// The XML id of each part.
    ids: Vec<String>,
}

/// The `id` of a note element. `voice` and `index` are places in [`Part::voices`](crate::Part::voices) and in that
/// voice, from 0; in the id voices count from 1. The first member of a chord and the first of tied segments have the bare
/// id `n-bass-1-17`; further
/// chord members (`member` from 0) end in `-2`, `-3`, and tied segments (`segment` from 0) in `-t2`, `-t3`.
pub fn note_id(part: &str, voice: usize, index: usize, member: usize, segment: u32) -> String {
    let mut id = format!("n-{part}-{}-{index}", voice + 1);
    if member > 0 {
        id.extend(["-", &(member + 1).to_string()]);
    }
    if segment > 0 {
        id.extend(["-t", &(segment + 1).to_string()]);
    }
    id
}

/// The score as a MusicXML 4.0 partwise document. The same score gives the same bytes.
///
/// Times are exact, except where a score needs more than a million divisions a quarter note: such times are rounded to
/// 1/10,080 quarter. Notes without length or before the start cannot be written and are left out.
pub fn write(score: &Score) -> String {
    let engraving = notation::engrave(score);
    let chords = score.chords.iter().flat_map(|c| [c.at, c.at + c.duration]);
    let end = engraving.bars.last().map_or(Time::ZERO, Measure::end);
    let dynamics: Vec<_> = score.parts.iter().map(|part| signs(&part.dynamics, end)).collect();
    let marked = dynamics.iter().flatten().map(|(at, _)| *at);
    let places = chords.chain(score.tempos.iter().map(|t| t.at)).chain(marked);
    let divisions = notation::divisions(&engraving, places).unwrap_or(FINE_GRID);
    let writer = Writer { score, engraving, dynamics, divisions, ids: header::part_ids(score) };
    let mut xml = Xml::default();
    header::write(&writer, &mut xml);
    for (index, id) in writer.ids.iter().enumerate() {
        xml.open_with("part", &[("id", id)]);
        bar::write_part(&writer, index, &mut xml);
        xml.close("part");
    }
    xml.close("score-partwise");
    xml.finish()
}

impl Writer<'_> {
    /// A length in divisions: the difference of rounded places, so that lengths always add up.
    fn steps(&self, from: Time, to: Time) -> i64 {
        to.ticks(self.divisions) - from.ticks(self.divisions)
    }
}
