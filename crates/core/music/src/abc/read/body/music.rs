//! The music code: notes, rests, chords, bars, tuplets, decorations, chord symbols.

use super::Tune;
use super::code::Code;
use crate::abc::read::voice::Written;
use crate::notation::dynamics::DynamicSign;
use crate::play::Sign;
use crate::reading::{Diagnoses, ReadError};
use crate::score::Articulation;
use crate::theory::PitchName;
use crate::{Chord, ChordKind, Time};

impl Tune {
    /// A line of music.
    pub(super) fn music(&mut self, line: &str, log: &mut Diagnoses) -> Result<(), ReadError> {
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
                self.graces(&inside);
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

    /// What stands in braces: grace notes, all of them slashed where a stroke comes first.
    fn graces(&mut self, text: &str) {
        let mut code = Code { text: text.chars().collect(), at: 0 };
        let slashed = code.count('/') > 0;
        let propagation = self.propagation;
        while let Some(c) = code.next() {
            match c {
                '^' | '_' | '=' | 'a'..='g' | 'A'..='G' => {
                    code.at -= 1;
                    match code.note() {
                        Some(note) => self.voice().grace(&[note], Time::QUARTER, slashed, propagation),
                        None => code.at += 1,
                    }
                }
                '[' => {
                    let (notes, units) = chord_notes(&mut code);
                    self.voice().grace(&notes, units, slashed, propagation);
                }
                _ => {}
            }
        }
    }

    /// A chord symbol or an annotation.
    fn quoted(&mut self, text: &str, log: &mut Diagnoses) {
        let text = text.trim();
        if text.is_empty() {
            return;
        }
        if text.starts_with(['^', '_', '<', '>', '@']) {
            self.jump(text);
            return;
        }
        let at = self.voice().now;
        let silent = matches!(text, "N.C." | "NC" | "N.C");
        let transposition = self.voice().properties.transposition();
        match chord_symbol(text) {
            Some(chord) => self.chords.push((at, Some(transposition.sounding_chord(chord)))),
            None if silent => self.chords.push((at, None)),
            None => log.note(self.here(), format!("The chord symbol {text} is not understood; it was left out.")),
        }
    }

    /// Words that say how the piece goes on belong to the bar in which they stand.
    fn jump(&mut self, words: &str) {
        let voice = self.voice();
        if let Some(sign) = Sign::of_words(words) {
            voice.sign(voice.bars.len(), sign);
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
        for sign in dynamic_signs(&name) {
            self.voice().dynamic(sign);
        }
        self.jump(&name);
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
        let (notes, units) = chord_notes(code);
        let propagation = self.propagation;
        self.voice().chord(&notes, units, propagation);
    }

    /// A bar line: `|`, `||`, `|]`, `:|`, `|:`, `::`. As many colons as there are, one time more is a stretch played.
    fn bar(&mut self, first: char, code: &mut Code) -> Result<(), ReadError> {
        let mut line = String::from(first);
        while let Some(c) = code.peek().filter(|c| matches!(c, '|' | ':' | ']')) {
            line.push(c);
            code.at += 1;
        }
        if code.peek() == Some('[') && code.text.get(code.at + 1).is_some_and(char::is_ascii_digit) {
            code.at += 1;
        }
        let before = line.len() - line.trim_start_matches(':').len();
        let after = if before == line.len() { before / 2 } else { line.len() - line.trim_end_matches(':').len() };
        let before = if before == line.len() { before.div_ceil(2) } else { before };
        let voice = self.voice();
        voice.bar_line()?;
        let bar = voice.bars.len();
        if before > 0 && bar > 0 {
            voice.sign(bar - 1, Sign::RepeatEnd(before.min(98) as u8 + 1));
        }
        if after > 0 {
            voice.sign(bar, Sign::RepeatStart);
        }
        // A plain line inside an ending does not end it.
        if line != "|" {
            voice.ending = None;
        }
        if code.peek().is_some_and(|c| c.is_ascii_digit()) {
            self.ending(code);
        }
        Ok(())
    }

    /// The numbers of an ending: `1,3` or `1-2`.
    fn ending(&mut self, code: &mut Code) {
        let mut passes: Vec<u8> = Vec::new();
        let mut from: Option<u8> = None;
        while let Some(c) = code.peek() {
            let between = matches!(c, ',' | '-') && code.text.get(code.at + 1).is_some_and(char::is_ascii_digit);
            if c.is_ascii_digit() {
                let pass = code.number().map_or(99, |n| n.clamp(1, 99)) as u8;
                passes.extend(from.take().map_or(pass, |from| from + 1)..=pass);
            } else if between {
                code.at += 1;
                from = passes.last().copied().filter(|_| c == '-');
            } else {
                break;
            }
        }
        passes.sort_unstable();
        passes.dedup();
        self.voice().ending = Some(passes);
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

/// The notes of a chord whose bracket is open, and the length that stands after it.
fn chord_notes(code: &mut Code) -> (Vec<Written>, Time) {
    let mut notes: Vec<Written> = Vec::new();
    while let Some(c) = code.next() {
        match c {
            ']' => {
                let units = code.length();
                return (notes, units);
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
    (notes, Time::QUARTER)
}

/// The dynamics that a decoration stands for. A hairpin that opens and one that closes have numbers of their own.
fn dynamic_signs(name: &str) -> Vec<DynamicSign> {
    let (kind, edge) = name.split_at(name.len() - usize::from(name.ends_with(['(', ')'])));
    let louder = match kind {
        "<" | "crescendo" => true,
        ">" | "diminuendo" => false,
        _ => return DynamicSign::named(name),
    };
    let number = if louder { 1 } else { 2 };
    match edge {
        "(" => vec![DynamicSign::Opens { number, louder }],
        ")" => vec![DynamicSign::Closes(number)],
        _ => Vec::new(),
    }
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
