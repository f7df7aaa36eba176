//! Makes a score sound: a synthesiser, a room and a mastering chain, without I/O. The sounds are built in; a SoundFont
//! may take their place.
//!
//! Start reading at [`render`]: notes are played (`performance`), each part is synthesised by its program's engine
//! (`patches`), goes through its effects (`insert`) and into the room (`reverb`); parts are balanced by measured
//! loudness, summed and mastered (`master`). The same score and options give the same bytes.

mod drums;
mod dsp;
mod insert;
mod keys;
mod loudness;
mod master;
mod mix;
mod modal;
mod ogg;
mod patches;
mod performance;
pub(crate) use performance::Clock;
mod pluck;
mod reverb;
mod soundfont;
mod sustain;
mod wav;

#[cfg(test)]
mod tests;

pub use drums::Kit;
pub use loudness::{loudness, true_peak};
pub use mix::{render, render_stems};
pub use ogg::{OggError, ogg};
pub use soundfont::{FontError, SoundFont};
pub use wav::wav;

/// Two channels of samples, nominally within ±1, equally long.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Stereo {
    /// The left channel.
    pub left: Vec<f32>,
    /// The right channel.
    pub right: Vec<f32>,
}

impl Stereo {
    fn silent(frames: usize) -> Self {
        Self { left: vec![0.0; frames], right: vec![0.0; frames] }
    }

    fn scale(&mut self, gain: f32) {
        for x in self.left.iter_mut().chain(&mut self.right) {
            *x *= gain;
        }
    }

    fn add(&mut self, other: &Self, gain: f32) {
        for (x, y) in self.left.iter_mut().zip(&other.left) {
            *x += gain * y;
        }
        for (x, y) in self.right.iter_mut().zip(&other.right) {
            *x += gain * y;
        }
    }

    /// How many frames it has.
    pub fn frames(&self) -> usize {
        self.left.len().min(self.right.len())
    }
}

/// How a score is made to sound.
#[derive(Clone, Debug, PartialEq)]
pub struct RenderOptions {
    /// Frames a second, 8,000 to 96,000.
    pub sample_rate: u32,
    /// Which drum kit plays, where there is no font.
    pub kit: Kit,
    /// The samples that play; the built-in sounds where there is none.
    pub font: Option<SoundFont>,
    /// How much room there is, 0 (dry) to 1; 0.5 is a studio.
    pub room: f32,
    /// How loosely it is played, 0 (exactly on the grid) to 1 (as people do, a few milliseconds about it).
    pub looseness: f32,
    /// The integrated loudness of the mix in LUFS.
    pub loudness: f64,
    /// The highest true peak in dBTP.
    pub true_peak: f64,
    /// What the small differences between notes are drawn from.
    pub seed: u64,
    /// Longer pieces are refused, in seconds; it bounds memory (16 bytes a frame and part).
    pub longest_seconds: f64,
}

impl Default for RenderOptions {
    fn default() -> Self {
        Self {
            sample_rate: 44_100,
            kit: Kit::default(),
            font: None,
            room: 0.5,
            looseness: 1.0,
            loudness: -16.0,
            true_peak: -1.0,
            seed: 0,
            longest_seconds: 900.0,
        }
    }
}

/// Why a score was not rendered.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum RenderError {
    /// It would be longer than the options allow.
    #[error("the piece lasts {seconds:.0} seconds; at most {longest:.0} are rendered")]
    TooLong {
        /// How long it is.
        seconds: f64,
        /// How long it may be.
        longest: f64,
    },
    /// The font cannot be used.
    #[error(transparent)]
    Font(#[from] FontError),
    /// The sample rate is outside its range.
    #[error("a sample rate of {0} is outside 8000 to 96000, with a SoundFont 16000 to 96000")]
    SampleRate(u32),
}

/// One part of the mix, as it sounds in it before compression and limiting.
#[derive(Clone, Debug, PartialEq)]
pub struct Stem {
    /// The id of the part.
    pub part: String,
    /// Its sound, with its room.
    pub sound: Stereo,
}

/// What an engine is told about one note.
#[derive(Clone, Copy, Debug)]
struct Tone {
    hertz: f32,
    /// 0 to 1.
    force: f32,
    /// Samples until it is let go.
    gate: f32,
    rate: f32,
    seed: u64,
}
