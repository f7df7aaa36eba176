//! One event: a rest, a note or a chord.

use super::super::FORTE;
use super::header::drum_id;
use super::xml::Xml;
use super::{Writer, note_id};
use crate::notation::drums::{self, Drum, Head};
use crate::notation::{Event, Layer, Segment, Tuplet};
use crate::score::{Articulation, Instrument, Lyric, Sound, Syllabic};
use crate::theory::{Pitch, Step};
use crate::{Note, Time};
use std::collections::{HashMap, HashSet};

/// Where an event is written.
#[derive(Clone, Copy)]
pub(super) struct Place {
    /// The index of the part.
    pub part: usize,
    /// The index of the layer.
    pub layer: usize,
    /// The direction of stems, where it is not left to the program that draws.
    pub stem: Option<&'static str>,
}

/// Which notes of a bar need an accidental: worked out for a whole staff at once, because an accidental holds for all
/// voices of its staff until the bar line.
pub(super) struct Accidentals {
    /// Layer, onset, which grace note before it (none for the note itself), printed pitch.
    needed: HashSet<(usize, Time, Option<usize>, Pitch)>,
}

impl Accidentals {
    /// The accidentals of one bar of one staff.
    pub fn of_bar(writer: &Writer, part: usize, bar: usize, staff: u8) -> Self {
        let layout = &writer.engraving.parts[part];
        let transposition = layout.transposition;
        let key = transposition.printed_key(writer.engraving.bars[bar].key).signature();
        // A note comes after its graces.
        let mut heads: Vec<(Time, usize, usize, Pitch, bool)> = Vec::new();
        let on_staff = |(_, layer): &(usize, &Layer)| layer.staff == staff;
        for (index, layer) in layout.layers.iter().enumerate().filter(on_staff) {
            for event in &layer.bars[bar] {
                let Some(segment) = event.note else { continue };
                let Some(note) = note_of(writer, part, layer, segment) else { continue };
                let printed = |pitch: &Pitch| transposition.printed(*pitch);
                if segment.number == 0 {
                    for (rank, grace) in note.graces.iter().enumerate() {
                        heads.extend(
                            grace.sound.pitches().iter().map(|p| (event.onset, rank, index, printed(p), false)),
                        );
                    }
                }
                let pitches = note.pitches().iter();
                heads.extend(pitches.map(|p| (event.onset, usize::MAX, index, printed(p), segment.tied_before)));
            }
        }
        heads.sort();
        let mut state: HashMap<(Step, i8), i8> = HashMap::new();
        let mut needed = HashSet::new();
        for (onset, rank, layer, pitch, tied) in heads {
            let place = (pitch.step, pitch.octave);
            let holds = state.get(&place).copied().unwrap_or_else(|| in_signature(key, pitch.step));
            if !tied && holds != pitch.alter {
                needed.insert((layer, onset, Some(rank).filter(|rank| *rank < usize::MAX), pitch));
                state.insert(place, pitch.alter);
            }
        }
        Self { needed }
    }

    /// The sign that a head needs.
    pub fn sign(&self, layer: usize, onset: Time, grace: Option<usize>, printed: Pitch) -> Option<&'static str> {
        self.needed.contains(&(layer, onset, grace, printed)).then(|| accidental_name(printed.alter))
    }
}

/// The alteration that a key signature gives to a letter.
fn in_signature(fifths: i32, step: Step) -> i8 {
    let sharps = [Step::F, Step::C, Step::G, Step::D, Step::A, Step::E, Step::B];
    let place = sharps.iter().position(|s| *s == step).unwrap_or(0) as i32;
    // Each full round of seven fifths alters every letter once more.
    if fifths >= 0 { ((fifths - place + 6) / 7) as i8 } else { -((-fifths - (6 - place) + 6) / 7) as i8 }
}

fn accidental_name(alter: i8) -> &'static str {
    match alter {
        ..=-2 => "flat-flat",
        -1 => "flat",
        0 => "natural",
        1 => "sharp",
        2.. => "double-sharp",
    }
}

fn note_of<'a>(writer: &Writer<'a>, part: usize, layer: &Layer, segment: Segment) -> Option<&'a Note> {
    writer.score.parts.get(part)?.voices.get(layer.voice)?.get(segment.index)
}

