//! Writing the lines of music of one voice.

use super::repeat;
use super::words::Words;
use super::write::{field, key_text, tempo_text};
use crate::notation::dynamics::DynamicSign;
use crate::notation::{Beam, Engraving, Event, Layer, Segment, Tuplet};
use crate::score::Measure;
use crate::score::Transposition;
use crate::score::{Articulation, ChordSymbol, Sound};
use crate::theory::{Pitch, PitchName, Step};
use crate::{Key, Note, Score, Time};
use std::collections::HashSet;
use std::fmt::Write as _;

/// How many bars stand on one line of text.
const BARS_A_LINE: usize = 4;

/// One voice of the tune.
pub(super) struct Line<'a> {
    pub score: &'a Score,
    pub engraving: &'a Engraving,
    pub part: usize,
    pub layer: usize,
    /// How it is printed.
    pub transposition: Transposition,
    /// Its dynamics, in order.
    pub dynamics: Vec<(Time, DynamicSign)>,
    /// Whether chord symbols stand over it.
    pub leads: bool,
    /// Whether it carries tempo changes and section names.
    pub first: bool,
}

/// What is written of one event: the whole of it or, where a chord symbol or a tempo falls inside, a part, tied.
#[derive(Clone, Copy)]
struct Token<'a> {
    event: &'a Event,
    onset: Time,
    end: Time,
    first: bool,
    last: bool,
}

/// The music of a voice, with its words. A line of text ends where a section, a key or a meter does, because not every
/// program understands fields inside a line.
pub(super) fn lines(line: &Line) -> String {
    let mut out = String::new();
    let mut text = String::new();
    let mut words = Words::default();
    let bars = &line.engraving.bars;
    let sections = &line.score.sections;
    let section_at = |bar: usize| sections.iter().find(|section| section.first == bar);
    let mut on_line = 0;
    for bar in 0..bars.len() {
        if let Some(section) = section_at(bar).filter(|_| line.first) {
            let _ = writeln!(out, "P:{}", field(&section.label));
        }
        out.push_str(&changes(line, bar));
        text.push_str(&repeat::opening(line.score, bar));
        line.bar(bar, &mut text, &mut words);
        text.push_str(&repeat::words(line.score, bar));
        on_line += 1;
        let last = bar + 1 == bars.len();
        let section = section_at(bar + 1).is_some();
        text.push_str(&repeat::closing(line.score, bar, last, section));
        if last || section || on_line == BARS_A_LINE || !changes(line, bar + 1).is_empty() {
            out.push_str(&text);
            out.push('\n');
            out.push_str(&words.finish());
            text.clear();
            on_line = 0;
        } else {
            text.push(' ');
        }
    }
    out
}

/// The meter and key that start with a bar. Where a tune changes them, each voice says at its start where it begins:
/// programs disagree whether a change holds for the voices that follow in the file.
fn changes(line: &Line, bar: usize) -> String {
    let bars = &line.engraving.bars;
    let mut out = String::new();
    let Some(here) = bars.get(bar) else { return out };
    let before = bar.checked_sub(1).and_then(|before| bars.get(before));
    let varies = |differs: fn(&Measure, &Measure) -> bool| match before {
        Some(before) => differs(before, here),
        None => !line.first && bars.iter().any(|other| differs(other, here)),
    };
    let moved = before.is_none() && !line.transposition.is_none();
    if varies(|a, b| a.meter != b.meter) {
        let _ = writeln!(out, "M:{}", here.meter);
    }
    if moved || varies(|a, b| a.key != b.key) {
        let _ = writeln!(out, "K:{}", key_text(line.transposition.printed_key(here.key)));
    }
    out
}

