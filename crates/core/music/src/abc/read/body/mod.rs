//! A tune line by line: header and directives; [`music`] reads the music code itself.

mod code;
mod music;

use super::fields;
use super::fields::{Measured, fraction};
use super::text::{field_letter, unescape};
use super::voice::{Propagation, Voice};
use super::words;
use crate::reading::{Diagnoses, ReadError};
use crate::score::{Swing, SwingUnit};
use crate::theory::{Key, Mode, PitchName, Step};
use crate::{Chord, Time};

/// A tune while it is read.
pub(super) struct Tune {
    pub title: String,
    pub composer: String,
    pub voices: Vec<Voice>,
    pub swing: Option<Swing>,
    pub tempos: Vec<(Time, u32, Option<String>)>,
    pub sections: Vec<(Time, String)>,
    /// The order of sections, by their labels.
    pub order: Vec<char>,
    pub chords: Vec<(Time, Option<Chord>)>,
    /// The groups of voices that `%%score` puts on one staff or in one brace.
    pub layout: Vec<Vec<String>>,
    current: usize,
    in_body: bool,
    meter: Option<Measured>,
    unit: Option<Time>,
    key: Key,
    propagation: Propagation,
    /// Inside `%%begintext` and the like.
    skipping: bool,
    /// Whether the only voice is one that nobody named.
    guessed: bool,
    place: usize,
    unknown: usize,
}

impl Tune {
    /// A tune of which nothing is known yet.
    pub fn new() -> Self {
        Self {
            title: String::new(),
            composer: String::new(),
            voices: Vec::new(),
            swing: None,
            tempos: Vec::new(),
            sections: Vec::new(),
            order: Vec::new(),
            chords: Vec::new(),
            layout: Vec::new(),
            current: 0,
            in_body: false,
            meter: None,
            unit: None,
            key: Key::new(PitchName::C, Mode::Major),
            propagation: Propagation::Letter,
            skipping: false,
            guessed: false,
            place: 0,
            unknown: 0,
        }
    }

    /// A line of the file header.
    pub fn shared(&mut self, line: &str) {
        let bare = super::text::without_comment(line);
        match (field_letter(bare), bare.get(2..)) {
            (Some('M'), Some(rest)) => self.meter = fields::meter(rest).or(self.meter),
            (Some('L'), Some(rest)) => self.unit = fraction(rest).map(|unit| unit * 4).or(self.unit),
            _ => {}
        }
    }

    fn here(&self) -> String {
        format!("line {}", self.place)
    }

    /// A line of the tune.
    pub fn line(&mut self, line: &str, place: usize, log: &mut Diagnoses) -> Result<(), ReadError> {
        self.place = place;
        if let Some(directive) = line.strip_prefix("%%") {
            self.directive(directive.trim());
            return Ok(());
        }
        if self.skipping {
            return Ok(());
        }
        // `A:|` is music, though it looks like a field.
        let music =
            |letter: char, rest: &str| self.in_body && ('A'..='G').contains(&letter) && rest.starts_with(['|', ':']);
        match (field_letter(line), line.get(2..)) {
            (Some(letter), Some(rest)) if !music(letter, rest) => self.field(letter, rest.trim(), log),
            _ => self.music(line, log),
        }
    }

    /// The voice that is being written.
    pub fn voice(&mut self) -> &mut Voice {
        if self.voices.is_empty() {
            let voice = self.fresh("1");
            self.voices.push(voice);
            self.guessed = true;
        }
        let current = self.current.min(self.voices.len() - 1);
        &mut self.voices[current]
    }

    fn fresh(&self, id: &str) -> Voice {
        let unit = self.unit.unwrap_or_else(|| fields::default_unit(self.meter));
        let mut voice = Voice::new(id, self.key, self.meter, unit);
        voice.signature = signature(self.key);
        voice
    }

