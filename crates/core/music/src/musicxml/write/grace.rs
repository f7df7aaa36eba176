//! The grace notes before a note.

use super::super::FORTE;
use super::header::drum_id;
use super::note::{self, Accidentals, Place};
use super::xml::Xml;
use super::{Writer, note_id};
use crate::Note;
use crate::notation::drums::{self, Head};
use crate::notation::{Event, Segment};
use crate::score::{Grace, Instrument, Sound};

/// One head of a grace note or chord.
struct GraceWriter<'a> {
    writer: &'a Writer<'a>,
    place: Place,
    event: &'a Event,
    note: &'a Note,
    /// The place of the grace note in its group, and of the head in its chord.
    index: usize,
    member: usize,
}

/// Writes the grace notes of a note. Their ids are that of the note with `-g1`, `-g1-2` (the second of a chord), `-g2`.
pub(super) fn write(
    writer: &Writer,
    place: Place,
    (event, segment): (&Event, Segment),
    note: &Note,
    accidentals: &Accidentals,
    xml: &mut Xml,
) {
    let voice = writer.engraving.parts[place.part].layers[place.layer].voice;
    let id = note_id(&writer.ids[place.part], voice, segment.index, 0, 0);
    for (index, grace) in note.graces.iter().enumerate() {
        let members = match &grace.sound {
            Sound::Pitched(pitches) => pitches.len(),
            Sound::Drums(keys) => keys.len(),
        };
        for member in 0..members {
            GraceWriter { writer, place, event, note, index, member }.write(grace, &id, accidentals, xml);
        }
    }
}

impl GraceWriter<'_> {
    fn write(&self, grace: &Grace, id: &str, accidentals: &Accidentals, xml: &mut Xml) {
        let mut id = format!("{id}-g{}", self.index + 1);
        if self.member > 0 {
            id.extend(["-", &(self.member + 1).to_string()]);
        }
        let loudness = format!("{:.2}", f64::from(self.note.velocity) * 100.0 / FORTE);
        xml.open_with("note", &[("id", &id), ("dynamics", &loudness)]);
        let slash: &[(&str, &str)] = if grace.slashed { &[("slash", "yes")] } else { &[] };
        xml.empty("grace", slash);
        if self.member > 0 {
            xml.empty("chord", &[]);
        }
        let (accidental, head) = self.sound(grace, accidentals, xml);
        xml.leaf("voice", self.place.layer + 1);
        xml.leaf("type", grace.value.name());
        if let Some(accidental) = accidental {
            xml.leaf("accidental", accidental);
        }
        xml.leaf("stem", "up");
        if head != Head::Normal {
            xml.leaf("notehead", head.name());
        }
        note::staff(self.writer, self.place, xml);
        if self.member == 0 {
            self.beams(xml);
        }
        xml.close("note");
    }

    fn sound(&self, grace: &Grace, accidentals: &Accidentals, xml: &mut Xml) -> (Option<&'static str>, Head) {
        let part = &self.writer.score.parts[self.place.part];
        match &grace.sound {
            Sound::Pitched(pitches) => {
                let pitch = self.writer.engraving.parts[self.place.part].transposition.printed(pitches[self.member]);
                note::write_pitch(pitch, xml);
                let sign = accidentals.sign(self.place.layer, self.event.onset, Some(self.index), pitch);
                (sign, Head::Normal)
            }
            Sound::Drums(keys) => {
                let drum = drums::drum(keys[self.member]);
                note::write_unpitched(drum, xml);
                if part.instrument == Instrument::Drums {
                    let instrument = drum_id(&self.writer.ids[self.place.part], drum.key);
                    xml.empty("instrument", &[("id", &instrument)]);
                }
                (None, drum.head)
            }
        }
    }

    /// The grace notes of a group are beamed together where all of them have flags.
    fn beams(&self, xml: &mut Xml) {
        let flags: Vec<u8> = self.note.graces.iter().map(|grace| grace.value.flags()).collect();
        if flags.len() < 2 || flags.contains(&0) {
            return;
        }
        let own = flags[self.index];
        let before = self.index.checked_sub(1).map_or(0, |before| flags[before]);
        let after = flags.get(self.index + 1).copied().unwrap_or(0);
        for level in 1..=own {
            let does = match (before >= level, after >= level) {
                (true, true) => "continue",
                (true, false) => "end",
                (false, true) => "begin",
                (false, false) if self.index == 0 => "forward hook",
                (false, false) => "backward hook",
            };
            xml.leaf_with("beam", &[("number", &level.to_string())], does);
        }
    }
}