impl<'a> Line<'a> {
    fn layer(&self) -> &'a Layer {
        &self.engraving.parts[self.part].layers[self.layer]
    }

    fn note(&self, segment: Segment) -> Option<&'a Note> {
        self.score.parts.get(self.part)?.voices.get(self.layer().voice)?.get(segment.index)
    }

    fn bar(&self, bar: usize, text: &mut String, words: &mut Words) {
        let tokens: Vec<Token> = self.layer().bars[bar].iter().flat_map(|event| self.tokens(event)).collect();
        let mut accidentals = Accidentals::new(self.transposition.printed_key(self.engraving.bars[bar].key));
        for (index, token) in tokens.iter().enumerate() {
            self.before(token, text);
            if let Some(tuplet) = token.event.tuplet.filter(|tuplet| tuplet.starts && token.first) {
                let members = tokens[index..].iter().position(|t| t.last && t.event.tuplet.is_some_and(|t| t.ends));
                let _ = write!(text, "({}:{}:{}", tuplet.actual, tuplet.normal, members.map_or(1, |m| m + 1));
            }
            self.graces(token, &mut accidentals, text);
            self.token(token, &mut accidentals, text, words);
            let joined = matches!(token.event.beams.first(), Some(Beam::Begin | Beam::Continue)) || !token.last;
            if !joined && index + 1 < tokens.len() {
                text.push(' ');
            }
        }
        if bar + 1 == self.engraving.bars.len() {
            let end = self.engraving.bars[bar].end();
            text.extend(self.signs_at(end));
        }
    }

    /// The dynamics of a moment.
    fn signs_at(&self, at: Time) -> impl Iterator<Item = String> {
        let first = self.dynamics.partition_point(|(other, _)| *other < at);
        let here = self.dynamics[first..].iter().take_while(move |(other, _)| *other == at);
        here.map(|(_, sign)| Self::dynamic(*sign))
    }

    fn dynamic(sign: DynamicSign) -> String {
        match sign {
            DynamicSign::Level(level) => format!("!{}!", level.name()),
            DynamicSign::Sforzando => "!sfz!".to_owned(),
            DynamicSign::Opens { louder: true, .. } => "!crescendo(!".to_owned(),
            DynamicSign::Opens { louder: false, .. } => "!diminuendo(!".to_owned(),
            DynamicSign::Closes(number) if number % 2 == 1 => "!crescendo)!".to_owned(),
            DynamicSign::Closes(_) => "!diminuendo)!".to_owned(),
        }
    }

    /// The grace notes before a note: a group in braces for those that are slashed alike.
    fn graces(&self, token: &Token, accidentals: &mut Accidentals, text: &mut String) {
        let segment = token.event.note.filter(|segment| segment.number == 0 && token.first);
        let Some(note) = segment.and_then(|segment| self.note(segment)) else { return };
        for group in note.graces.chunk_by(|a, b| a.slashed == b.slashed) {
            text.push_str(if group[0].slashed { "{/" } else { "{" });
            for grace in group {
                let length = length_text(grace.value.length() * 2);
                match self.names(&grace.sound, accidentals).as_slice() {
                    [name] => text.extend([name.as_str(), &length]),
                    names => text.extend(["[", &names.concat(), "]", &length]),
                }
            }
            text.push('}');
        }
    }

    /// What is printed for each member of a sound.
    fn names(&self, sound: &Sound, accidentals: &mut Accidentals) -> Vec<String> {
        let pitches: Vec<Pitch> = match sound {
            Sound::Pitched(pitches) => pitches.iter().map(|p| writable(self.transposition.printed(*p))).collect(),
            Sound::Drums(keys) => keys.iter().map(|key| Pitch::from_midi(i32::from(*key), sharp(*key))).collect(),
        };
        pitches.into_iter().map(|pitch| accidentals.write(pitch)).collect()
    }

    /// An event, cut where something must be written inside it.
    fn tokens(&self, event: &'a Event) -> Vec<Token<'a>> {
        let end = event.onset + event.duration;
        let mut places: Vec<Time> = Vec::new();
        if self.leads {
            places.extend(self.score.chords.iter().map(|symbol| symbol.at));
            places.extend(self.silences());
        }
        if self.first {
            places.extend(self.score.tempos.iter().map(|tempo| tempo.at));
        }
        let first = self.dynamics.partition_point(|(at, _)| *at <= event.onset);
        places.extend(self.dynamics[first..].iter().map(|(at, _)| *at).take_while(|at| *at < end));
        places.retain(|at| *at > event.onset && *at < end);
        places.sort();
        places.dedup();
        let starts = std::iter::once(event.onset).chain(places.iter().copied());
        let ends = places.iter().copied().chain([end]);
        starts
            .zip(ends)
            .map(|(lo, hi)| Token { event, onset: lo, end: hi, first: lo == event.onset, last: hi == end })
            .collect()
    }

    /// Where a chord ends and none follows.
    fn silences(&self) -> impl Iterator<Item = Time> {
        let chords = &self.score.chords;
        let end = |(index, symbol): (usize, &ChordSymbol)| {
            let end = symbol.at + symbol.duration;
            chords.get(index + 1).is_none_or(|next| next.at > end).then_some(end)
        };
        chords.iter().enumerate().filter_map(end)
    }

    /// Tempo and chord symbol.
    fn before(&self, token: &Token, text: &mut String) {
        let here = |at: Time| at == token.onset;
        let start = self.engraving.bars[0].start;
        if self.first {
            for tempo in self.score.tempos.iter().filter(|tempo| here(tempo.at) && tempo.at > start) {
                let _ = write!(text, "[Q:{}]", tempo_text(tempo));
            }
        }
        if self.leads {
            for symbol in self.score.chords.iter().filter(|symbol| here(symbol.at)) {
                let _ = write!(text, "\"{}\"", self.transposition.printed_chord(symbol.chord));
            }
            if self.silences().any(here) {
                text.push_str("\"N.C.\"");
            }
        }
        text.extend(self.signs_at(token.onset));
    }

    fn token(&self, token: &Token, accidentals: &mut Accidentals, text: &mut String, words: &mut Words) {
        let length = length(token);
        let Some((segment, note)) = token.event.note.and_then(|s| Some((s, self.note(s)?))) else {
            let _ = write!(text, "z{length}");
            return;
        };
        let names = self.names(&note.sound, accidentals);
        if names.is_empty() {
            let _ = write!(text, "z{length}");
            return;
        }
        let starts = segment.number == 0 && token.first;
        if starts {
            text.push_str(&articulations(note));
        }
        match names.as_slice() {
            [name] => text.push_str(name),
            names => {
                let _ = write!(text, "[{}]", names.concat());
            }
        }
        text.push_str(&length);
        if segment.tied_after || !token.last {
            text.push('-');
        }
        words.note(if starts { Some(note) } else { None });
    }
}

