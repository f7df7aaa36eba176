//! Patterns on a grid of sixteenths, as drummers and producers write them: `x...x...`.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use std::fmt;

/// A pattern: one letter a sixteenth; blanks and bar lines (`|`) are for the reader's eye only. What letters mean
/// depends on where the pattern stands:
/// - drums: `x` hit, `X` accent, `o` ghost note, `.` nothing;
/// - bass: `R` root, `3` third, `5` fifth, `6` sixth, `7` seventh, `8` the octave, `a` a note that leads to the next
///   root, `-` held, `.` silence;
/// - comping: `x` the chord, `X` accented, `s` short, `1` to `5` one tone of the voicing from the bottom, `b` its
///   lowest tone, `-` held, `.` silence;
/// - melody cells: `x` a note, `-` held, `.` silence.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Grid(Vec<u8>);

impl Grid {
    /// The letter at a step; the pattern repeats. `.` for an empty pattern.
    pub fn at(&self, step: usize) -> u8 {
        if self.0.is_empty() { b'.' } else { self.0[step % self.0.len()] }
    }

    /// How many steps until it repeats.
    pub fn steps(&self) -> usize {
        self.0.len()
    }

    /// Whether nothing sounds.
    pub fn is_silent(&self) -> bool {
        self.0.iter().all(|c| matches!(c, b'.' | b'-'))
    }

    /// The letters.
    pub fn letters(&self) -> &[u8] {
        &self.0
    }

    /// Onsets: step, letter and length in steps (held steps counted), in order.
    pub fn onsets(&self) -> Vec<(usize, u8, usize)> {
        let mut found: Vec<(usize, u8, usize)> = Vec::new();
        let mut open = false;
        for (step, &letter) in self.0.iter().enumerate() {
            match letter {
                b'.' => open = false,
                b'-' => {
                    if let Some(last) = found.last_mut().filter(|_| open) {
                        last.2 += 1;
                    }
                }
                _ => {
                    found.push((step, letter, 1));
                    open = true;
                }
            }
        }
        found
    }
}

impl fmt::Display for Grid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(&self.0))
    }
}
impl From<&str> for Grid {
    fn from(text: &str) -> Self {
        Self(text.bytes().filter(|c| !matches!(c, b' ' | b'|' | b'\n')).collect())
    }
}
impl Serialize for Grid {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
impl<'de> Deserialize<'de> for Grid {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if let Some(bad) = text.chars().find(|c| !".-xXosRab135678024 |\n".contains(*c)) {
            return Err(D::Error::custom(format!(
                "`{bad}` is no step of a pattern: use . - x X o for drums, R 3 5 6 7 8 a for bass, x X s b 1 to 5 for comping"
            )));
        }
        Ok(Self::from(text.as_str()))
    }
}

/// One thing at three levels of fullness.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Levels<T> {
    /// For intros, first verses and beginners.
    pub sparse: T,
    /// The usual form.
    pub main: T,
    /// For choruses and climaxes.
    pub full: T,
}

impl<T> Levels<T> {
    /// The level that suits an energy from 0 to 1.
    pub fn at(&self, energy: f64) -> &T {
        match energy {
            e if e < 0.4 => &self.sparse,
            e if e < 0.75 => &self.main,
            _ => &self.full,
        }
    }

    /// All three, the sparse one first.
    pub fn each(&self) -> [(&'static str, &T); 3] {
        [("sparse", &self.sparse), ("main", &self.main), ("full", &self.full)]
    }
}

macro_rules! drum_sounds {
    ($($name:ident, $text:literal, $key:literal;)*) => {
        /// A sound of the kit, by the name that profiles use.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        #[expect(missing_docs, reason = "the names are those of General MIDI")]
        pub enum DrumSound { $($name),* }
        impl DrumSound {
            /// Every sound.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];
            /// Its key in the General MIDI percussion map.
            pub const fn key(self) -> u8 { match self { $(Self::$name => $key),* } }
            /// Its name in profiles.
            pub const fn as_str(self) -> &'static str { match self { $(Self::$name => $text),* } }
        }
    };
}
drum_sounds! {
    Kick, "kick", 36;
    Rim, "rim", 37;
    Snare, "snare", 38;
    Clap, "clap", 39;
    TomFloor, "tom_floor", 43;
    Hat, "hat", 42;
    HatPedal, "hat_pedal", 44;
    TomLow, "tom_low", 45;
    HatOpen, "hat_open", 46;
    TomMid, "tom_mid", 47;
    Crash, "crash", 49;
    TomHigh, "tom_high", 50;
    Ride, "ride", 51;
    RideBell, "ride_bell", 53;
    Tambourine, "tambourine", 54;
    Cowbell, "cowbell", 56;
    BongoHigh, "bongo_high", 60;
    BongoLow, "bongo_low", 61;
    CongaMute, "conga_mute", 62;
    CongaOpen, "conga_open", 63;
    CongaLow, "conga_low", 64;
    TimbaleHigh, "timbale_high", 65;
    TimbaleLow, "timbale_low", 66;
    AgogoHigh, "agogo_high", 67;
    AgogoLow, "agogo_low", 68;
    Cabasa, "cabasa", 69;
    Shaker, "shaker", 70;
    GuiroShort, "guiro_short", 73;
    GuiroLong, "guiro_long", 74;
    Claves, "claves", 75;
    WoodHigh, "wood_high", 76;
    WoodLow, "wood_low", 77;
    Triangle, "triangle", 81;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn onsets_count_held_steps() {
        let grid = Grid::from("R--. 5-a.");
        assert_eq!(grid.onsets(), [(0, b'R', 3), (4, b'5', 2), (6, b'a', 1)]);
        assert_eq!(grid.at(8), b'R');
        assert!(Grid::from("..--").is_silent());
    }
}
