//! Note values: whole, half, quarter, with dots.

use crate::Time;

/// A note value as it is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Value {
    /// 0 for a whole note, 1 for a half, 2 for a quarter, 3 for an eighth; -1 for a breve.
    pub log: i8,
    /// How many dots.
    pub dots: u8,
}

impl Value {
    /// The shortest: a 256th.
    pub const SHORTEST: i8 = 8;

    /// How long it is outside tuplets.
    pub fn length(self) -> Time {
        let plain = if self.log < 0 { Time::quarters(8) } else { Time::new(4, 1 << self.log.min(20)) };
        plain * 2 - plain / (1 << self.dots.min(10))
    }

    /// The value of exactly this length, with one dot at most.
    pub fn of(length: Time) -> Option<Self> {
        (-1..=Self::SHORTEST)
            .flat_map(|log| [Self { log, dots: 0 }, Self { log, dots: 1 }])
            .find(|value| value.length() == length)
    }

    /// The longest undotted value that is not longer than `length`; the shortest for still shorter times.
    pub fn below(length: Time) -> Self {
        (-1..=Self::SHORTEST)
            .map(|log| Self { log, dots: 0 })
            .find(|value| value.length() <= length)
            .unwrap_or(Self { log: Self::SHORTEST, dots: 0 })
    }

    /// How many flags or beams it has.
    pub fn flags(self) -> u8 {
        u8::try_from(self.log - 2).unwrap_or(0)
    }

    /// The name that MusicXML gives it.
    pub fn name(self) -> &'static str {
        match self.log {
            ..=-1 => "breve",
            0 => "whole",
            1 => "half",
            2 => "quarter",
            3 => "eighth",
            4 => "16th",
            5 => "32nd",
            6 => "64th",
            7 => "128th",
            _ => "256th",
        }
    }
}
