//! The contents of fields: key, meter, unit length, tempo, voice.

use crate::Time;
use crate::score::{Clef, Meter, Transposition};
use crate::theory::{Key, Mode, PitchName, Step};
use std::collections::HashMap;

/// A fraction such as `1/8` or `3`; none where it is not positive or too fine for music.
pub(super) fn fraction(text: &str) -> Option<Time> {
    let (n, d) = text.trim().split_once('/').unwrap_or((text.trim(), "1"));
    let (n, d): (i64, i64) = (n.trim().parse().ok()?, d.trim().parse().ok()?);
    ((1..=1000).contains(&n) && (1..=1024).contains(&d)).then(|| Time::new(n, d))
}

/// What an `M:` field says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Measured {
    /// A meter.
    In(Meter),
    /// Free time.
    Free,
}

/// The content of an `M:` field.
pub(super) fn meter(text: &str) -> Option<Measured> {
    let text = text.trim();
    match text {
        "none" | "" => return Some(Measured::Free),
        "C" => return Some(Measured::In(Meter::COMMON)),
        "C|" => return Some(Measured::In(Meter { beats: 2, unit: 2 })),
        _ => {}
    }
    let (beats, unit) = text.split_once('/')?;
    let unit: u8 = unit.split_whitespace().next()?.parse().ok()?;
    let numbers = beats.trim().trim_matches(['(', ')']).split(['+', ' ']).filter(|n| !n.is_empty());
    let beats = numbers.map(|n| n.trim().parse::<u8>().ok()).try_fold(0_u8, |sum, n| sum.checked_add(n?))?;
    (beats > 0 && unit.is_power_of_two() && unit <= 64).then_some(Measured::In(Meter { beats, unit }))
}

/// The unit length where no `L:` field gives it: a sixteenth below 3/4, an eighth else.
pub(super) fn default_unit(meter: Option<Measured>) -> Time {
    match meter {
        Some(Measured::In(meter)) if meter.length() < Time::quarters(3) => Time::SIXTEENTH,
        _ => Time::EIGHTH,
    }
}

/// What a `K:` field says beyond the key.
#[derive(Clone, Debug)]
pub(super) struct KeyField {
    pub key: Option<Key>,
    /// Accidentals that the field adds to the key or, after `exp`, sets in its place.
    pub extra: HashMap<Step, i8>,
    pub explicit: bool,
    pub properties: Properties,
}

/// Clef and transposition, from a `K:` or `V:` field.
#[derive(Clone, Debug, Default)]
pub(super) struct Properties {
    pub name: Option<String>,
    pub short_name: Option<String>,
    pub clef: Option<Clef>,
    /// Octaves by which notes are moved.
    pub octaves: i32,
    /// Semitones from what is written to what sounds.
    pub transpose: i32,
    /// How many letters these are, where it is not the usual interval.
    pub steps: Option<i32>,
    /// Whether one of the two is stated.
    pub moved: bool,
}

/// The words of a field; what stands in quotes is one word.
pub(super) fn words(text: &str) -> Vec<String> {
    let mut out = vec![String::new()];
    let mut quoted = false;
    for c in text.chars() {
        match c {
            '"' => quoted = !quoted,
            c if c.is_whitespace() && !quoted => out.push(String::new()),
            c => out.iter_mut().next_back().into_iter().for_each(|word| word.push(c)),
        }
    }
    out.retain(|word| !word.is_empty());
    out
}

impl Properties {
    /// Takes a word such as `clef=bass`; false when it is not one of these.
    pub fn take(&mut self, word: &str) -> bool {
        let (name, value) = word.split_once('=').unwrap_or(("clef", word));
        match name {
            "clef" => {
                let Some((clef, octaves)) = clef(value) else { return false };
                self.clef = Some(clef);
                if octaves != 0 {
                    (self.octaves, self.moved) = (octaves, true);
                }
            }
            "name" | "nm" => self.name = Some(value.to_owned()),
            "subname" | "snm" | "sname" => self.short_name = Some(value.to_owned()),
            "octave" => (self.octaves, self.moved) = (value.parse().unwrap_or(0).clamp(-4, 4), true),
            "transpose" | "t" => (self.transpose, self.moved) = (value.parse().unwrap_or(0).clamp(-48, 48), true),
            // Not of the standard: the interval that our writer means, for instruments read enharmonically.
            "steps" => self.steps = value.parse().ok(),
            _ => return false,
        }
        true
    }

    /// From what is written to what sounds, but for octaves.
    pub fn transposition(&self) -> Transposition {
        let stated = self.steps.and_then(|steps| Transposition::new(steps, self.transpose));
        stated.unwrap_or_else(|| Transposition::of_semitones(self.transpose))
    }
}

/// A clef and by how many octaves its notes sound higher: `treble-8` sounds lower.
fn clef(text: &str) -> Option<(Clef, i32)> {
    let (name, octaves) = match (text.strip_suffix("+8"), text.strip_suffix("-8")) {
        (Some(name), _) => (name, 1),
        (_, Some(name)) => (name, -1),
        _ => (text, 0),
    };
    let clef = match name.trim_end_matches(|c: char| c.is_ascii_digit()) {
        "treble" | "G" if octaves < 0 => Clef::TrebleOctaveDown,
        "treble" | "G" | "none" => Clef::Treble,
        "bass" | "F" if octaves < 0 => Clef::BassOctaveDown,
        "bass" | "F" => Clef::Bass,
        "alto" | "tenor" | "C" => Clef::Alto,
        "perc" => Clef::Percussion,
        _ => return None,
    };
    Some((clef, octaves))
}

