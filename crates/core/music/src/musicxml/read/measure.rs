//! The bars of one part: attributes, time, and what to do with each element.

use super::direction;
use super::note;
use super::repeat;
use super::tree::Element;
use crate::notation::dynamics::DynamicSign;
use crate::play::Sign;
use crate::reading::assemble::{Head, Waiting};
use crate::reading::{Diagnoses, ReadError, decimal, sane};
use crate::score::{Clef, Meter, Swing, Transposition};
use crate::theory::{Key, Mode, PitchName};
use crate::{Chord, Time};
use std::collections::HashMap;

/// One bar of one part. Times are counted from its start.
#[derive(Debug, Default)]
pub(super) struct RawBar {
    /// The number attribute.
    pub number: Option<u32>,
    /// Whether the file says that it is not counted.
    pub implicit: bool,
    /// How far its contents reach.
    pub length: Time,
    /// The meter and the (sounding) key that start with it.
    pub meter: Option<Meter>,
    pub key: Option<Key>,
    pub rehearsal: Option<String>,
    pub tempos: Vec<(Time, u32, Option<String>)>,
    /// Chord symbols; none where a chord ends.
    pub chords: Vec<(Time, Option<Chord>)>,
    pub notes: Vec<Head>,
    pub dynamics: Vec<(Time, DynamicSign)>,
    /// The velocities that the file says for programs.
    pub velocities: Vec<(Time, u8)>,
    /// Repeats, endings and jumps.
    pub signs: Vec<Sign>,
}

/// What is known of a part while its bars are read.
pub(super) struct PartReader {
    pub id: String,
    pub name: String,
    pub short_name: String,
    /// The General MIDI program, from 0.
    pub program: Option<u8>,
    pub on_drum_channel: bool,
    /// The percussion keys of its instruments.
    pub keys: HashMap<String, u8>,
    pub clef: Option<Clef>,
    pub swing: Option<Swing>,
    pub bars: Vec<RawBar>,
    /// The names of the voices: staff of the first appearance and name.
    pub voices: Vec<(u8, String)>,
    pub staves: u8,
    /// Grace notes that wait for their note, by the name of its voice.
    pub waiting: HashMap<String, Waiting>,
    /// The passes of the ending that is open.
    pub ending: Option<Vec<u8>>,
    pub(super) divisions: Time,
    /// From what is written to what sounds: where the reader is, and where the first note was.
    pub(super) transpose: Transposition,
    first_transpose: Option<Transposition>,
    pub(super) cursor: Time,
    /// Where the last note that was not a chord member started.
    pub(super) last_onset: Time,
}

impl PartReader {
    /// The part of this id; `listed` is its entry in the part list.
    pub fn new(id: &str, listed: Option<&Element>) -> Self {
        let text = |name: &str| listed.and_then(|part| part.value(name)).unwrap_or_default().to_owned();
        let midi = || listed.into_iter().flat_map(|part| part.all("midi-instrument"));
        let key_of = |element: &Element| {
            let key = element.number::<u8>("midi-unpitched")?.checked_sub(1)?;
            Some((element.attribute("id")?.to_owned(), key))
        };
        Self {
            id: id.to_owned(),
            name: text("part-name"),
            short_name: text("part-abbreviation"),
            program: midi().find_map(|m| m.number::<u8>("midi-program")).map(|p| p.saturating_sub(1).min(127)),
            on_drum_channel: midi().any(|m| m.number::<u8>("midi-channel") == Some(10)),
            keys: midi().filter_map(key_of).collect(),
            clef: None,
            swing: None,
            bars: Vec::new(),
            voices: Vec::new(),
            staves: 1,
            waiting: HashMap::new(),
            ending: None,
            divisions: Time::QUARTER,
            transpose: Transposition::NONE,
            first_transpose: None,
            cursor: Time::ZERO,
            last_onset: Time::ZERO,
        }
    }

    /// Where in the file this is, for people.
    pub fn place(&self) -> String {
        let name = if self.name.is_empty() { &self.id } else { &self.name };
        format!("bar {} of part {name}", self.bars.len().max(1))
    }

    /// The transposition of the first note, which is that of the part.
    pub fn stated_transposition(&mut self) -> Transposition {
        *self.first_transpose.get_or_insert(self.transpose)
    }

    /// Reads a bar.
    pub fn measure(&mut self, measure: &Element, log: &mut Diagnoses) -> Result<(), ReadError> {
        let number = measure.attribute("number").unwrap_or_default();
        let digits: String = number.chars().take_while(char::is_ascii_digit).collect();
        let implicit = measure.attribute("implicit") == Some("yes");
        self.bars.push(RawBar { number: digits.parse().ok(), implicit, ..RawBar::default() });
        self.cursor = Time::ZERO;
        self.last_onset = Time::ZERO;
        for element in &measure.children {
            self.element(element, log)?;
        }
        repeat::close_bar(self);
        Ok(())
    }

    fn element(&mut self, element: &Element, log: &mut Diagnoses) -> Result<(), ReadError> {
        match element.name.as_str() {
            "note" => note::read(self, element, log),
            "attributes" => self.attributes(element, log)?,
            "backup" => {
                let by = self.duration(element).unwrap_or_default();
                if by > self.cursor {
                    log.note(self.place(), "A step back leads before the bar; it was stopped at its start.");
                }
                self.cursor = sane(self.cursor - by).max(Time::ZERO);
            }
            "forward" => {
                let by = self.duration(element).unwrap_or_default();
                self.advance(by);
            }
            "direction" | "sound" => direction::read(self, element),
            "harmony" => direction::harmony(self, element, log),
            "barline" => repeat::barline(self, element),
            _ => {}
        }
        Ok(())
    }