/// What a drum's key is called where it is written as a pitch.
fn sharp(key: u8) -> PitchName {
    PitchName::from_fifths([0, 7, 2, 9, 4, -1, 6, 1, 8, 3, 10, 5][usize::from(key % 12)])
}

/// ABC has no triple accidentals.
fn writable(pitch: Pitch) -> Pitch {
    if pitch.alter.abs() <= 2 { pitch } else { Pitch::from_midi(pitch.midi(), pitch.name().simplest(0)) }
}

fn articulations(note: &Note) -> String {
    let sign = |articulation: &Articulation| match articulation {
        Articulation::Staccato => ".",
        Articulation::Tenuto => "!tenuto!",
        Articulation::Accent => "!accent!",
        Articulation::Ghost => "",
    };
    note.articulations.iter().map(sign).collect()
}

/// The length in eighths, as written: tuplets are said by their sign.
fn length(token: &Token) -> String {
    let sounding = token.end - token.onset;
    let stretch = token
        .event
        .tuplet
        .map_or(Time::QUARTER, |Tuplet { actual, normal, .. }| Time::new(i64::from(actual), i64::from(normal)));
    length_text(sounding * stretch * 2)
}

/// A number of eighths.
fn length_text(eighths: Time) -> String {
    match (eighths.numerator(), eighths.denominator()) {
        (1, 1) => String::new(),
        (n, 1) => n.to_string(),
        (1, d) => format!("/{d}"),
        (n, d) => format!("{n}/{d}"),
    }
}

/// Which letters had an accidental in a bar. Programs disagree whether an accidental holds in other octaves, in chords, or
/// at all after its own note, so from the first one on every note of that letter is written with its own.
struct Accidentals {
    key: Key,
    altered: HashSet<Step>,
}

impl Accidentals {
    fn new(key: Key) -> Self {
        Self { key, altered: HashSet::new() }
    }

    fn write(&mut self, pitch: Pitch) -> String {
        let signature = signature(self.key, pitch.step);
        let sign = if pitch.alter == signature && !self.altered.contains(&pitch.step) {
            ""
        } else {
            self.altered.insert(pitch.step);
            match pitch.alter {
                ..=-2 => "__",
                -1 => "_",
                0 => "=",
                1 => "^",
                2.. => "^^",
            }
        };
        let (name, marks) = if pitch.octave >= 5 {
            (pitch.step.letter().to_ascii_lowercase(), "'".repeat((pitch.octave - 5) as usize))
        } else {
            (pitch.step.letter(), ",".repeat((4 - pitch.octave) as usize))
        };
        format!("{sign}{name}{marks}")
    }
}

/// The alteration that a key gives to a letter.
pub(super) fn signature(key: Key, step: Step) -> i8 {
    (1..=7).map(|degree| key.degree(degree)).find(|name| name.step == step).map_or(0, |name| name.alter)
}
