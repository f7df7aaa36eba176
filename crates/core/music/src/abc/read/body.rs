//! A tune line by line: header, directives, and the music code itself.

use super::fields::{self, Measured, fraction};
use super::text::{field_letter, unescape};
use super::voice::{Propagation, Voice, Written};
use super::words;
use crate::Time;
use crate::reading::{Diagnoses, ReadError};
use crate::score::{Articulation, Swing, SwingUnit};
use crate::theory::{Key, Mode, PitchName, Step};
use crate::{Chord, ChordKind};

/// A tune while it is read.
pub(super) struct Tune {
    pub title: String,
    pub composer: String,
    pub voices: Vec<Voice>,
    pub swing: Option<Swing>,
    pub tempos: Vec<(Time, u32, Option<String>)>,
    pub sections: Vec<(Time, String)>,
    pub chords: Vec<(Time, Option<Chord>)>,
    /// The groups of voices that `%%score` puts on one staff or in one brace.
    pub layout: Vec<Vec<String>>,
    pub repeats: usize,
    pub graces: usize,
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
            chords: Vec::new(),
            layout: Vec::new(),
            repeats: 0,
            graces: 0,
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

    /// A line of music.
    fn music(&mut self, line: &str, log: &mut Diagnoses) -> Result<(), ReadError> {
        if !self.in_body {
            log.note(self.here(), "Music starts without a K: field; C major was taken.");
            self.begin();
        }
        let voice = self.voice();
        voice.line.clear();
        voice.verse = 1;
        let mut code = Code { text: line.chars().collect(), at: 0 };
        while let Some(c) = code.next() {
            self.sign(c, &mut code, log)?;
        }
        if self.unknown > 0 {
            log.note(self.here(), format!("{} signs are not understood; they were passed over.", self.unknown));
            self.unknown = 0;
        }
        Ok(())
    }

    fn sign(&mut self, c: char, code: &mut Code, log: &mut Diagnoses) -> Result<(), ReadError> {
        match c {
            '"' => self.quoted(&code.until('"'), log),
            '!' | '+' => self.decoration(c, code),
            '.' => self.voice().marks.push(Articulation::Staccato),
            '{' => {
                let inside = code.until('}');
                self.graces += inside.chars().filter(|c| matches!(c, 'a'..='g' | 'A'..='G')).count();
            }
            '[' => self.bracket(code, log)?,
            '|' | ']' => self.bar(c, code)?,
            ':' if matches!(code.peek(), Some('|' | ':')) => self.bar(c, code)?,
            '(' if code.peek().is_some_and(|c| c.is_ascii_digit()) => self.tuplet(code, log),
            '&' if code.peek() != Some(')') => self.voice().lay_over(),
            '-' => self.voice().tie(),
            '>' | '<' => {
                let more = code.count(c);
                let signs = (1 + more) as i32;
                self.voice().break_rhythm(if c == '>' { signs } else { -signs });
            }
            'z' | 'x' => {
                let units = code.length();
                self.voice().rest(units);
            }
            'Z' | 'X' => {
                let count = code.number().unwrap_or(1).min(10_000);
                self.voice().bars_of_rest(count as usize)?;
            }
            'y' => drop(code.length()),
            '^' | '_' | '=' | 'a'..='g' | 'A'..='G' => {
                code.at -= 1;
                if let Some(note) = code.note() {
                    let propagation = self.propagation;
                    self.voice().chord(&[note], Time::QUARTER, propagation);
                } else {
                    code.at += 1;
                    self.unknown += 1;
                }
            }
            // Beams, slurs, line breaks, and decorations of one letter that change no note.
            ' ' | '\t' | '(' | ')' | '&' | '`' | '$' | '\\' | '*' | ';' | '~' | 'H'..='W' | 'h'..='w' => {}
            _ => self.unknown += 1,
        }
        Ok(())
    }

    /// A chord symbol or an annotation.
    fn quoted(&mut self, text: &str, log: &mut Diagnoses) {
        let text = text.trim();
        if text.is_empty() || text.starts_with(['^', '_', '<', '>', '@']) {
            return;
        }
        let at = self.voice().now;
        let silent = matches!(text, "N.C." | "NC" | "N.C");
        match chord_symbol(text) {
            Some(chord) => self.chords.push((at, Some(chord))),
            None if silent => self.chords.push((at, None)),
            None => log.note(self.here(), format!("The chord symbol {text} is not understood; it was left out.")),
        }
    }