    /// The bar that is being read.
    pub fn bar(&mut self) -> &mut RawBar {
        if self.bars.is_empty() {
            self.bars.push(RawBar::default());
        }
        let last = self.bars.len() - 1;
        &mut self.bars[last]
    }

    /// Moves on in time.
    pub fn advance(&mut self, by: Time) {
        self.cursor = sane(self.cursor + by);
        let reached = self.cursor;
        let bar = self.bar();
        bar.length = bar.length.max(reached);
    }

    /// The `<duration>` of an element, in quarters; none when it has none that can be believed.
    pub fn duration(&self, element: &Element) -> Option<Time> {
        let steps = decimal(element.value("duration")?)?;
        self.quarters(steps).filter(|time| *time >= Time::ZERO)
    }

    /// Divisions as quarters.
    pub fn quarters(&self, steps: Time) -> Option<Time> {
        let (n, d) = (self.divisions.numerator(), self.divisions.denominator());
        let numerator = i128::from(steps.numerator()) * i128::from(d);
        let denominator = i128::from(steps.denominator()) * i128::from(n);
        let (numerator, denominator) = (i64::try_from(numerator).ok()?, i64::try_from(denominator).ok()?);
        (denominator > 0).then(|| sane(Time::new(numerator, denominator)))
    }

    fn attributes(&mut self, element: &Element, log: &mut Diagnoses) -> Result<(), ReadError> {
        if let Some(text) = element.value("divisions") {
            let divisions = decimal(text).filter(|d| *d > Time::ZERO);
            let wrong = || ReadError::broken(self.place(), format!("divisions of {text} have no meaning"));
            self.divisions = divisions.ok_or_else(wrong)?;
        }
        if let Some(transpose) = element.child("transpose") {
            let octaves = transpose.number::<i32>("octave-change").unwrap_or(0).clamp(-5, 5);
            let steps = transpose.number::<i32>("diatonic");
            let semitones = transpose.number::<f64>("chromatic").unwrap_or(0.0).round().clamp(-60.0, 60.0) as i32;
            // Where only semitones are given, or letters that do not fit them, the interval is the usual one.
            let stated =
                steps.and_then(|steps| Transposition::new(steps.checked_add(7 * octaves)?, semitones + 12 * octaves));
            self.transpose = stated.unwrap_or_else(|| Transposition::of_semitones(semitones + 12 * octaves));
            if self.first_transpose.is_some_and(|first| first != self.transpose) {
                log.note(
                    self.place(),
                    "The transposition changes; notes sound as they should and are printed as before.",
                );
            }
        }
        if let Some(key) = element.child("key") {
            let key = self.key(key, log);
            self.bar().key = key;
        }
        if let Some(time) = element.child("time") {
            match meter(time) {
                Some(meter) => self.bar().meter = Some(meter),
                None if time.child("senza-misura").is_some() => {}
                None => log.note(self.place(), "This time signature is not understood; the one before goes on."),
            }
        }
        if self.cursor > Time::ZERO && (element.child("key").is_some() || element.child("time").is_some()) {
            log.note(self.place(), "A key or meter changes inside the bar; it is taken to change at its start.");
        }
        self.staves = element.number::<u8>("staves").unwrap_or(self.staves).clamp(1, 9);
        let first_staff = |clef: &&Element| clef.attribute("number").is_none_or(|n| n == "1");
        if self.clef.is_none() {
            self.clef = element.all("clef").find(first_staff).and_then(clef);
        }
        Ok(())
    }

    fn key(&self, key: &Element, log: &mut Diagnoses) -> Option<Key> {
        let Some(fifths) = key.number::<i32>("fifths") else {
            log.note(self.place(), "A key that is not a number of sharps or flats is not understood; it was left out.");
            return None;
        };
        let name = key.value("mode").unwrap_or("major").to_ascii_lowercase();
        let mode = match name.as_str() {
            "ionian" | "none" => Mode::Major,
            "aeolian" => Mode::Minor,
            name => Mode::ALL.into_iter().find(|mode| mode.as_str() == name).unwrap_or(Mode::Major),
        };
        let printed = PitchName::from_fifths(fifths.clamp(-11, 11) - mode.signature_offset());
        Some(self.transpose.sounding_key(Key::new(printed, mode)))
    }
}

fn meter(time: &Element) -> Option<Meter> {
    // Several pairs are added where they share the unit, as in 3/8 + 2/8.
    let units: Vec<u8> = time.all("beat-type").filter_map(|e| e.text.trim().parse().ok()).collect();
    let unit = *units.first()?;
    let numbers =
        time.all("beats").flat_map(|e| e.text.split('+').map(str::trim).map(str::parse::<u8>).collect::<Vec<_>>());
    let beats = numbers.sum::<Result<u8, _>>().ok()?;
    let fine = unit.is_power_of_two() && unit <= 64 && beats > 0 && units.iter().all(|u| *u == unit);
    fine.then_some(Meter { beats, unit })
}

fn clef(clef: &Element) -> Option<Clef> {
    let down = clef.number::<i32>("clef-octave-change").unwrap_or(0) < 0;
    Some(match clef.value("sign")? {
        "G" if down => Clef::TrebleOctaveDown,
        "F" if down => Clef::BassOctaveDown,
        "F" => Clef::Bass,
        "C" => Clef::Alto,
        "percussion" => Clef::Percussion,
        _ => Clef::Treble,
    })
}
