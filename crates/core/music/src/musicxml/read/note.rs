//! One `<note>`.

use super::super::FORTE;
use super::measure::PartReader;
use super::tree::Element;
use crate::Time;
use crate::notation::drums;
use crate::reading::{
    Diagnoses,
    assemble::{Head, Tone, Waiting},
    dynamics::UNSTATED,
};
use crate::score::{Articulation, GraceValue, Lyric, Syllabic};
use crate::theory::{Pitch, Step};

/// Reads a note or rest into the part's bar and moves on in time.
pub(super) fn read(part: &mut PartReader, note: &Element, log: &mut Diagnoses) {
    if let Some(sign) = note.child("grace") {
        grace(part, note, sign, log);
        return;
    }
    let duration = part.duration(note).or_else(|| {
        let length = by_type(note);
        log.note(part.place(), "A note has no duration that can be read; its drawn value was taken.");
        length
    });
    let duration = duration.unwrap_or_default();
    let member = note.child("chord").is_some();
    let onset = if member { part.last_onset } else { part.cursor };
    part.last_onset = onset;
    if !member {
        part.advance(duration);
    } else if onset + duration > part.cursor {
        let reached = onset + duration;
        let bar = part.bar();
        bar.length = bar.length.max(reached);
    }
    let voice = voice(part, note);
    let waiting = if member { None } else { part.waiting.get_mut(voice_name(note)) };
    if note.child("rest").is_some() || note.child("cue").is_some() || duration == Time::ZERO {
        waiting.into_iter().for_each(Waiting::give_up);
        return;
    }
    let graces = waiting.map(Waiting::take).unwrap_or_default();
    let Some(tone) = tone(part, note, log) else { return };
    part.stated_transposition();
    let ties = |kind: &str| {
        let named = |element: &&Element| element.attribute("type") == Some(kind);
        let notations = note.all("notations").flat_map(|n| n.children.iter().filter(|c| c.name == "tied"));
        note.all("tie").chain(notations).any(|element| named(&element))
    };
    let dynamics = note.attribute("dynamics").and_then(|text| text.trim().parse::<f64>().ok());
    let percent = dynamics.filter(|percent| percent.is_finite() && *percent >= 0.0);
    let velocity = percent.map_or(UNSTATED, |percent| (percent * FORTE / 100.0).round().clamp(1.0, 127.0) as u8);
    part.bar().notes.push(Head {
        onset,
        duration,
        tone,
        voice,
        tied: (ties("stop"), ties("start")),
        velocity,
        graces,
        articulations: articulations(note),
        lyrics: note.all("lyric").filter_map(lyric).collect(),
    });
}

/// The length of the drawn value.
fn by_type(note: &Element) -> Option<Time> {
    let names = ["breve", "whole", "half", "quarter", "eighth", "16th", "32nd", "64th", "128th", "256th"];
    let log = names.iter().position(|name| note.value("type") == Some(name))?;
    let plain = Time::new(8, 1 << log);
    let dots = note.all("dot").count().min(4) as u32;
    let dotted = plain * 2 - plain / (1 << dots);
    let ratio = note.child("time-modification").and_then(|m| {
        let (actual, normal) = (m.number::<i64>("actual-notes")?, m.number::<i64>("normal-notes")?);
        (actual > 0 && normal > 0 && actual < 1000 && normal < 1000).then(|| Time::new(normal, actual))
    });
    Some(dotted * ratio.unwrap_or(Time::QUARTER))
}

/// A grace note waits for the next note of its voice.
fn grace(part: &mut PartReader, note: &Element, sign: &Element, log: &mut Diagnoses) {
    if note.child("cue").is_some() || note.child("rest").is_some() {
        return;
    }
    let Some(tone) = tone(part, note, log) else { return };
    let waiting = part.waiting.entry(voice_name(note).to_owned()).or_default();
    if note.child("chord").is_some() {
        waiting.join(tone);
    } else {
        let value = note.value("type").and_then(GraceValue::named).unwrap_or_default();
        waiting.push(&[tone], value, sign.attribute("slash") == Some("yes"));
    }
}

fn voice_name(note: &Element) -> &str {
    note.value("voice").unwrap_or("1")
}