    fn decoration(&mut self, sign: char, code: &mut Code) {
        let rest = &code.text[code.at..];
        let Some(length) = rest.iter().take(20).position(|c| *c == sign) else { return };
        let name: String = rest[..length].iter().collect();
        code.at += length + 1;
        let mark = match name.as_str() {
            "accent" | ">" | "emphasis" => Some(Articulation::Accent),
            "tenuto" => Some(Articulation::Tenuto),
            "staccato" => Some(Articulation::Staccato),
            _ => None,
        };
        self.voice().marks.extend(mark);
    }

    /// An inline field, a chord, the start of an ending, or a thick bar line.
    fn bracket(&mut self, code: &mut Code, log: &mut Diagnoses) -> Result<(), ReadError> {
        match (code.peek(), code.text.get(code.at + 1)) {
            (Some(letter), Some(':')) if letter.is_ascii_alphabetic() => {
                code.at += 2;
                let rest = code.until(']');
                if letter != 'w' {
                    self.field(letter, rest.trim(), log)?;
                }
            }
            (Some('|'), _) => {
                code.at += 1;
                self.bar('|', code)?;
            }
            (Some(c), _) if c.is_ascii_digit() => self.ending(code),
            (Some('"'), _) => {
                // Either the name of an ending or a chord symbol inside a chord.
                code.at += 1;
                let text = code.until('"');
                self.quoted(&text, log);
                if code.peek().is_some_and(|c| matches!(c, '^' | '_' | '=' | 'a'..='g' | 'A'..='G')) {
                    self.chord(code);
                }
            }
            _ => self.chord(code),
        }
        Ok(())
    }

    fn chord(&mut self, code: &mut Code) {
        let mut notes: Vec<Written> = Vec::new();
        let mut closed = false;
        while let Some(c) = code.next() {
            match c {
                ']' => {
                    closed = true;
                    break;
                }
                '-' => notes.iter_mut().next_back().into_iter().for_each(|note| note.tied = true),
                '^' | '_' | '=' | 'a'..='g' | 'A'..='G' => {
                    code.at -= 1;
                    match code.note() {
                        // More notes than any chord has belong to a broken file.
                        Some(note) if notes.len() < 128 => notes.push(note),
                        Some(_) => {}
                        None => code.at += 1,
                    }
                }
                _ => {}
            }
        }
        let units = if closed { code.length() } else { Time::QUARTER };
        let propagation = self.propagation;
        self.voice().chord(&notes, units, propagation);
    }

    fn bar(&mut self, first: char, code: &mut Code) -> Result<(), ReadError> {
        let mut repeats = first == ':';
        while let Some(c) = code.peek().filter(|c| matches!(c, '|' | ':' | ']')) {
            repeats |= c == ':';
            code.at += 1;
        }
        if code.peek() == Some('[') && code.text.get(code.at + 1).is_some_and(char::is_ascii_digit) {
            code.at += 1;
        }
        self.repeats += usize::from(repeats);
        self.voice().bar_line()?;
        if code.peek().is_some_and(|c| c.is_ascii_digit()) {
            self.ending(code);
        }
        Ok(())
    }

    /// The numbers of an ending: `1,3` or `1-2`.
    fn ending(&mut self, code: &mut Code) {
        self.repeats += 1;
        while let Some(c) = code.peek() {
            let between = matches!(c, ',' | '-') && code.text.get(code.at + 1).is_some_and(char::is_ascii_digit);
            if !c.is_ascii_digit() && !between {
                break;
            }
            code.at += 1;
        }
    }

