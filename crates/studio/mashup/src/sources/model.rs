//! A piece that somebody brought, as it is shown.

use eduai_borrow::Layer;
use eduai_kernel::id_type;
use eduai_music::score::Meter;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::model::{MeasureOutline, PartOutline, Playback};

/// The largest file, in bytes: 5 MiB.
pub const MOST_BYTES: usize = 5 << 20;
/// How many pieces one person may keep.
pub const MOST_SOURCES: i64 = 100;
/// How many pieces one mashup may borrow from.
pub const MOST_BORROWED: usize = 4;

id_type!(
    /// A piece that somebody brought.
    SourceId
);

/// Under which right somebody brings a piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Licence {
    /// They made it.
    OwnWork,
    /// It belongs to everybody.
    PublicDomain,
    /// A licence that allows changes, such as Creative Commons BY or BY-SA: name it in the credit.
    OpenLicence,
    /// The holder of the rights agreed, or the law allows it for teaching.
    Permission,
}

impl Licence {
    /// Every one.
    pub const ALL: [Self; 4] = [Self::OwnWork, Self::PublicDomain, Self::OpenLicence, Self::Permission];

    /// `own_work`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OwnWork => "own_work",
            Self::PublicDomain => "public_domain",
            Self::OpenLicence => "open_licence",
            Self::Permission => "permission",
        }
    }
}

/// A piece that somebody brought.
// In the document of the API another type is called `Source` already: what a text about a genre is founded on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = OwnSource)]
pub struct Source {
    /// The id.
    pub id: SourceId,
    /// The name of the file.
    pub name: String,
    /// Which tune of the file, from 1.
    pub tune: u32,
    /// How many bytes the file has.
    pub bytes: u32,
    /// Under which right it was brought.
    pub licence: Licence,
    /// Whom to name: author, source, licence.
    pub credit: String,
    /// When it was brought.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: jiff::Timestamp,
    /// When it goes, for guests.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub expires_at: Option<jiff::Timestamp>,
    /// What it is.
    pub facts: Facts,
}

/// What a piece is, from its notes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Facts {
    /// Its format: `MusicXML`.
    pub format: String,
    /// Its title; the name of the file where it has none.
    pub title: String,
    /// Who made it, as printed.
    pub creator: String,
    /// How many tunes the file holds.
    pub tunes: u32,
    /// `G major`.
    pub key: String,
    /// How sure the analyser is of it, 0 to 1.
    pub key_confidence: f64,
    /// The meter of most bars.
    pub meter: Meter,
    /// Quarter notes a minute.
    pub tempo_bpm: f64,
    /// How many bars, repeats written out.
    pub bars: u32,
    /// How long it plays.
    pub duration_seconds: f64,
    /// Its sections.
    pub sections: Vec<FoundSection>,
    /// Its chords by bar, at most 128 bars; a bar without a new chord keeps the one before.
    pub chords: Vec<FoundChord>,
    /// Whether the chords are printed in the file; else they were found in the notes.
    pub chords_printed: bool,
    /// Its parts.
    pub parts: Vec<FoundPart>,
    /// What can be borrowed from it.
    pub layers: Vec<FoundLayer>,
    /// What was repaired or left out when it was read, in English, at most twenty.
    pub remarks: Vec<String>,
}

/// A section.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FoundSection {
    /// `A`, or what is printed.
    pub label: String,
    /// The index of its first bar, from 0.
    pub first: u32,
    /// How many bars.
    pub bars: u32,
}

/// A chord.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FoundChord {
    /// The index of its bar, from 0.
    pub bar: u32,
    /// As on a lead sheet.
    pub symbol: String,
    /// In the main key, its inversion after a point: `V7.1/V`.
    pub numeral: String,
}

/// A part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FoundPart {
    /// The id that it has in `playback`.
    pub id: String,
    /// The name.
    pub name: String,
    /// The General MIDI program; absent for drums.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub program: Option<u8>,
    /// How many notes.
    pub notes: u32,
}

/// A layer that can be borrowed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FoundLayer {
    /// Which.
    pub layer: Layer,
    /// The name of the part that has it; empty for chords.
    pub part: String,
    /// How many notes, or how many chords.
    pub notes: u32,
}

/// A piece with its notes, for a player.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SourcePlayback {
    /// The parts, as a player needs them.
    pub parts: Vec<PartOutline>,
    /// The bars.
    pub measures: Vec<MeasureOutline>,
    /// Quarter notes a minute.
    pub tempo_bpm: f64,
    /// The meter of most bars.
    pub meter: Meter,
    /// The notes.
    pub playback: Playback,
}

/// A piece that a mashup borrowed from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Credit {
    /// The id of the source, which may be gone.
    pub source_id: SourceId,
    /// Its title.
    pub title: String,
    /// Under which right it was brought.
    pub licence: Licence,
    /// Whom to name.
    pub credit: String,
    /// What was taken.
    pub layers: Vec<Layer>,
}
