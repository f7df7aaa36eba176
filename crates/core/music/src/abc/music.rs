//! Writing the lines of music of one voice.

use super::repeat;
use super::words::Words;
use super::write::{field, key_text, tempo_text};
use crate::notation::{Beam, Engraving, Event, Layer, Segment, Tuplet};
use crate::score::Measure;
use crate::score::{Articulation, ChordSymbol, Sound};
use crate::theory::{Pitch, PitchName, Step};
use crate::{Key, Note, Score, Time};
use std::collections::HashSet;
use std::fmt::Write as _;

/// How many bars stand on one line of text.
const BARS_A_LINE: usize = 4;

/// One voice of the tune.
#[derive(Clone, Copy)]
pub(super) struct Line<'a> {
    pub score: &'a Score,
    pub engraving: &'a Engraving,
    pub part: usize,
    pub layer: usize,
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
    if varies(|a, b| a.meter != b.meter) {
        let _ = writeln!(out, "M:{}", here.meter);
    }
    if varies(|a, b| a.key != b.key) {
        let _ = writeln!(out, "K:{}", key_text(here.key));
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
        let mut accidentals = Accidentals::new(self.engraving.bars[bar].key);
        for (index, token) in tokens.iter().enumerate() {
            self.before(token, text);
            if let Some(tuplet) = token.event.tuplet.filter(|tuplet| tuplet.starts && token.first) {
                let members = tokens[index..].iter().position(|t| t.last && t.event.tuplet.is_some_and(|t| t.ends));
                let _ = write!(text, "({}:{}:{}", tuplet.actual, tuplet.normal, members.map_or(1, |m| m + 1));
            }
            self.token(token, &mut accidentals, text, words);
            let joined = matches!(token.event.beams.first(), Some(Beam::Begin | Beam::Continue)) || !token.last;
            if !joined && index + 1 < tokens.len() {
                text.push(' ');
            }
        }
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
                let _ = write!(text, "\"{}\"", symbol.chord);
            }
            if self.silences().any(here) {
                text.push_str("\"N.C.\"");
            }
        }
    }

    fn token(&self, token: &Token, accidentals: &mut Accidentals, text: &mut String, words: &mut Words) {
        let length = length(token);
        let Some((segment, note)) = token.event.note.and_then(|s| Some((s, self.note(s)?))) else {
            let _ = write!(text, "z{length}");
            return;
        };
        let pitches: Vec<Pitch> = match &note.sound {
            Sound::Pitched(pitches) => pitches.iter().map(|pitch| writable(*pitch)).collect(),
            Sound::Drums(keys) => keys.iter().map(|key| Pitch::from_midi(i32::from(*key), sharp(*key))).collect(),
        };
        if pitches.is_empty() {
            let _ = write!(text, "z{length}");
            return;
        }
        let starts = segment.number == 0 && token.first;
        if starts {
            text.push_str(&articulations(note));
        }
        let names: Vec<String> = pitches.iter().map(|pitch| accidentals.write(*pitch)).collect();
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
    let eighths = sounding * stretch * 2;
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
