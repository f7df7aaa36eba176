//! What stands above and below the notes: tempo, swing, sections, dynamics and chord symbols.

use super::super::FORTE;
use super::super::chords;
use super::Writer;
use super::xml::Xml;
use crate::notation::chord_part;
use crate::notation::dynamics::DynamicSign;
use crate::score::{ChordSymbol, Measure, Swing, SwingUnit, Tempo, Transposition};
use crate::{PitchName, Time};

/// Something that is written at a time of the first voice of a part.
pub(super) enum Mark<'a> {
    Rehearsal(&'a str),
    Tempo(&'a Tempo, &'a Measure),
    Swing(Swing),
    Dynamic(DynamicSign),
    Chord(&'a ChordSymbol, Transposition),
    /// From here no chord sounds.
    NoChord,
}

/// The marks of one bar of one part, in order of time.
pub(super) fn marks<'a>(writer: &'a Writer, part: usize, bar: usize) -> Vec<(Time, Mark<'a>)> {
    let score = writer.score;
    let measure = &writer.engraving.bars[bar];
    let inside = |at: Time| at >= measure.start && at < measure.end();
    let section = score.sections.iter().find(|section| section.first == bar);
    let mut marks = Vec::new();
    if part == 0 {
        marks.extend(section.map(|section| (measure.start, Mark::Rehearsal(&section.label))));
        marks.extend(score.tempos.iter().filter(|t| inside(t.at)).map(|t| (t.at, Mark::Tempo(t, measure))));
        marks.extend(score.swing.filter(|_| bar == 0).map(|swing| (measure.start, Mark::Swing(swing))));
    }
    let last = bar + 1 == writer.engraving.bars.len();
    let signs = &writer.dynamics[part];
    let first = signs.partition_point(|(at, _)| *at < measure.start);
    let here = signs[first..].iter().take_while(|(at, _)| *at < measure.end() || last);
    marks.extend(here.map(|(at, sign)| (*at, Mark::Dynamic(*sign))));
    if part == chord_part(score, &writer.engraving).unwrap_or(0) {
        let transposition = writer.engraving.parts.get(part).map_or(Transposition::NONE, |part| part.transposition);
        for (i, symbol) in score.chords.iter().enumerate() {
            if inside(symbol.at) {
                marks.push((symbol.at, Mark::Chord(symbol, transposition)));
            }
            let end = symbol.at + symbol.duration;
            let followed = score.chords.get(i + 1).is_some_and(|next| next.at <= end);
            if inside(end) && !followed {
                marks.push((end, Mark::NoChord));
            }
        }
    }
    marks.sort_by_key(|(at, _)| *at);
    marks
}

/// Writes a mark that lies `offset` divisions after the place where it is written.
pub(super) fn write(mark: &Mark, offset: i64, xml: &mut Xml) {
    match mark {
        Mark::Rehearsal(label) => {
            open(xml, "above");
            typed(xml, |xml| xml.leaf("rehearsal", label));
            close(xml, offset, |_| {});
        }
        Mark::Tempo(tempo, measure) => metronome(tempo, measure, offset, xml),
        Mark::Swing(swing) => write_swing(*swing, offset, xml),
        Mark::Dynamic(sign) => dynamic(*sign, offset, xml),
        Mark::Chord(symbol, transposition) => harmony(symbol, *transposition, offset, xml),
        Mark::NoChord => {
            xml.open_with("harmony", &[("print-frame", "no")]);
            xml.open("root");
            xml.leaf_with("root-step", &[("text", "")], "C");
            xml.close("root");
            xml.leaf_with("kind", &[("text", "N.C.")], "none");
            write_offset(offset, xml);
            xml.close("harmony");
        }
    }
}

fn open(xml: &mut Xml, placement: &str) {
    xml.open_with("direction", &[("placement", placement)]);
}

fn typed(xml: &mut Xml, content: impl FnOnce(&mut Xml)) {
    xml.open("direction-type");
    content(xml);
    xml.close("direction-type");
}

fn close(xml: &mut Xml, offset: i64, sound: impl FnOnce(&mut Xml)) {
    write_offset(offset, xml);
    sound(xml);
    xml.close("direction");
}

fn write_offset(offset: i64, xml: &mut Xml) {
    if offset != 0 {
        xml.leaf_with("offset", &[("sound", "yes")], offset);
    }
}

