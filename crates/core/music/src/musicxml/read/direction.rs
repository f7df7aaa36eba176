//! Directions and chord symbols.

use super::super::FORTE;
use super::super::chords::{Degree, kind_of};
use super::measure::PartReader;
use super::repeat;
use super::tree::Element;
use crate::notation::dynamics::DynamicSign;
use crate::reading::{Diagnoses, decimal, sane};
use crate::score::{Swing, SwingUnit};
use crate::theory::{PitchName, Step};
use crate::{Chord, Time};

/// Reads a `<direction>`, or a `<sound>` that stands alone.
pub(super) fn read(part: &mut PartReader, element: &Element) {
    let at = place(part, element);
    let sound = if element.name == "sound" { Some(element) } else { element.child("sound") };
    let types = || element.all("direction-type").flat_map(|t| t.children.iter());
    let named = |name: &'static str| types().find(move |t| t.name == name);
    if let Some(label) = named("rehearsal") {
        let label = label.text.trim().to_owned();
        part.bar().rehearsal.get_or_insert(label);
    }
    if let Some(tempo) = sound.and_then(sounding_tempo).or_else(|| named("metronome").and_then(printed_tempo)) {
        let words = named("words").map(|words| words.text.trim().to_owned()).filter(|words| !words.is_empty());
        part.bar().tempos.push((at, tempo, words));
    }
    if let Some(swing) = sound.and_then(|sound| sound.child("swing")) {
        part.swing = read_swing(swing).or(part.swing);
    }
    repeat::direction(part, types(), sound);
    let percent = sound.and_then(|sound| sound.attribute("dynamics")).and_then(|text| text.trim().parse::<f64>().ok());
    if let Some(percent) = percent.filter(|percent| percent.is_finite() && *percent > 0.0) {
        part.bar().velocities.push((at, (percent * FORTE / 100.0).round().clamp(1.0, 127.0) as u8));
    }
    for element in types() {
        let marks = match element.name.as_str() {
            "dynamics" => element.children.iter().flat_map(|mark| DynamicSign::named(&mark.name)).collect(),
            "wedge" => wedge(element).into_iter().collect::<Vec<_>>(),
            _ => continue,
        };
        part.bar().dynamics.extend(marks.into_iter().map(|mark| (at, mark)));
    }
}

fn wedge(element: &Element) -> Option<DynamicSign> {
    let number = element.attribute("number").and_then(|number| number.trim().parse().ok()).unwrap_or(1);
    match element.attribute("type")? {
        "crescendo" => Some(DynamicSign::Opens { number, louder: true }),
        "diminuendo" => Some(DynamicSign::Opens { number, louder: false }),
        "stop" => Some(DynamicSign::Closes(number)),
        _ => None,
    }
}

/// When it happens: where it stands, moved by its offset.
fn place(part: &PartReader, element: &Element) -> Time {
    let offset = element.value("offset").and_then(decimal).and_then(|steps| part.quarters(steps));
    sane(part.cursor + offset.unwrap_or_default()).max(Time::ZERO)
}

/// A tempo in thousandths of a quarter note a minute, if it can be played.
fn milli(bpm: f64) -> Option<u32> {
    (bpm.is_finite() && (1.0..=2000.0).contains(&bpm)).then(|| (bpm * 1000.0).round() as u32)
}

fn sounding_tempo(sound: &Element) -> Option<u32> {
    milli(sound.attribute("tempo")?.trim().parse().ok()?)
}

fn printed_tempo(metronome: &Element) -> Option<u32> {
    let beat = match metronome.value("beat-unit")? {
        "whole" => 4.0,
        "half" => 2.0,
        "eighth" => 0.5,
        "16th" => 0.25,
        _ => 1.0,
    };
    let dotted = if metronome.child("beat-unit-dot").is_some() { 1.5 } else { 1.0 };
    let text = metronome.value("per-minute")?;
    let digits: String =
        text.chars().skip_while(|c| !c.is_ascii_digit()).take_while(|c| c.is_ascii_digit() || *c == '.').collect();
    milli(digits.parse::<f64>().ok()? * beat * dotted)
}

fn read_swing(swing: &Element) -> Option<Swing> {
    let unit = match swing.value("swing-type") {
        Some("16th") => SwingUnit::Sixteenth,
        _ => SwingUnit::Eighth,
    };
    if swing.child("straight").is_some() {
        return Some(Swing { unit, first_milli: 500 });
    }
    let (first, second) = (swing.number::<u32>("first")?, swing.number::<u32>("second")?);
    let sum = first.checked_add(second).filter(|sum| *sum > 0 && *sum <= 1_000_000)?;
    Some(Swing { unit, first_milli: ((2000 * u64::from(first) + u64::from(sum)) / (2 * u64::from(sum))) as u16 })
}

/// Reads a chord symbol.
pub(super) fn harmony(part: &mut PartReader, element: &Element, log: &mut Diagnoses) {
    let at = place(part, element);
    let Some(kind) = element.child("kind") else { return };
    let value = kind.text.trim();
    if value == "none" {
        part.bar().chords.push((at, None));
        return;
    }
    let degrees: Vec<Degree> = element.all("degree").filter_map(degree).collect();
    let printed = kind.attribute("text").unwrap_or_default();
    let root = element.child("root").and_then(|root| name(root, "root"));
    match root.and_then(|root| Some((root, kind_of(value, printed, &degrees)?))) {
        Some((root, (kind, exact))) => {
            let bass = element.child("bass").and_then(|bass| name(bass, "bass"));
            if !exact {
                log.note(
                    part.place(),
                    format!("The chord symbol {root}{printed} was simplified to {root}{}.", kind.symbol()),
                );
            }
            let chord = part.transpose.sounding_chord(Chord { root, kind, bass });
            part.bar().chords.push((at, Some(chord)));
        }
        None => log.note(part.place(), format!("A chord symbol of kind {value} is not understood; it was left out.")),
    }
}

fn degree(degree: &Element) -> Option<Degree> {
    Some(Degree {
        value: degree.number("degree-value")?,
        alter: degree.number("degree-alter").unwrap_or(0),
        added: degree.value("degree-type") == Some("add"),
    })
}

fn name(element: &Element, prefix: &str) -> Option<PitchName> {
    let letter = element.value(&format!("{prefix}-step"))?.chars().next()?.to_ascii_uppercase();
    let step = Step::ALL.into_iter().find(|step| step.letter() == letter)?;
    let alter = element.number::<i8>(&format!("{prefix}-alter")).unwrap_or(0);
    (alter.abs() <= 2).then_some(PitchName::new(step, alter))
}