    fn field(&mut self, letter: char, rest: &str, log: &mut Diagnoses) -> Result<(), ReadError> {
        match letter {
            'T' if self.title.is_empty() => self.title = unescape(rest),
            'C' if self.composer.is_empty() => self.composer = unescape(rest),
            'M' => match fields::meter(rest) {
                Some(meter) => self.set_meter(meter),
                None => log.note(self.here(), format!("The meter {rest} is not understood; the one before goes on.")),
            },
            'L' => match fraction(rest) {
                Some(unit) => self.set_unit(unit * 4),
                None => log.note(self.here(), format!("The unit length {rest} is not understood.")),
            },
            'K' => self.key(rest, log),
            'Q' => match fields::tempo(rest) {
                Some((milli_bpm, words)) => {
                    let at = if self.in_body { self.voice().now } else { Time::ZERO };
                    self.tempos.push((at, milli_bpm, words));
                }
                None => log.note(self.here(), format!("The tempo {rest} is not understood.")),
            },
            'V' => self.select(rest)?,
            'P' if self.in_body => {
                let at = self.voice().now;
                self.sections.push((at, unescape(rest)));
            }
            'P' => match fields::parts(rest) {
                Some(order) => self.order = order,
                None => log.note(self.here(), format!("The order of parts {rest} is not understood; it was left out.")),
            },
            'N' => self.swing = swing(rest).or(self.swing),
            'I' => self.directive(rest),
            'w' if self.in_body => {
                let lost = words::set(self.voice(), rest);
                if lost > 0 {
                    log.note(self.here(), format!("{lost} syllables stand under no note; they were left out."));
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn set_meter(&mut self, meter: Measured) {
        if self.in_body {
            self.voice().meter = Some(meter);
        } else {
            self.meter = Some(meter);
            for voice in &mut self.voices {
                voice.meter = Some(meter);
            }
        }
    }

    fn set_unit(&mut self, unit: Time) {
        if self.in_body {
            self.voice().unit = unit;
        } else {
            self.unit = Some(unit);
        }
    }

    /// A key; in the header it ends the header.
    fn key(&mut self, rest: &str, log: &mut Diagnoses) {
        let field = fields::key(rest);
        if field.key.is_none() && !rest.starts_with("clef") {
            log.note(self.here(), format!("The key {rest} is not understood; the one before goes on."));
        }
        let key = field.key.unwrap_or(if self.in_body { self.voice().key } else { self.key });
        let mut letters = if field.explicit { signature(Key::new(PitchName::C, Mode::Major)) } else { signature(key) };
        letters.extend(field.extra.iter().map(|(step, alter)| (*step, *alter)));
        let apply = |voice: &mut Voice| {
            voice.key = key;
            voice.signature.clone_from(&letters);
            voice.properties.clef = field.properties.clef.or(voice.properties.clef);
            if field.properties.moved {
                voice.properties.octaves = field.properties.octaves;
                voice.properties.transpose = field.properties.transpose;
                voice.properties.steps = field.properties.steps;
            }
        };
        if self.in_body {
            apply(self.voice());
            return;
        }
        self.key = key;
        self.begin();
        for voice in &mut self.voices {
            let own = voice.properties.clone();
            apply(voice);
            voice.properties.clef = own.clef.or(voice.properties.clef);
            if own.moved {
                (voice.properties.octaves, voice.properties.transpose) = (own.octaves, own.transpose);
                voice.properties.steps = own.steps;
            }
        }
    }

    /// The header is over: voices that it named start with what it says.
    fn begin(&mut self) {
        self.in_body = true;
        self.current = 0;
        self.voice();
        let fresh = self.fresh("");
        for voice in &mut self.voices {
            (voice.unit, voice.meter, voice.key) = (fresh.unit, fresh.meter, fresh.key);
            voice.signature.clone_from(&fresh.signature);
        }
    }

    fn select(&mut self, rest: &str) -> Result<(), ReadError> {
        let mut words = fields::words(rest).into_iter();
        let Some(id) = words.next() else { return Ok(()) };
        let found = self.voices.iter().position(|voice| voice.id == id);
        self.current = match found {
            Some(index) => {
                self.guessed = false;
                index
            }
            None if self.voices.len() >= 200 => {
                return Err(ReadError::TooLarge { what: "the number of voices", limit: 200 });
            }
            None => {
                // A voice that nobody named and nobody used was only a guess.
                if self.guessed && self.voices.iter().all(|voice| !voice.used()) {
                    self.voices.clear();
                }
                self.guessed = false;
                let fresh = self.fresh(&id);
                self.voices.push(fresh);
                self.voices.len() - 1
            }
        };
        let voice = self.voice();
        for word in words {
            voice.properties.take(&word);
        }
        Ok(())
    }

    fn directive(&mut self, text: &str) {
        let text = text.replace('=', " ");
        let words: Vec<&str> = text.split_whitespace().collect();
        match words.as_slice() {
            ["begintext" | "beginps" | "beginsvg", ..] => self.skipping = true,
            ["endtext" | "endps" | "endsvg", ..] => self.skipping = false,
            ["MIDI", "program", rest @ ..] => {
                let program = rest.last().and_then(|word| word.parse::<u8>().ok()).filter(|program| *program < 128);
                if let Some(program) = program {
                    self.voice().program = program;
                }
            }
            ["MIDI", "channel", number, ..] => self.voice().drums = *number == "10",
            ["score" | "staves", ..] => self.layout = layout(&text),
            ["propagate-accidentals", reach, ..] => {
                self.propagation = match *reach {
                    "not" | "n" => Propagation::Note,
                    "octave" | "o" => Propagation::Octave,
                    _ => Propagation::Letter,
                };
            }
            _ => {}
        }
    }
}

impl Voice {
    /// Whether there is anything in it.
    fn used(&self) -> bool {
        self.now > Time::ZERO || !self.heads.is_empty()
    }
}

/// What a key gives to each letter.
fn signature(key: Key) -> std::collections::HashMap<Step, i8> {
    (1..=7).map(|degree| key.degree(degree)).map(|name| (name.step, name.alter)).collect()
}

/// The swing that an `N:` field of our own states.
fn swing(text: &str) -> Option<Swing> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let ["swing", unit, milli] = words.as_slice() else { return None };
    let unit = match *unit {
        "eighth" => SwingUnit::Eighth,
        "sixteenth" => SwingUnit::Sixteenth,
        _ => return None,
    };
    Some(Swing { unit, first_milli: milli.parse().ok().filter(|milli| (200..=900).contains(milli))? })
}

/// The voices of `%%score` by what they share: a staff `(1 2)` or a brace `{1 2}`.
fn layout(text: &str) -> Vec<Vec<String>> {
    let mut groups: Vec<Vec<String>> = Vec::new();
    let mut depth = 0_usize;
    let spaced: String =
        text.chars().flat_map(|c| if "(){}[]|*".contains(c) { vec![' ', c, ' '] } else { vec![c] }).collect();
    for word in spaced.split_whitespace().skip(1) {
        match word {
            "(" | "{" => {
                if depth == 0 {
                    groups.push(Vec::new());
                }
                depth += 1;
            }
            ")" | "}" => depth = depth.saturating_sub(1),
            "[" | "]" | "|" | "*" => {}
            voice if depth > 0 => groups.iter_mut().next_back().into_iter().for_each(|g| g.push(voice.to_owned())),
            voice => groups.push(vec![voice.to_owned()]),
        }
    }
    groups
}