/// The index of the note's voice, which is made when it is new.
fn voice(part: &mut PartReader, note: &Element) -> usize {
    let name = voice_name(note);
    let found = part.voices.iter().position(|(_, other)| other == name);
    found.unwrap_or_else(|| {
        // More voices than any part has are taken together: a broken file must not fill the memory.
        if part.voices.len() >= 64 {
            return 0;
        }
        part.voices.push((note.number::<u8>("staff").unwrap_or(1), name.to_owned()));
        part.voices.len() - 1
    })
}

fn step(letter: &str) -> Option<Step> {
    let letter = letter.chars().next()?.to_ascii_uppercase();
    Step::ALL.into_iter().find(|step| step.letter() == letter)
}

fn tone(part: &PartReader, note: &Element, log: &mut Diagnoses) -> Option<Tone> {
    if let Some(pitch) = note.child("pitch") {
        let found = written_pitch(pitch);
        if found.is_none() {
            log.note(part.place(), "A note whose pitch cannot be read was left out.");
        }
        let (written, exact) = found?;
        if !exact {
            log.note(part.place(), "A quarter tone was rounded to a semitone.");
        }
        return Some(Tone::Pitch(part.transpose.sounding(written)));
    }
    let instrument = note.child("instrument").and_then(|i| i.attribute("id"));
    let known = instrument
        .and_then(|id| part.keys.get(id))
        .or_else(|| part.keys.values().next().filter(|_| part.keys.len() == 1));
    let key = known.copied().or_else(|| by_place(note));
    if known.is_none() {
        log.note(part.place(), "Percussion without a MIDI instrument; its place on the staff says which it is.");
    }
    Some(Tone::Drum(key.unwrap_or(38)))
}

/// The written pitch, and whether it is exact.
fn written_pitch(pitch: &Element) -> Option<(Pitch, bool)> {
    let step = step(pitch.value("step")?)?;
    let octave: i8 = pitch.number("octave").filter(|octave| (-1..=10).contains(octave))?;
    let alter = match pitch.value("alter") {
        Some(text) => text.parse::<f64>().ok().filter(|alter| alter.abs() <= 4.0)?,
        None => 0.0,
    };
    Some((Pitch { step, alter: alter.round() as i8, octave }, alter.fract() == 0.0))
}

fn by_place(note: &Element) -> Option<u8> {
    let unpitched = note.child("unpitched")?;
    let crossed = note.value("notehead").is_some_and(|head| head != "normal");
    drums::at_place(step(unpitched.value("display-step")?)?, unpitched.number("display-octave")?, crossed)
}

fn articulations(note: &Element) -> Vec<Articulation> {
    let marks = note.all("notations").flat_map(|n| n.children.iter().filter(|c| c.name == "articulations"));
    let known = |mark: &Element| match mark.name.as_str() {
        "staccato" | "staccatissimo" => Some(Articulation::Staccato),
        "tenuto" => Some(Articulation::Tenuto),
        "accent" | "strong-accent" => Some(Articulation::Accent),
        _ => None,
    };
    let mut out: Vec<Articulation> = marks.flat_map(|m| m.children.iter().filter_map(known)).collect();
    if note.child("notehead").is_some_and(|head| head.attribute("parentheses") == Some("yes")) {
        out.push(Articulation::Ghost);
    }
    out.dedup();
    out
}

/// One verse under a note. Syllables that are sung together on one note are joined as the file joins them.
fn lyric(lyric: &Element) -> Option<Lyric> {
    let verse =
        lyric.attribute("number").and_then(|n| n.trim().parse().ok()).filter(|v| (1..=99).contains(v)).unwrap_or(1);
    let mut text = String::new();
    for child in &lyric.children {
        match child.name.as_str() {
            "text" => text.push_str(&child.text),
            "elision" => text.push_str(if child.text.is_empty() { " " } else { &child.text }),
            _ => {}
        }
    }
    if text.is_empty() {
        return None;
    }
    let place = match lyric.value("syllabic") {
        Some("begin") => Syllabic::Begin,
        Some("middle") => Syllabic::Middle,
        Some("end") => Syllabic::End,
        _ => Syllabic::Single,
    };
    Some(Lyric { verse, text, place, melisma: lyric.child("extend").is_some() })
}
