//! The bars of one part.

use super::Writer;
use super::direction::{self, Mark};
use super::note::{self, Accidentals};
use super::repeat;
use super::xml::Xml;
use crate::Time;
use crate::notation::{Event, Layer};
use crate::score::{Clef, Instrument, Transposition};

/// All bars of a part.
pub(super) fn write_part(writer: &Writer, part: usize, xml: &mut Xml) {
    for (bar, measure) in writer.engraving.bars.iter().enumerate() {
        let number = measure.number.to_string();
        let mut attributes = vec![("number", number.as_str())];
        if measure.number == 0 {
            attributes.push(("implicit", "yes"));
        }
        xml.open_with("measure", &attributes);
        repeat::left(writer.score, bar, xml);
        write_attributes(writer, part, bar, xml);
        if part == 0 {
            repeat::marks_of_start(writer.score, bar, xml);
        }
        write_layers(writer, part, bar, xml);
        if part == 0 {
            repeat::marks_of_end(writer.score, bar, xml);
        }
        let last = bar + 1 == writer.engraving.bars.len();
        let section = writer.score.sections.iter().any(|section| section.first == bar + 1);
        let style = if last { Some("light-heavy") } else { section.then_some("light-light") };
        repeat::right(writer.score, bar, style, xml);
        xml.close("measure");
    }
}

/// Divisions, key, meter and clefs: all of them in the first bar, later what changes.
fn write_attributes(writer: &Writer, part: usize, bar: usize, xml: &mut Xml) {
    let measure = &writer.engraving.bars[bar];
    let before = bar.checked_sub(1).map(|before| &writer.engraving.bars[before]);
    let new_key = before.is_none_or(|before| before.key != measure.key);
    let new_meter = before.is_none_or(|before| before.meter != measure.meter);
    if before.is_some() && !new_key && !new_meter {
        return;
    }
    xml.open("attributes");
    if before.is_none() {
        xml.leaf("divisions", writer.divisions);
    }
    // A drum staff shows no signature; but a piece for drums alone still says its key.
    let is_drums = |part: &crate::Part| part.instrument == Instrument::Drums;
    let shows_key = !is_drums(&writer.score.parts[part]) || writer.score.parts.iter().all(is_drums);
    if new_key && shows_key {
        xml.open("key");
        xml.leaf("fifths", writer.engraving.parts[part].transposition.printed_key(measure.key).signature());
        xml.leaf("mode", measure.key.mode.as_str());
        xml.close("key");
    }
    if new_meter {
        xml.open("time");
        xml.leaf("beats", measure.meter.beats);
        xml.leaf("beat-type", measure.meter.unit);
        xml.close("time");
    }
    if before.is_none() {
        write_clefs(writer, part, xml);
        write_transposition(writer.engraving.parts[part].transposition, xml);
    }
    xml.close("attributes");
}

fn write_clefs(writer: &Writer, part: usize, xml: &mut Xml) {
    if writer.engraving.parts[part].staves == 2 {
        xml.leaf("staves", 2);
        clef(Clef::Treble, Some("1"), xml);
        clef(Clef::Bass, Some("2"), xml);
    } else {
        clef(writer.score.parts[part].clef, None, xml);
    }
}

/// Letters and semitones within an octave, and the octaves.
fn write_transposition(transposition: Transposition, xml: &mut Xml) {
    if transposition.is_none() {
        return;
    }
    let octaves = transposition.semitones() / 12;
    xml.open("transpose");
    xml.leaf("diatonic", transposition.steps() - 7 * octaves);
    xml.leaf("chromatic", transposition.semitones() - 12 * octaves);
    if octaves != 0 {
        xml.leaf("octave-change", octaves);
    }
    xml.close("transpose");
}

fn clef(clef: Clef, staff: Option<&str>, xml: &mut Xml) {
    let (sign, line, octave) = match clef {
        Clef::Treble => ("G", Some(2), None),
        Clef::TrebleOctaveDown => ("G", Some(2), Some(-1)),
        Clef::Bass => ("F", Some(4), None),
        Clef::BassOctaveDown => ("F", Some(4), Some(-1)),
        Clef::Alto => ("C", Some(3), None),
        Clef::Percussion => ("percussion", None, None),
    };
    let attributes: Vec<(&str, &str)> = staff.map(|staff| ("number", staff)).into_iter().collect();
    xml.open_with("clef", &attributes);
    xml.leaf("sign", sign);
    if let Some(line) = line {
        xml.leaf("line", line);
    }
    if let Some(octave) = octave {
        xml.leaf("clef-octave-change", octave);
    }
    xml.close("clef");
}

/// The layers of a bar one after the other, with steps back in time between them. A layer that is silent in this bar is
/// left out, unless it is the first on its staff.
fn write_layers(writer: &Writer, part: usize, bar: usize, xml: &mut Xml) {
    let layout = &writer.engraving.parts[part];
    let measure = &writer.engraving.bars[bar];
    let marks = direction::marks(writer, part, bar);
    let mut accidentals: Vec<Accidentals> =
        (1..=layout.staves).map(|staff| Accidentals::of_bar(writer, part, bar, staff)).collect();
    let silent = |layer: &Layer| layer.bars[bar].iter().all(|event| event.note.is_none());
    let mut written: Vec<u8> = Vec::new();
    for (index, layer) in layout.layers.iter().enumerate() {
        let first_on_staff = !layout.layers[..index].iter().any(|other| other.staff == layer.staff);
        if silent(layer) && !first_on_staff {
            continue;
        }
        if index > 0 {
            xml.open("backup");
            xml.leaf("duration", writer.steps(measure.start, measure.end()));
            xml.close("backup");
        }
        let upper = !written.contains(&layer.staff);
        written.push(layer.staff);
        let drums = writer.score.parts[part].instrument == Instrument::Drums;
        let stem = if drums { Some(if upper { "up" } else { "down" }) } else { None };
        let mut pending = if index == 0 { marks.as_slice() } else { &[] };
        let place = note::Place { part, layer: index, stem };
        for event in &layer.bars[bar] {
            pending = write_marks(writer, pending, event, xml);
            let memory = &mut accidentals[usize::from(layer.staff) - 1];
            note::write(writer, place, event, memory, xml);
        }
        for (at, mark) in pending {
            direction::write(mark, writer.steps(measure.end(), *at), xml);
        }
    }
}

/// Writes the marks that fall before the end of `event`; gives back the others.
fn write_marks<'a, 'b>(
    writer: &Writer,
    marks: &'a [(Time, Mark<'b>)],
    event: &Event,
    xml: &mut Xml,
) -> &'a [(Time, Mark<'b>)] {
    let here = marks.iter().take_while(|(at, _)| *at < event.onset + event.duration).count();
    for (at, mark) in &marks[..here] {
        direction::write(mark, writer.steps(event.onset, *at), xml);
    }
    &marks[here..]
}
