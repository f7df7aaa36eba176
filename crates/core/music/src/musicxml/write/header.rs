//! Title, encoding and the list of parts.

use super::Writer;
use super::xml::Xml;
use crate::notation::drums;
use crate::score::{Instrument, Part, Score, Sound};
use std::collections::BTreeSet;

/// The id of each part, as the score has it where that is a valid and unique XML name.
pub(super) fn part_ids(score: &Score) -> Vec<String> {
    let mut ids: Vec<String> = Vec::new();
    for (index, part) in score.parts.iter().enumerate() {
        let first = |c: char| c.is_ascii_alphabetic() || c == '_';
        let name = part.id.chars().all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c));
        let mut id = part.id.clone();
        if !name || !id.starts_with(first) || ids.contains(&id) {
            id = format!("P{}", index + 1);
        }
        while ids.contains(&id) {
            id.push('_');
        }
        ids.push(id);
    }
    ids
}

/// The id of the instrument of a percussion key.
pub(super) fn drum_id(part: &str, key: u8) -> String {
    format!("{part}-I{key}")
}

/// Everything before the first part.
pub(super) fn write(writer: &Writer, xml: &mut Xml) {
    xml.raw("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    xml.raw("<!DOCTYPE score-partwise PUBLIC \"-//Recordare//DTD MusicXML 4.0 Partwise//EN\" ");
    xml.raw("\"http://www.musicxml.org/dtds/partwise.dtd\">\n");
    xml.open_with("score-partwise", &[("version", "4.0")]);
    if !writer.score.title.is_empty() {
        xml.open("work");
        xml.leaf("work-title", &writer.score.title);
        xml.close("work");
    }
    xml.open("identification");
    if !writer.score.creator.is_empty() {
        xml.leaf_with("creator", &[("type", "composer")], &writer.score.creator);
    }
    xml.open("encoding");
    xml.leaf("software", "EduAI");
    for element in ["accidental", "beam", "stem"] {
        xml.empty("supports", &[("element", element), ("type", if element == "stem" { "no" } else { "yes" })]);
    }
    xml.close("encoding");
    xml.close("identification");
    part_list(writer, xml);
}

/// The parts; neighbours that do not sing stand in one bracket.
fn part_list(writer: &Writer, xml: &mut Xml) {
    let parts = &writer.score.parts;
    let plays = |part: Option<&Part>| part.is_some_and(|part| part.notes().all(|note| note.lyrics.is_empty()));
    let mut channels = (1..=16_u8).filter(|c| *c != 10).cycle();
    let mut inside = false;
    xml.open("part-list");
    for (index, part) in parts.iter().enumerate() {
        if !inside && plays(Some(part)) && plays(parts.get(index + 1)) {
            xml.open_with("part-group", &[("type", "start"), ("number", "1")]);
            xml.leaf("group-symbol", "bracket");
            xml.leaf("group-barline", "yes");
            xml.close("part-group");
            inside = true;
        }
        let channel = if part.instrument == Instrument::Drums { 10 } else { channels.next().unwrap_or(1) };
        score_part(part, &writer.ids[index], channel, xml);
        if inside && !plays(parts.get(index + 1)) {
            xml.empty("part-group", &[("type", "stop"), ("number", "1")]);
            inside = false;
        }
    }
    xml.close("part-list");
}

fn score_part(part: &Part, id: &str, channel: u8, xml: &mut Xml) {
    xml.open_with("score-part", &[("id", id)]);
    xml.leaf("part-name", &part.name);
    if !part.short_name.is_empty() {
        xml.leaf("part-abbreviation", &part.short_name);
    }
    match part.instrument {
        Instrument::Pitched(program) => {
            let instrument = format!("{id}-I1");
            xml.open_with("score-instrument", &[("id", &instrument)]);
            xml.leaf("instrument-name", &part.name);
            xml.close("score-instrument");
            xml.open_with("midi-instrument", &[("id", &instrument)]);
            xml.leaf("midi-channel", channel);
            xml.leaf("midi-program", u16::from(program) + 1);
            xml.close("midi-instrument");
        }
        Instrument::Drums => kit(part, id, xml),
    }
    xml.close("score-part");
}

/// One instrument for each percussion key that the part uses.
fn kit(part: &Part, id: &str, xml: &mut Xml) {
    let keys: BTreeSet<u8> = part
        .notes()
        .flat_map(|note| std::iter::once(&note.sound).chain(note.graces.iter().map(|grace| &grace.sound)))
        .filter_map(|sound| match sound {
            Sound::Drums(keys) => Some(keys),
            Sound::Pitched(_) => None,
        })
        .flatten()
        .copied()
        .collect();
    for key in &keys {
        xml.open_with("score-instrument", &[("id", &drum_id(id, *key))]);
        xml.leaf("instrument-name", drums::drum(*key).name);
        xml.close("score-instrument");
    }
    for key in &keys {
        xml.open_with("midi-instrument", &[("id", &drum_id(id, *key))]);
        xml.leaf("midi-channel", 10);
        xml.leaf("midi-program", 1);
        // MusicXML counts percussion keys from 1.
        xml.leaf("midi-unpitched", u16::from(*key) + 1);
        xml.close("midi-instrument");
    }
}