/// The content of a `K:` field.
pub(super) fn key(text: &str) -> KeyField {
    let mut out = KeyField { key: None, extra: HashMap::new(), explicit: false, properties: Properties::default() };
    let mut words = words(text).into_iter().peekable();
    if words.peek().is_some_and(|word| matches!(word.as_str(), "HP" | "Hp")) {
        words.next();
        out.key = Some(Key::new(PitchName::new(Step::D, 0), Mode::Major));
    } else if let Some((tonic, rest)) = words.peek().and_then(|word| tonic(word)) {
        words.next();
        let attached = mode(&rest);
        let mode = if rest.is_empty() {
            let following = words.peek().and_then(|word| mode(word));
            if following.is_some() {
                words.next();
            }
            following.or(Some(Mode::Major))
        } else {
            attached
        };
        out.key = mode.map(|mode| Key::new(tonic, mode)).filter(|key| key.signature().abs() <= 7);
    } else if words.peek().is_none_or(|word| word == "none") {
        words.next();
        out.key = Some(Key::new(PitchName::C, Mode::Major));
    }
    for word in words {
        if word == "exp" {
            out.explicit = true;
        } else if let Some((step, alter)) = accidental(&word) {
            out.extra.insert(step, alter);
        } else {
            out.properties.take(&word);
        }
    }
    out
}

fn tonic(word: &str) -> Option<(PitchName, String)> {
    let mut chars = word.chars();
    let letter = chars.next().filter(char::is_ascii_uppercase)?;
    let step = Step::ALL.into_iter().find(|step| step.letter() == letter)?;
    let rest = chars.as_str();
    let (alter, rest) = match rest.chars().next() {
        Some('#') => (1, &rest[1..]),
        Some('b') => (-1, &rest[1..]),
        _ => (0, rest),
    };
    // A clef's letter with its line is no tonic.
    let known = rest.is_empty() || mode(rest).is_some();
    known.then(|| (PitchName::new(step, alter), rest.to_owned()))
}

fn mode(text: &str) -> Option<Mode> {
    let lower = text.to_ascii_lowercase();
    let short = lower.get(..3).unwrap_or(&lower);
    Some(match short {
        "maj" | "ion" => Mode::Major,
        "m" | "min" | "aeo" => Mode::Minor,
        "dor" => Mode::Dorian,
        "phr" => Mode::Phrygian,
        "lyd" => Mode::Lydian,
        "mix" => Mode::Mixolydian,
        "loc" => Mode::Locrian,
        _ => return None,
    })
}

fn accidental(word: &str) -> Option<(Step, i8)> {
    let letter = word.chars().last()?.to_ascii_uppercase();
    let step = Step::ALL.into_iter().find(|step| step.letter() == letter)?;
    let alter = match &word[..word.len() - 1] {
        "^" => 1,
        "^^" => 2,
        "_" => -1,
        "__" => -2,
        "=" => 0,
        _ => return None,
    };
    Some((step, alter))
}

/// The most sections that are played, one after another.
const MOST_PARTS: usize = 1_000;

/// The content of a `P:` field in a header, the order of the parts played: `A2(BC)3.D`. None where it is none, or far too
/// long.
pub(super) fn parts(text: &str) -> Option<Vec<char>> {
    let mut open: Vec<Vec<char>> = vec![Vec::new()];
    // What a number would repeat.
    let mut last: Vec<char> = Vec::new();
    let mut signs = text.chars().filter(|c| *c != '.' && !c.is_whitespace()).peekable();
    while let Some(sign) = signs.next() {
        match sign {
            'A'..='Z' => last = vec![sign],
            '(' => {
                open.push(Vec::new());
                last.clear();
                continue;
            }
            ')' if open.len() > 1 => last = open.pop()?,
            _ => return None,
        }
        let mut digits = String::new();
        while let Some(digit) = signs.next_if(char::is_ascii_digit) {
            digits.push(digit);
        }
        let times = if digits.is_empty() { 1 } else { digits.parse::<usize>().ok()?.clamp(1, MOST_PARTS) };
        let here = open.last_mut()?;
        if here.len() + last.len() * times > MOST_PARTS {
            return None;
        }
        for _ in 0..times {
            here.extend(&last);
        }
    }
    open.pop().filter(|order| open.is_empty() && !order.is_empty())
}

/// The content of a `Q:` field: quarters a minute in thousandths, and the words.
pub(super) fn tempo(text: &str) -> Option<(u32, Option<String>)> {
    let mut parts = text.split('"');
    let mut plain = parts.next().unwrap_or_default().to_owned();
    let words =
        parts.next().map(|words| super::text::unescape(words).trim().to_owned()).filter(|words| !words.is_empty());
    plain.push_str(parts.next().unwrap_or_default());
    let (beats, number) = match plain.split_once('=') {
        Some((beats, number)) => {
            let beats: Time = beats.split_whitespace().filter_map(fraction).sum();
            (if beats > Time::ZERO { beats * 4 } else { Time::QUARTER }, number)
        }
        None => (Time::QUARTER, plain.as_str()),
    };
    let bpm: f64 = number.trim().parse().ok()?;
    let quarters = bpm * beats.as_f64();
    (quarters.is_finite() && (1.0..=2000.0).contains(&quarters)).then(|| ((quarters * 1000.0).round() as u32, words))
}
