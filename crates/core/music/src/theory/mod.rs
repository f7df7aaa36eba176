//! Pitches, keys, chords and Roman numerals: values with exact spelling and no opinion about style.

pub mod chord;
pub mod key;
pub mod pitch;
pub mod roman;

pub use chord::{Chord, ChordKind, ChordTone};
pub use key::{Key, Mode};
pub use pitch::{Pitch, PitchName, Step};
pub use roman::Roman;

/// The text names no pitch, key, chord or numeral.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a {what}: expected something such as {example}")]
pub struct Malformed {
    /// The text that was given.
    pub text: String,
    /// What it was taken for.
    pub what: &'static str,
    /// What would be right.
    pub example: &'static str,
}

macro_rules! serde_as_text {
    ($type:ty) => {
        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                <String as serde::Deserialize>::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}
pub(crate) use serde_as_text;
