//! Ogg Vorbis files: a tenth of the size of a WAV file.

use super::Stereo;
use std::num::{NonZeroU8, NonZeroU32};
use vorbis_rs::{VorbisEncoderBuilder, VorbisError};

/// Frames that are encoded at once.
const BLOCK: usize = 4096;
/// The number of the stream. Any will do; a fixed one gives the same bytes for the same sound.
const SERIAL: i32 = 1;

/// The bytes of an Ogg Vorbis file of medium quality (about 160 kbit/s in stereo).
///
/// # Errors
/// [`OggError`] when the encoder cannot work at the sample rate; 0 is none.
pub fn ogg(sound: &Stereo, sample_rate: u32) -> Result<Vec<u8>, OggError> {
    let rate = NonZeroU32::new(sample_rate).ok_or_else(|| OggError("a sample rate of 0 is none".to_owned()))?;
    encode(sound, rate).map_err(|error| OggError(error.to_string()))
}

/// Why a sound cannot be compressed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the sound cannot be written as Ogg Vorbis: {0}")]
pub struct OggError(String);

fn encode(sound: &Stereo, rate: NonZeroU32) -> Result<Vec<u8>, VorbisError> {
    let channels = NonZeroU8::MIN.saturating_add(1);
    let mut encoder = VorbisEncoderBuilder::new_with_serial(rate, channels, Vec::new(), SERIAL).build()?;
    for (left, right) in sound.left.chunks(BLOCK).zip(sound.right.chunks(BLOCK)) {
        encoder.encode_audio_block([left, right])?;
    }
    encoder.finish()
}