/// Writes an event.
pub(super) fn write(writer: &Writer, place: Place, event: &Event, accidentals: &Accidentals, xml: &mut Xml) {
    let layer = &writer.engraving.parts[place.part].layers[place.layer];
    let found = event.note.and_then(|segment| Some((segment, note_of(writer, place.part, layer, segment)?)));
    let Some((segment, note)) = found else {
        return rest(writer, place, event, xml);
    };
    let members = match &note.sound {
        Sound::Pitched(pitches) => pitches.len(),
        Sound::Drums(keys) => keys.len(),
    };
    // A note without pitches is silence.
    if members == 0 {
        return rest(writer, place, event, xml);
    }
    if segment.number == 0 {
        super::grace::write(writer, place, (event, segment), note, accidentals, xml);
    }
    for member in 0..members {
        let head = HeadWriter { writer, place, event, segment, note, member };
        head.write(accidentals, xml);
    }
}

fn rest(writer: &Writer, place: Place, event: &Event, xml: &mut Xml) {
    xml.open("note");
    if event.whole_bar {
        xml.empty("rest", &[("measure", "yes")]);
    } else {
        xml.empty("rest", &[]);
    }
    xml.leaf("duration", writer.steps(event.onset, event.onset + event.duration));
    xml.leaf("voice", place.layer + 1);
    if !event.whole_bar {
        shape(event, xml);
    }
    staff(writer, place, xml);
    if event.tuplet.is_some_and(|tuplet| tuplet.starts || tuplet.ends) {
        xml.open("notations");
        tuplet_ends(event, xml);
        xml.close("notations");
    }
    xml.close("note");
}

pub(super) fn staff(writer: &Writer, place: Place, xml: &mut Xml) {
    let layout = &writer.engraving.parts[place.part];
    if layout.staves > 1 {
        xml.leaf("staff", layout.layers[place.layer].staff);
    }
}

/// Type and dots.
fn shape(event: &Event, xml: &mut Xml) {
    xml.leaf("type", event.value.name());
    for _ in 0..event.value.dots {
        xml.empty("dot", &[]);
    }
    if let Some(tuplet) = event.tuplet {
        modification(tuplet, xml);
    }
}

fn modification(tuplet: Tuplet, xml: &mut Xml) {
    xml.open("time-modification");
    xml.leaf("actual-notes", tuplet.actual);
    xml.leaf("normal-notes", tuplet.normal);
    xml.leaf("normal-type", tuplet.unit.name());
    xml.close("time-modification");
}

fn tuplet_ends(event: &Event, xml: &mut Xml) {
    let Some(tuplet) = event.tuplet else { return };
    if tuplet.starts {
        xml.open_with("tuplet", &[("type", "start"), ("bracket", "yes"), ("number", "1")]);
        for (element, number) in [("tuplet-actual", tuplet.actual), ("tuplet-normal", tuplet.normal)] {
            xml.open(element);
            xml.leaf("tuplet-number", number);
            xml.leaf("tuplet-type", tuplet.unit.name());
            xml.close(element);
        }
        xml.close("tuplet");
    }
    if tuplet.ends {
        xml.empty("tuplet", &[("type", "stop"), ("number", "1")]);
    }
}

/// One head of a note or chord.
struct HeadWriter<'a> {
    writer: &'a Writer<'a>,
    place: Place,
    event: &'a Event,
    segment: Segment,
    note: &'a Note,
    member: usize,
}

