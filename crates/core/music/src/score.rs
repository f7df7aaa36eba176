//! The score: what all readers make and all writers and the analyser take.
//!
//! Notes lie on one exact time line, independent of bar lines; a writer cuts them at bar lines into tied, notatable
//! values and a reader joins ties again. So the composer thinks in phrases, and what is written reads back equal.
//! Swing is a property of the performance: notes are written straight ([`Swing`] says how they are played).

mod dynamics;
mod grace;
mod transposition;

pub(crate) use dynamics::Course;
pub use dynamics::{Dynamic, DynamicMark, Loudness, mark as mark_dynamics};
pub(crate) use grace::MOST_GRACES;
pub use grace::{Grace, GraceValue};
pub use transposition::{NoInterval, Transposition};

use crate::play::Sign;
use crate::{Chord, Key, Pitch, Time};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A piece of music.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Score {
    /// The title.
    pub title: String,
    /// Who made it, as printed under the title.
    pub creator: String,
    /// The bars, in order, without gaps.
    pub measures: Vec<Measure>,
    /// Tempo marks in order; the first one at 0.
    pub tempos: Vec<Tempo>,
    /// How notes of equal written value are played, from the start.
    pub swing: Option<Swing>,
    /// The sections of the form, in order, covering whole bars.
    pub sections: Vec<Section>,
    /// The chord symbols, in order.
    pub chords: Vec<ChordSymbol>,
    /// Repeats, endings and jumps with the index of their bar, in order, none twice. Bars stand in [`Score::measures`]
    /// once, as on the page: see [`crate::play`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub signs: Vec<(usize, Sign)>,
    /// The order in which sections are played, by their index in [`Score::sections`]; empty where they are played as they
    /// stand. Repeats and jumps inside a section are followed each time.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub section_order: Vec<usize>,
    /// The parts, from the top of the page down.
    pub parts: Vec<Part>,
}

/// One bar of the time line that all parts share.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Measure {
    /// The number printed above it: 1 for the first full bar, 0 for a pickup.
    pub number: u32,
    /// When it starts.
    pub start: Time,
    /// How long it really is; shorter than the meter for a pickup.
    pub length: Time,
    /// The meter in force.
    pub meter: Meter,
    /// The key signature in force.
    pub key: Key,
}

impl Measure {
    /// When it ends.
    pub fn end(&self) -> Time {
        self.start + self.length
    }
}

/// A time signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
pub struct Meter {
    /// How many.
    pub beats: u8,
    /// Of what: 4 for quarters, 8 for eighths.
    pub unit: u8,
}

impl Meter {
    /// Common time.
    pub const COMMON: Self = Self { beats: 4, unit: 4 };

    /// The length of a full bar.
    pub fn length(self) -> Time {
        Time::new(4 * i64::from(self.beats), i64::from(self.unit.max(1)))
    }

    /// Whether beats divide in three: 6/8, 9/8, 12/8.
    pub fn is_compound(self) -> bool {
        self.unit >= 8 && self.beats > 3 && self.beats.is_multiple_of(3)
    }

    /// The length of what is felt as a beat: a quarter in 4/4, a dotted quarter in 6/8.
    pub fn beat(self) -> Time {
        let unit = Time::new(4, i64::from(self.unit.max(1)));
        if self.is_compound() { unit * 3 } else { unit }
    }

    /// The metrical weight of a place in the bar, from 1.0 (the downbeat) down to 0.1 (off any sixteenth). Each level
    /// of subdivision weighs less (after Lerdahl and Jackendoff 1983, chapter 4).
    pub fn weight(self, place: Time) -> f64 {
        let place = place.modulo(self.length());
        if place == Time::ZERO {
            return 1.0;
        }
        let beat = self.beat();
        let on = |grid: Time| grid > Time::ZERO && place.modulo(grid) == Time::ZERO;
        if self.beats.is_multiple_of(4) && !self.is_compound() && on(self.length() / 2) {
            0.8
        } else if on(beat) {
            0.6
        } else if on(if self.is_compound() { beat / 3 } else { beat / 2 }) {
            0.35
        } else if on(if self.is_compound() { beat / 6 } else { beat / 4 }) {
            0.2
        } else {
            0.1
        }
    }
}

impl std::fmt::Display for Meter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.beats, self.unit)
    }
}

