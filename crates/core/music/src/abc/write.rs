//! Writing ABC: the header and the order of voices.

use super::music::{Line, lines};
use crate::notation::dynamics::signs;
use crate::notation::{self, Engraving};
use crate::score::{Clef, Instrument, Measure, Part, SwingUnit, Tempo, Transposition};
use crate::theory::Mode;
use crate::{Key, Score, Time};
use std::fmt::Write as _;

/// The score as an ABC tune. The same score gives the same bytes.
///
/// Velocities other than those of dynamic marks, octave clefs, ghost notes and the provenance of notes are not in it.
pub fn write(score: &Score) -> String {
    let engraving = notation::engrave(score);
    let mut out = String::new();
    header(score, &engraving, &mut out);
    let end = engraving.bars.last().map_or(Time::ZERO, Measure::end);
    let leads = notation::chord_part(score, &engraving);
    let mut voice = 0;
    for (index, part) in score.parts.iter().enumerate() {
        for layer in 0..engraving.parts[index].layers.len() {
            voice += 1;
            let _ = writeln!(out, "V:{voice}");
            match part.instrument {
                Instrument::Pitched(program) => {
                    let _ = writeln!(out, "%%MIDI program {program}");
                }
                Instrument::Drums => out.push_str("%%MIDI channel 10\n"),
            }
            let line = Line {
                score,
                engraving: &engraving,
                part: index,
                layer,
                transposition: engraving.parts[index].transposition,
                dynamics: if layer == 0 { signs(&part.dynamics, end) } else { Vec::new() },
                leads: leads == Some(index) && layer == 0,
                first: voice == 1,
            };
            out.push_str(&lines(&line));
        }
    }
    out
}

fn header(score: &Score, engraving: &Engraving, out: &mut String) {
    let first = &engraving.bars[0];
    let _ = writeln!(out, "%abc-2.1\nX:1\nT:{}", field(&score.title));
    if !score.creator.is_empty() {
        let _ = writeln!(out, "C:{}", field(&score.creator));
    }
    let _ = writeln!(out, "M:{}\nL:1/8", first.meter);
    for tempo in score.tempos.iter().filter(|tempo| tempo.at <= first.start).take(1) {
        let _ = writeln!(out, "Q:{}", tempo_text(tempo));
    }
    if let Some(order) = order(score) {
        let _ = writeln!(out, "P:{order}");
    }
    if let Some(swing) = score.swing {
        let unit = match swing.unit {
            SwingUnit::Eighth => "eighth",
            SwingUnit::Sixteenth => "sixteenth",
        };
        let _ = writeln!(out, "N:swing {unit} {}", swing.first_milli);
    }
    if score.parts.iter().any(|part| part.instrument == Instrument::Drums) {
        out.push_str("N:percussion voices are written as the pitches of General MIDI keys\n");
    }
    layout(engraving, out);
    let mut voice = 0;
    for (index, part) in score.parts.iter().enumerate() {
        for layer in &engraving.parts[index].layers {
            voice += 1;
            let clef = if layer.staff == 2 { "bass" } else { clef(part) };
            let (name, short) = (quoted(&part.name), quoted(&part.short_name));
            let moved = transpose(engraving.parts[index].transposition);
            let _ = writeln!(out, "V:{voice} clef={clef}{moved} name=\"{name}\" snm=\"{short}\"");
        }
    }
    let _ = writeln!(out, "K:{}", key_text(first.key));
}

/// The order of sections, where ABC can say it: where their labels are single capital letters, none twice.
fn order(score: &Score) -> Option<String> {
    let labels: Vec<&str> = score.sections.iter().map(|section| section.label.as_str()).collect();
    let letter = |index: &usize| {
        let label = labels.get(*index)?.chars().next().filter(char::is_ascii_uppercase)?;
        let alone = labels.iter().filter(|other| other.chars().eq([label])).count() == 1;
        (alone && labels[*index].len() == 1).then_some(label)
    };
    let order: String = score.section_order.iter().map(letter).collect::<Option<_>>()?;
    (!order.is_empty()).then_some(order)
}

/// What the field of a voice says of it. Letters are said where the interval is not the usual one.
fn transpose(transposition: Transposition) -> String {
    match (transposition.is_none(), transposition == Transposition::of_semitones(transposition.semitones())) {
        (true, _) => String::new(),
        (_, true) => format!(" transpose={}", transposition.semitones()),
        (_, false) => format!(" transpose={} steps={}", transposition.semitones(), transposition.steps()),
    }
}

/// Which voices share a staff, and which staves a brace.
fn layout(engraving: &Engraving, out: &mut String) {
    let mut voice = 0;
    let mut groups = Vec::new();
    for part in &engraving.parts {
        let mut staves = Vec::new();
        for staff in 1..=part.staves {
            let here = part.layers.iter().enumerate().filter(|(_, layer)| layer.staff == staff);
            let names: Vec<String> = here.map(|(index, _)| (voice + index + 1).to_string()).collect();
            staves.push(if names.len() == 1 { names.concat() } else { format!("({})", names.join(" ")) });
        }
        voice += part.layers.len();
        groups.push(if staves.len() == 1 { staves.concat() } else { format!("{{{}}}", staves.join(" ")) });
    }
    if voice > 1 {
        let _ = writeln!(out, "%%score {}", groups.join(" "));
    }
}

fn clef(part: &Part) -> &'static str {
    match part.clef {
        Clef::Treble | Clef::TrebleOctaveDown => "treble",
        Clef::Bass | Clef::BassOctaveDown => "bass",
        Clef::Alto => "alto",
        Clef::Percussion => "perc",
    }
}

/// A text field: one line, and no `%`, which would start a comment, or `\`, which would start an accent.
pub(super) fn field(value: &str) -> String {
    value.split_whitespace().collect::<Vec<_>>().join(" ").replace('\\', "\\\\").replace('%', "\\%").replace('&', "\\&")
}

fn quoted(value: &str) -> String {
    field(value).replace('"', "'")
}

/// The content of a `Q:` field, in quarters: whole numbers where the tempo is one.
pub(super) fn tempo_text(tempo: &Tempo) -> String {
    let words = tempo.text.as_ref().map_or(String::new(), |words| format!(" \"{}\"", quoted(words)));
    format!("1/4={}{words}", tempo.bpm())
}

/// The content of a `K:` field.
pub(super) fn key_text(key: Key) -> String {
    let mode = match key.mode {
        Mode::Major => "",
        Mode::Minor => "m",
        Mode::Dorian => "dor",
        Mode::Phrygian => "phr",
        Mode::Lydian => "lyd",
        Mode::Mixolydian => "mix",
        Mode::Locrian => "loc",
    };
    format!("{}{mode}", key.tonic)
}
