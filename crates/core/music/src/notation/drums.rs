//! The General MIDI percussion map: names, and where a drum is written on the staff.
//!
//! Places follow the usual drum-set key (Weinberg 1998, "Guidelines for drumset notation"): feet below, drums on the
//! staff, cymbals above with crosses for heads.

use crate::theory::Step;

/// A percussion sound on the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Drum {
    /// The General MIDI key, 35 to 81.
    pub key: u8,
    /// The name in the General MIDI map.
    pub name: &'static str,
    /// The letter of the place on a staff that is read as a treble staff.
    pub step: Step,
    /// The octave of that place.
    pub octave: i8,
    /// The shape of the head.
    pub head: Head,
}

/// The shape of a note head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Head {
    /// An ordinary oval: skins.
    Normal,
    /// A cross: cymbals and other metal.
    Cross,
    /// A cross in a circle: open hi-hat.
    CircledCross,
    /// A triangle: bells and triangles.
    Triangle,
    /// A diamond: shakers and scrapers.
    Diamond,
}

impl Head {
    /// The name that MusicXML gives it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::Cross => "x",
            Self::CircledCross => "circle-x",
            Self::Triangle => "triangle",
            Self::Diamond => "diamond",
        }
    }
}

const fn d(key: u8, name: &'static str, step: Step, octave: i8, head: Head) -> Drum {
    Drum { key, name, step, octave, head }
}

use Head::{CircledCross, Cross, Diamond, Normal, Triangle};
use Step::{A, B, C, D, E, F, G};

/// The whole map, by key.
pub const KIT: [Drum; 47] = [
    d(35, "Acoustic Bass Drum", E, 4, Normal),
    d(36, "Bass Drum 1", F, 4, Normal),
    d(37, "Side Stick", C, 5, Cross),
    d(38, "Acoustic Snare", C, 5, Normal),
    d(39, "Hand Clap", C, 5, Diamond),
    d(40, "Electric Snare", C, 5, Normal),
    d(41, "Low Floor Tom", G, 4, Normal),
    d(42, "Closed Hi-Hat", G, 5, Cross),
    d(43, "High Floor Tom", A, 4, Normal),
    d(44, "Pedal Hi-Hat", D, 4, Cross),
    d(45, "Low Tom", B, 4, Normal),
    d(46, "Open Hi-Hat", G, 5, CircledCross),
    d(47, "Low-Mid Tom", D, 5, Normal),
    d(48, "Hi-Mid Tom", E, 5, Normal),
    d(49, "Crash Cymbal 1", A, 5, Cross),
    d(50, "High Tom", E, 5, Normal),
    d(51, "Ride Cymbal 1", F, 5, Cross),
    d(52, "Chinese Cymbal", C, 6, Cross),
    d(53, "Ride Bell", F, 5, Diamond),
    d(54, "Tambourine", B, 5, Cross),
    d(55, "Splash Cymbal", B, 5, Cross),
    d(56, "Cowbell", E, 5, Triangle),
    d(57, "Crash Cymbal 2", B, 5, Cross),
    d(58, "Vibraslap", D, 6, Cross),
    d(59, "Ride Cymbal 2", F, 5, Cross),
    d(60, "Hi Bongo", D, 5, Normal),
    d(61, "Low Bongo", B, 4, Normal),
    d(62, "Mute Hi Conga", E, 5, Cross),
    d(63, "Open Hi Conga", E, 5, Normal),
    d(64, "Low Conga", C, 5, Normal),
    d(65, "High Timbale", E, 5, Normal),
    d(66, "Low Timbale", C, 5, Normal),
    d(67, "High Agogo", F, 5, Triangle),
    d(68, "Low Agogo", D, 5, Triangle),
    d(69, "Cabasa", G, 5, Diamond),
    d(70, "Maracas", G, 5, Diamond),
    d(71, "Short Whistle", A, 5, Triangle),
    d(72, "Long Whistle", A, 5, Triangle),
    d(73, "Short Guiro", F, 5, Diamond),
    d(74, "Long Guiro", F, 5, Diamond),
    d(75, "Claves", B, 4, Cross),
    d(76, "Hi Wood Block", D, 5, Triangle),
    d(77, "Low Wood Block", B, 4, Triangle),
    d(78, "Mute Cuica", D, 5, Cross),
    d(79, "Open Cuica", D, 5, Normal),
    d(80, "Mute Triangle", A, 5, Triangle),
    d(81, "Open Triangle", A, 5, Triangle),
];

/// The drum of a General MIDI key. Keys beyond the map are written like a snare, with their number as name.
pub fn drum(key: u8) -> Drum {
    match KIT.iter().find(|drum| drum.key == key) {
        Some(drum) => *drum,
        None => Drum { key, name: "Percussion", step: C, octave: 5, head: Normal },
    }
}

/// The key of the drum that is written at this place with this head: what a file that names no instrument most likely
/// means.
pub fn at_place(step: Step, octave: i8, crossed: bool) -> Option<u8> {
    let usual = [36, 38, 42, 51, 49, 45, 43, 47, 48, 41, 44, 37, 35, 56];
    let fits = |key: &u8| {
        let drum = drum(*key);
        (drum.step, drum.octave) == (step, octave) && (drum.head != Normal) == crossed
    };
    usual.into_iter().find(fits)
}