/// A tempo from some time on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tempo {
    /// From when.
    pub at: Time,
    /// Quarter notes a minute, in thousandths (120 bpm is 120,000), so that equality is exact.
    pub milli_bpm: u32,
    /// What is printed with it: "Medium swing".
    pub text: Option<String>,
}

impl Tempo {
    /// Quarter notes a minute.
    pub fn bpm(&self) -> f64 {
        f64::from(self.milli_bpm) / 1000.0
    }
}

/// How pairs of notes of equal written value are played.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Swing {
    /// Which value swings.
    pub unit: SwingUnit,
    /// How much of a pair the first note takes, in thousandths: 500 is straight, 667 is 2:1.
    pub first_milli: u16,
}

/// The value that swings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SwingUnit {
    /// Pairs of eighths.
    Eighth,
    /// Pairs of sixteenths.
    Sixteenth,
}

impl Swing {
    /// How long a pair is.
    pub fn pair(self) -> Time {
        match self.unit {
            SwingUnit::Eighth => Time::QUARTER,
            SwingUnit::Sixteenth => Time::EIGHTH,
        }
    }

    /// When something that is written at `at` is played. Piecewise linear inside the pair, so the order of notes and
    /// the whole bar are kept.
    pub fn played(self, at: Time) -> Time {
        let pair = self.pair();
        let inside = at.modulo(pair);
        let half = pair / 2;
        let share = Time::new(i64::from(self.first_milli), 1000);
        let moved = if inside <= half {
            inside * 2 * share
        } else {
            pair * share + (inside - half) * 2 * (Time::QUARTER - share)
        };
        at - inside + moved
    }

    /// The ratio of the first to the second note: 2.0 for a triplet feel.
    pub fn ratio(self) -> f64 {
        f64::from(self.first_milli) / f64::from(1000_u16.saturating_sub(self.first_milli).max(1))
    }
}

/// A section of the form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    /// The rehearsal letter or name: `A`, `Verse 1`.
    pub label: String,
    /// The index of its first bar in [`Score::measures`].
    pub first: usize,
    /// How many bars it has.
    pub bars: usize,
}

/// A chord symbol.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChordSymbol {
    /// From when.
    pub at: Time,
    /// For how long.
    pub duration: Time,
    /// The chord.
    pub chord: Chord,
}

/// One player's or singer's line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// A short id, unique in the score, valid as an XML id: `bass`.
    pub id: String,
    /// The name on the page.
    pub name: String,
    /// The name on later systems.
    pub short_name: String,
    /// What plays it.
    pub instrument: Instrument,
    /// The clef.
    pub clef: Clef,
    /// How far what is printed for the player lies from what sounds.
    #[serde(default, skip_serializing_if = "Transposition::is_none")]
    pub transposition: Transposition,
    /// The dynamic marks, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dynamics: Vec<Dynamic>,
    /// The voices. Within one voice notes are in order of time and do not overlap; two-handed or polyphonic parts
    /// have several voices.
    pub voices: Vec<Vec<Note>>,
}

impl Part {
    /// All notes of all voices.
    pub fn notes(&self) -> impl Iterator<Item = &Note> {
        self.voices.iter().flatten()
    }
}

/// What sounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Instrument {
    /// A General MIDI program, 0 to 127 (0 is the grand piano).
    Pitched(u8),
    /// The General MIDI percussion kit (channel 10).
    Drums,
}

/// A clef.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the names are the field's own")]
pub enum Clef {
    Treble,
    /// Sounds an octave lower than a treble clef: tenor voice, guitar.
    TrebleOctaveDown,
    Bass,
    /// Sounds an octave lower than a bass clef: double bass.
    BassOctaveDown,
    Alto,
    Percussion,
}

/// A note or a chord of notes that start and end together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// When it starts, as written (before swing).
    pub onset: Time,
    /// How long it is, ties joined.
    pub duration: Time,
    /// What sounds.
    pub sound: Sound,
    /// How loud, 1 to 127.
    pub velocity: u8,
    /// The grace notes before it, in the order in which they are played.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub graces: Vec<Grace>,
    /// How it is played.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub articulations: Vec<Articulation>,
    /// What is sung on it, one entry a verse.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lyrics: Vec<Lyric>,
    /// Why it is there: an index into a table that the maker of the score keeps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<u16>,
}

impl Note {
    /// When it ends.
    pub fn end(&self) -> Time {
        self.onset + self.duration
    }

