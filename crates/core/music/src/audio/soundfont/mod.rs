//! Playing a part with the samples of a SoundFont: SF2, and SF3, whose samples are Ogg Vorbis streams.
//!
//! The synthesiser is rustysynth, which knows SF2. Of an SF3 font the samples that a score needs are decoded (`sf3`) and
//! handed to it as an SF2 font.

mod riff;
mod sf3;

#[cfg(test)]
mod tests;

use super::Stereo;
use super::performance::Played;
use crate::Score;
use crate::score::Instrument;
use rustysynth::{Synthesizer, SynthesizerSettings};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The channel of percussion, counted from 0.
const DRUM_CHANNEL: i32 = 9;

/// Voices that sound at once in one part; more are stolen from the quietest.
const POLYPHONY: usize = 128;

/// A font, as its file is.
#[derive(Clone)]
pub struct SoundFont {
    bytes: Arc<[u8]>,
    compressed: bool,
}

impl PartialEq for SoundFont {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.bytes, &other.bytes) || self.bytes == other.bytes
    }
}

impl std::fmt::Debug for SoundFont {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SoundFont").field("bytes", &self.bytes.len()).field("compressed", &self.compressed).finish()
    }
}

/// Why a font cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FontError {
    /// It is of another kind.
    #[error("this is no SoundFont: it does not begin as one; use an .sf2 or .sf3 file")]
    Foreign,
    /// A part of it is missing or cut off.
    #[error("the SoundFont is damaged: {0}")]
    Damaged(String),
}

impl SoundFont {
    /// A font from the bytes of its file, SF2 or SF3.
    ///
    /// # Errors
    /// When it is no font or its parts cannot be found.
    pub fn read(bytes: &[u8]) -> Result<Self, FontError> {
        let font = riff::Font::open(bytes)?;
        Ok(Self { compressed: sf3::is_compressed(&font), bytes: bytes.into() })
    }

    /// The font with the samples that a score needs.
    pub(super) fn loaded(&self, score: &Score) -> Result<Loaded, FontError> {
        let presets: BTreeSet<(u16, u16)> = score
            .parts
            .iter()
            .map(|part| match part.instrument {
                Instrument::Pitched(program) => (0, u16::from(program)),
                Instrument::Drums => (128, 0),
            })
            .collect();
        let plain = if self.compressed { Some(sf3::decoded(&riff::Font::open(&self.bytes)?, &presets)?) } else { None };
        let mut bytes: &[u8] = plain.as_deref().unwrap_or(&self.bytes);
        let font = rustysynth::SoundFont::new(&mut bytes).map_err(|error| FontError::Damaged(error.to_string()))?;
        Ok(Loaded(Arc::new(font)))
    }
}

/// A font whose samples lie in the memory.
pub(super) struct Loaded(Arc<rustysynth::SoundFont>);

impl Loaded {
    /// The notes of a part, `frames` long. Its room is made elsewhere, as for the built-in sounds.
    pub fn play(
        &self,
        instrument: Instrument,
        notes: &[Played],
        frames: usize,
        rate: u32,
    ) -> Result<Stereo, FontError> {
        let mut settings = SynthesizerSettings::new(rate as i32);
        settings.maximum_polyphony = POLYPHONY;
        settings.enable_reverb_and_chorus = false;
        let damaged = |error: rustysynth::SynthesizerError| FontError::Damaged(error.to_string());
        let mut synthesizer = Synthesizer::new(&self.0, &settings).map_err(damaged)?;
        let channel = match instrument {
            Instrument::Drums => DRUM_CHANNEL,
            Instrument::Pitched(program) => {
                synthesizer.process_midi_message(0, 0xC0, i32::from(program), 0);
                0
            }
        };
        let mut sound = Stereo::silent(frames);
        let mut at = 0;
        for change in changes(notes, rate) {
            let until = change.frame.clamp(at, frames);
            synthesizer.render(&mut sound.left[at..until], &mut sound.right[at..until]);
            at = until;
            match change.velocity {
                Some(velocity) => synthesizer.note_on(channel, change.key, velocity),
                None => synthesizer.note_off(channel, change.key),
            }
        }
        synthesizer.render(&mut sound.left[at..], &mut sound.right[at..]);
        Ok(sound)
    }
}

/// A key that goes down (with its velocity) or up.
struct Change {
    frame: usize,
    key: i32,
    velocity: Option<i32>,
}

/// Keys in order of time. A key that is struck again while it is down is let go just before.
fn changes(notes: &[Played], rate: u32) -> Vec<Change> {
    let frame = |seconds: f64| (seconds * f64::from(rate)).max(0.0) as usize;
    let mut all = Vec::with_capacity(notes.len() * 2);
    for (i, note) in notes.iter().enumerate().filter(|(_, note)| (0..128).contains(&note.key)) {
        let again =
            notes[i + 1..].iter().take_while(|next| next.at < note.at + note.gate).find(|next| next.key == note.key);
        let end = again.map_or(note.at + note.gate, |next| next.at);
        let velocity = (note.force * 127.0).round().clamp(1.0, 127.0) as i32;
        all.push(Change { frame: frame(note.at), key: note.key, velocity: Some(velocity) });
        all.push(Change { frame: frame(end).max(frame(note.at) + 1), key: note.key, velocity: None });
    }
    // What is let go comes before what is struck at the same moment.
    all.sort_by_key(|change| (change.frame, change.velocity.is_some()));
    all
}
