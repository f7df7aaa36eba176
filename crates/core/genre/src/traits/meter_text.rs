//! A meter as text: `12/8`.

use eduai_music::score::Meter;
use serde::de::Error as _;
use serde::{Deserialize as _, Deserializer, Serializer};

/// Reads `4/4`.
pub fn parse(text: &str) -> Option<Meter> {
    let (beats, unit) = text.split_once('/')?;
    let meter = Meter { beats: beats.parse().ok()?, unit: unit.parse().ok()? };
    ((1..=16).contains(&meter.beats) && matches!(meter.unit, 2 | 4 | 8 | 16)).then_some(meter)
}

/// Writes `4/4`.
pub fn serialize<S: Serializer>(meter: &Meter, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(meter)
}

/// Reads `4/4`.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Meter, D::Error> {
    let text = String::deserialize(deserializer)?;
    parse(&text).ok_or_else(|| D::Error::custom(format!("`{text}` is no meter: expected something such as 4/4 or 6/8")))
}