    /// `(p:q:r`: p notes in the time of q, for the next r notes.
    fn tuplet(&mut self, code: &mut Code, log: &mut Diagnoses) {
        let p = code.number().unwrap_or(3);
        let mut given = [None, None];
        for value in &mut given {
            if code.peek() != Some(':') {
                break;
            }
            code.at += 1;
            *value = code.number();
        }
        let compound = self.voice().counted().is_compound();
        let usual = match p {
            2 | 4 | 8 => 3,
            3 | 6 => 2,
            _ if compound => 3,
            _ => 2,
        };
        let (q, r) = (given[0].unwrap_or(usual), given[1].unwrap_or(p));
        if [p, q, r].iter().all(|n| (1..=64).contains(n)) {
            self.voice().tuplet(r as usize, Time::new(q, p));
        } else {
            log.note(self.here(), format!("The tuplet ({p}:{q}:{r} has no meaning; it was left out."));
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

/// A chord symbol in the ways in which people write them.
fn chord_symbol(text: &str) -> Option<Chord> {
    let plain = text.split(['(', ';']).next().unwrap_or(text).trim().replace('♭', "b").replace('♯', "#");
    if let Ok(chord) = plain.parse() {
        return Some(chord);
    }
    let (symbol, bass) = plain.split_once('/').map_or((plain.as_str(), None), |(symbol, bass)| (symbol, Some(bass)));
    let rest = symbol.get(1..)?.trim_start_matches(['#', 'b']);
    let root: PitchName = symbol[..symbol.len() - rest.len()].parse().ok()?;
    let kind = match rest {
        "min" | "-" | "mi" => ChordKind::Minor,
        "maj" | "M" => ChordKind::Major,
        "M7" | "Maj7" | "ma7" | "j7" => ChordKind::Major7,
        "min7" | "-7" | "mi7" => ChordKind::Minor7,
        "o" | "°" => ChordKind::Diminished,
        "o7" | "°7" => ChordKind::Diminished7,
        "+" => ChordKind::Augmented,
        "+7" | "aug7" => ChordKind::Augmented7,
        "ø" | "ø7" | "-7b5" | "min7b5" => ChordKind::HalfDiminished7,
        "sus" => ChordKind::Sus4,
        "7sus" => ChordKind::Dominant7Sus4,
        "M9" => ChordKind::Major9,
        "min9" | "-9" => ChordKind::Minor9,
        "min6" | "-6" => ChordKind::Minor6,
        known => ChordKind::ALL.iter().copied().find(|kind| kind.symbol() == known)?,
    };
    let bass = match bass {
        Some(bass) => Some(bass.parse().ok()?),
        None => None,
    };
    Some(Chord { root, kind, bass })
}

/// The signs of a line.
struct Code {
    text: Vec<char>,
    at: usize,
}

impl Code {
    fn peek(&self) -> Option<char> {
        self.text.get(self.at).copied()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += 1;
        Some(c)
    }

    /// What stands before the next `end`, which is passed; the rest of the line when there is none.
    fn until(&mut self, end: char) -> String {
        let rest = &self.text[self.at..];
        let length = rest.iter().position(|c| *c == end).unwrap_or(rest.len());
        let text = rest[..length].iter().collect();
        self.at = (self.at + length + 1).min(self.text.len());
        text
    }

    /// How often `sign` follows.
    fn count(&mut self, sign: char) -> usize {
        let length = self.text[self.at..].iter().take_while(|c| **c == sign).count();
        self.at += length;
        length
    }

    /// A whole number of at most six digits; longer ones are cut.
    fn number(&mut self) -> Option<i64> {
        let digits: String = self.text[self.at..].iter().take_while(|c| c.is_ascii_digit()).collect();
        self.at += digits.len();
        digits.get(..digits.len().min(6))?.parse().ok()
    }

    /// A length: `3`, `3/2`, `/`, `//`.
    fn length(&mut self) -> Time {
        let n = self.number().filter(|n| *n > 0).unwrap_or(1);
        let slashes = self.count('/');
        if slashes == 0 {
            return Time::quarters(n);
        }
        let d = if slashes == 1 { self.number().filter(|d| *d > 0) } else { None };
        Time::new(n, d.unwrap_or(1 << slashes.min(10)).min(4096))
    }

    /// A note with its accidental, octave and length.
    fn note(&mut self) -> Option<Written> {
        let start = self.at;
        let mut accidental = None;
        while let Some(sign @ ('^' | '_' | '=')) = self.peek() {
            let step = match sign {
                '^' => 1,
                '_' => -1,
                _ => 0,
            };
            accidental = Some((accidental.unwrap_or(0) + step).clamp(-2, 2));
            self.at += 1;
        }
        let letter = self.next().filter(|c| matches!(c, 'a'..='g' | 'A'..='G'));
        let step = letter.and_then(|c| Step::ALL.into_iter().find(|step| step.letter() == c.to_ascii_uppercase()));
        let (Some(letter), Some(step)) = (letter, step) else {
            self.at = start;
            return None;
        };
        let mut octave: i8 = if letter.is_ascii_lowercase() { 5 } else { 4 };
        while let Some(sign @ ('\'' | ',')) = self.peek() {
            octave = (octave + if sign == ',' { -1 } else { 1 }).clamp(-1, 10);
            self.at += 1;
        }
        let length = self.length();
        Some(Written { step, octave, accidental, length, tied: false })
    }
}