    /// Its pitches, from the bottom up; none for percussion.
    pub fn pitches(&self) -> &[Pitch] {
        self.sound.pitches()
    }

    /// Its highest pitch.
    pub fn top(&self) -> Option<Pitch> {
        self.pitches().last().copied()
    }
}

/// What a note sounds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sound {
    /// One or more pitches, from the bottom up, none twice.
    Pitched(Vec<Pitch>),
    /// One or more keys of the General MIDI percussion map (35 to 81), in order, none twice.
    Drums(Vec<u8>),
}

impl Sound {
    /// Its pitches, from the bottom up; none for percussion.
    pub fn pitches(&self) -> &[Pitch] {
        match self {
            Self::Pitched(pitches) => pitches,
            Self::Drums(_) => &[],
        }
    }
}

/// How a note is played.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names are the field's own")]
pub enum Articulation {
    Staccato,
    Tenuto,
    Accent,
    /// A ghost note: written in brackets, hardly heard.
    Ghost,
}

/// One syllable under a note.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lyric {
    /// The verse, from 1.
    pub verse: u8,
    /// The syllable as printed, without hyphens.
    pub text: String,
    /// Its place in the word.
    pub place: Syllabic,
    /// Whether it is held over the following notes that have no syllable.
    #[serde(default)]
    pub melisma: bool,
}

/// The place of a syllable in its word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names are MusicXML's own")]
pub enum Syllabic {
    Single,
    Begin,
    Middle,
    End,
}

impl Syllabic {
    /// The place of a syllable that has others of its word `before` it, and others `after` it.
    pub fn between(before: bool, after: bool) -> Self {
        match (before, after) {
            (false, false) => Self::Single,
            (false, true) => Self::Begin,
            (true, true) => Self::Middle,
            (true, false) => Self::End,
        }
    }
}

impl Score {
    /// When the last bar ends.
    pub fn end(&self) -> Time {
        self.measures.last().map_or(Time::ZERO, Measure::end)
    }

    /// The index of the bar that holds `at`; the last bar for times after the end; none for an empty score.
    pub fn measure_at(&self, at: Time) -> Option<usize> {
        match self.measures.partition_point(|m| m.start <= at) {
            0 => self.measures.first().map(|_| 0),
            n => Some(n - 1),
        }
    }

    /// The part with this id.
    pub fn part(&self, id: &str) -> Option<&Part> {
        self.parts.iter().find(|part| part.id == id)
    }

    /// Seconds from the start to `at` as written, by the tempo marks; 120 bpm where there is none.
    pub fn seconds(&self, at: Time) -> f64 {
        let mut seconds = 0.0;
        let mut since = Time::ZERO;
        let mut bpm = self.tempos.first().filter(|t| t.at <= Time::ZERO).map_or(120.0, Tempo::bpm);
        for tempo in self.tempos.iter().filter(|t| t.at > Time::ZERO && t.at < at) {
            seconds += (tempo.at - since).as_f64() * 60.0 / bpm.max(1.0);
            since = tempo.at;
            bpm = tempo.bpm();
        }
        seconds + (at - since).as_f64() * 60.0 / bpm.max(1.0)
    }

    /// When something that is written at `at` is played, in quarter notes.
    pub fn played(&self, at: Time) -> Time {
        self.swing.map_or(at, |swing| swing.played(at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn swing_keeps_the_beat_and_delays_the_off_beat() {
        let swing = Swing { unit: SwingUnit::Eighth, first_milli: 600 };
        assert_eq!(swing.played(Time::quarters(3)), Time::quarters(3));
        assert_eq!(swing.played(Time::new(7, 2)), Time::new(18, 5));
        assert!((swing.ratio() - 1.5).abs() < 1e-9);
    }

    #[test]
    fn the_downbeat_weighs_most() {
        let four = Meter::COMMON;
        assert!(four.weight(Time::ZERO) > four.weight(Time::HALF));
        assert!(four.weight(Time::HALF) > four.weight(Time::QUARTER));
        assert!(four.weight(Time::QUARTER) > four.weight(Time::EIGHTH));
        let six_eight = Meter { beats: 6, unit: 8 };
        assert_eq!(six_eight.beat(), Time::new(3, 2));
        assert!(six_eight.weight(Time::new(3, 2)) > six_eight.weight(Time::EIGHTH));
    }
}
