//! Repeats, endings and jumps.

use super::measure::PartReader;
use super::tree::Element;
use crate::play::Sign;

/// Reads a `<barline>`.
pub(super) fn barline(part: &mut PartReader, barline: &Element) {
    if let Some(ending) = barline.child("ending") {
        if ending.attribute("type") == Some("start") {
            part.ending = passes(ending.attribute("number").unwrap_or_default());
        } else {
            // The bar at whose end it closes still belongs to it.
            note_ending(part);
            part.ending = None;
        }
    }
    if let Some(repeat) = barline.child("repeat") {
        let times = repeat.attribute("times").and_then(|times| times.trim().parse().ok()).unwrap_or(2);
        add(
            part,
            if repeat.attribute("direction") == Some("forward") {
                Sign::RepeatStart
            } else {
                Sign::RepeatEnd(u8::clamp(times, 2, 99))
            },
        );
    }
}

/// The bar is read: it belongs to the ending that is open.
pub(super) fn close_bar(part: &mut PartReader) {
    note_ending(part);
    part.bar().signs.sort();
}

/// Reads what a direction says of the order of play: by its signs, for programs, or in words.
pub(super) fn direction<'a>(part: &mut PartReader, types: impl Iterator<Item = &'a Element>, sound: Option<&Element>) {
    let named = [
        ("segno", Sign::Segno),
        ("coda", Sign::Coda),
        ("tocoda", Sign::ToCoda),
        ("fine", Sign::Fine),
        ("dacapo", Sign::DaCapo),
        ("dalsegno", Sign::DalSegno),
    ];
    for (name, sign) in named {
        if sound.is_some_and(|sound| sound.attribute(name).is_some_and(|value| value != "no")) {
            add(part, sign);
        }
    }
    for element in types {
        let sign = match element.name.as_str() {
            "segno" => Some(Sign::Segno),
            // The sign of a coda stands at both ends of the way to it; `<sound>` tells which.
            "coda" if !has(part, &Sign::ToCoda) => Some(Sign::Coda),
            "words" => Sign::of_words(&element.text),
            _ => None,
        };
        if let Some(sign) = sign {
            add(part, sign);
        }
    }
}

fn has(part: &mut PartReader, sign: &Sign) -> bool {
    part.bar().signs.contains(sign)
}

fn add(part: &mut PartReader, sign: Sign) {
    if !has(part, &sign) {
        part.bar().signs.push(sign);
    }
}

fn note_ending(part: &mut PartReader) {
    if let Some(passes) = part.ending.clone() {
        add(part, Sign::Ending(passes));
    }
}

/// `1`, `1, 2`, `1-3`: the passes of an ending, each from 1 to 99. None where no number can be read.
fn passes(text: &str) -> Option<Vec<u8>> {
    let mut passes: Vec<u8> = Vec::new();
    for range in text.split([',', ' ']).filter(|range| !range.is_empty()) {
        let (from, to) = range.split_once('-').unwrap_or((range, range));
        let (Ok(from), Ok(to)) = (from.trim_matches('.').parse::<u8>(), to.trim_matches('.').parse::<u8>()) else {
            continue;
        };
        passes.extend((from..=to).filter(|pass| (1..=99).contains(pass)));
    }
    passes.sort_unstable();
    passes.dedup();
    (!passes.is_empty()).then_some(passes)
}