fn dynamic(sign: DynamicSign, offset: i64, xml: &mut Xml) {
    let printed = |xml: &mut Xml, name: &str| {
        typed(xml, |xml| {
            xml.open("dynamics");
            xml.empty(name, &[]);
            xml.close("dynamics");
        });
    };
    let wedge = |xml: &mut Xml, does: &str, number: u8| {
        typed(xml, |xml| xml.empty("wedge", &[("type", does), ("number", &number.to_string())]));
    };
    open(xml, "below");
    match sign {
        DynamicSign::Level(level) => {
            printed(xml, level.name());
            let percent = format!("{:.2}", f64::from(level.velocity()) * 100.0 / FORTE);
            close(xml, offset, |xml| xml.empty("sound", &[("dynamics", &percent)]));
            return;
        }
        DynamicSign::Sforzando => printed(xml, "sfz"),
        DynamicSign::Opens { number, louder } => wedge(xml, if louder { "crescendo" } else { "diminuendo" }, number),
        DynamicSign::Closes(number) => wedge(xml, "stop", number),
    }
    close(xml, offset, |_| {});
}

fn metronome(tempo: &Tempo, measure: &Measure, offset: i64, xml: &mut Xml) {
    open(xml, "above");
    if let Some(text) = tempo.text.as_ref().filter(|text| !text.is_empty()) {
        typed(xml, |xml| xml.leaf_with("words", &[("font-weight", "bold")], text));
    }
    // The mark counts beats; a dotted quarter in 6/8. What is played is said exactly, in quarters.
    let compound = measure.meter.is_compound();
    let per_minute = tempo.bpm() / if compound { 1.5 } else { 1.0 };
    typed(xml, |xml| {
        xml.open("metronome");
        xml.leaf("beat-unit", "quarter");
        if compound {
            xml.empty("beat-unit-dot", &[]);
        }
        xml.leaf("per-minute", (per_minute * 100.0).round() / 100.0);
        xml.close("metronome");
    });
    let quarters = format!("{}", tempo.bpm());
    close(xml, offset, |xml| xml.empty("sound", &[("tempo", &quarters)]));
}

/// The smallest whole numbers that stand in the ratio of a swung pair.
fn ratio(swing: Swing) -> (u32, u32) {
    let milli = u32::from(swing.first_milli.min(1000));
    let says = |first: u32, second: u32| (2000 * first + first + second) / (2 * (first + second)) == milli;
    (1..=12)
        .flat_map(|second| (1..=12).map(move |first| (first, second)))
        .filter(|(first, second)| says(*first, *second))
        .min_by_key(|(first, second)| first + second)
        .unwrap_or((milli, 1000 - milli))
}

fn write_swing(swing: Swing, offset: i64, xml: &mut Xml) {
    let (first, second) = ratio(swing);
    let (unit, name) = match swing.unit {
        SwingUnit::Eighth => ("eighth", "eighths"),
        SwingUnit::Sixteenth => ("16th", "sixteenths"),
    };
    let words = if first <= 12 && second <= 12 {
        format!("Swing {name} {first}:{second}")
    } else {
        format!("Swing {name} ({}% : {}%)", f64::from(first) / 10.0, f64::from(second) / 10.0)
    };
    open(xml, "above");
    typed(xml, |xml| xml.leaf_with("words", &[("font-style", "italic")], words));
    close(xml, offset, |xml| {
        xml.open("sound");
        xml.open("swing");
        xml.leaf("first", first);
        xml.leaf("second", second);
        xml.leaf("swing-type", unit);
        xml.close("swing");
        xml.close("sound");
    });
}

fn harmony(symbol: &ChordSymbol, transposition: Transposition, offset: i64, xml: &mut Xml) {
    let chord = transposition.printed_chord(symbol.chord);
    let (value, degrees) = chords::spelled(chord.kind);
    xml.open_with("harmony", &[("print-frame", "no")]);
    name("root", chord.root, xml);
    xml.leaf_with("kind", &[("text", &chords::text(chord.kind))], value);
    if let Some(bass) = chord.bass {
        name("bass", bass, xml);
    }
    for degree in degrees {
        xml.open("degree");
        xml.leaf("degree-value", degree.value);
        xml.leaf("degree-alter", degree.alter);
        xml.leaf("degree-type", if degree.added { "add" } else { "alter" });
        xml.close("degree");
    }
    write_offset(offset, xml);
    xml.close("harmony");
}

fn name(element: &str, pitch: PitchName, xml: &mut Xml) {
    xml.open(element);
    xml.leaf(&format!("{element}-step"), pitch.step.letter());
    if pitch.alter != 0 {
        xml.leaf(&format!("{element}-alter"), pitch.alter);
    }
    xml.close(element);
}