impl HeadWriter<'_> {
    fn write(&self, accidentals: &Accidentals, xml: &mut Xml) {
        let part_id = &self.writer.ids[self.place.part];
        let voice = self.writer.engraving.parts[self.place.part].layers[self.place.layer].voice;
        let id = note_id(part_id, voice, self.segment.index, self.member, self.segment.number);
        let loudness = format!("{:.2}", f64::from(self.note.velocity) * 100.0 / FORTE);
        xml.open_with("note", &[("id", &id), ("dynamics", &loudness)]);
        if self.member > 0 {
            xml.empty("chord", &[]);
        }
        self.sound(part_id, accidentals, xml);
        if self.member == 0 {
            for beam in self.event.beams.iter().enumerate() {
                xml.leaf_with("beam", &[("number", &(beam.0 + 1).to_string())], beam.1.name());
            }
        }
        self.notations(xml);
        if self.member == 0 && self.segment.number == 0 {
            for lyric in &self.note.lyrics {
                write_lyric(lyric, xml);
            }
        }
        xml.close("note");
    }

    /// From the pitch to the staff, in the order that the schema wants.
    fn sound(&self, part_id: &str, accidentals: &Accidentals, xml: &mut Xml) {
        let mut accidental = None;
        let mut head = Head::Normal;
        let mut instrument = None;
        match &self.note.sound {
            Sound::Pitched(pitches) => {
                let pitch = self.writer.engraving.parts[self.place.part].transposition.printed(pitches[self.member]);
                write_pitch(pitch, xml);
                accidental = accidentals.sign(self.place.layer, self.event.onset, None, pitch);
            }
            Sound::Drums(keys) => {
                let drum = drums::drum(keys[self.member]);
                write_unpitched(drum, xml);
                head = drum.head;
                instrument = Some(drum_id(part_id, drum.key));
            }
        }
        xml.leaf("duration", self.writer.steps(self.event.onset, self.event.onset + self.event.duration));
        if self.segment.tied_before {
            xml.empty("tie", &[("type", "stop")]);
        }
        if self.segment.tied_after {
            xml.empty("tie", &[("type", "start")]);
        }
        if let Some(instrument) = instrument.filter(|_| self.is_kit()) {
            xml.empty("instrument", &[("id", &instrument)]);
        }
        xml.leaf("voice", self.place.layer + 1);
        xml.leaf("type", self.event.value.name());
        for _ in 0..self.event.value.dots {
            xml.empty("dot", &[]);
        }
        if let Some(accidental) = accidental {
            xml.leaf("accidental", accidental);
        }
        if let Some(tuplet) = self.event.tuplet {
            modification(tuplet, xml);
        }
        if let Some(stem) = self.place.stem {
            xml.leaf("stem", stem);
        }
        let ghost = self.note.articulations.contains(&Articulation::Ghost);
        if ghost {
            xml.leaf_with("notehead", &[("parentheses", "yes")], head.name());
        } else if head != Head::Normal {
            xml.leaf("notehead", head.name());
        }
        staff(self.writer, self.place, xml);
    }

    fn is_kit(&self) -> bool {
        self.writer.score.parts[self.place.part].instrument == Instrument::Drums
    }

    fn notations(&self, xml: &mut Xml) {
        let first = self.member == 0;
        let tuplet = first && self.event.tuplet.is_some_and(|t| t.starts || t.ends);
        let names: Vec<&str> = self.note.articulations.iter().filter_map(|a| articulation_name(*a)).collect();
        let articulated = first && self.segment.number == 0 && !names.is_empty();
        if !(tuplet || articulated || self.segment.tied_before || self.segment.tied_after) {
            return;
        }
        xml.open("notations");
        if self.segment.tied_before {
            xml.empty("tied", &[("type", "stop")]);
        }
        if self.segment.tied_after {
            xml.empty("tied", &[("type", "start")]);
        }
        if first {
            tuplet_ends(self.event, xml);
        }
        if articulated {
            xml.open("articulations");
            for name in names {
                xml.empty(name, &[]);
            }
            xml.close("articulations");
        }
        xml.close("notations");
    }
}

/// A pitch as it is printed.
pub(super) fn write_pitch(pitch: Pitch, xml: &mut Xml) {
    xml.open("pitch");
    xml.leaf("step", pitch.step.letter());
    if pitch.alter != 0 {
        xml.leaf("alter", pitch.alter);
    }
    xml.leaf("octave", pitch.octave);
    xml.close("pitch");
}

/// The place of a drum on the staff.
pub(super) fn write_unpitched(drum: Drum, xml: &mut Xml) {
    xml.open("unpitched");
    xml.leaf("display-step", drum.step.letter());
    xml.leaf("display-octave", drum.octave);
    xml.close("unpitched");
}

/// The element of an articulation; a ghost note is said by its head.
fn articulation_name(articulation: Articulation) -> Option<&'static str> {
    match articulation {
        Articulation::Staccato => Some("staccato"),
        Articulation::Tenuto => Some("tenuto"),
        Articulation::Accent => Some("accent"),
        Articulation::Ghost => None,
    }
}

fn write_lyric(lyric: &Lyric, xml: &mut Xml) {
    xml.open_with("lyric", &[("number", &lyric.verse.to_string())]);
    let syllabic = match lyric.place {
        Syllabic::Single => "single",
        Syllabic::Begin => "begin",
        Syllabic::Middle => "middle",
        Syllabic::End => "end",
    };
    xml.leaf("syllabic", syllabic);
    xml.leaf("text", &lyric.text);
    if lyric.melisma {
        xml.empty("extend", &[]);
    }
    xml.close("lyric");
}
