//! WAV files: RIFF, PCM, 16 bits, two channels (IBM and Microsoft 1991, "Multimedia programming interface and data specifications 1.0").

use super::Stereo;
use super::dsp::Noise;

/// The bytes of a WAV file. Samples beyond ±1 are clipped; triangular dither of one step hides the rounding of quiet passages and is the same for the same length and content. Silence stays silence.
pub fn wav(sound: &Stereo, sample_rate: u32) -> Vec<u8> {
    let frames = sound.left.len().min(sound.right.len());
    let size = u32::try_from(frames * 4).unwrap_or(u32::MAX - 44);
    let mut bytes = Vec::with_capacity(44 + frames * 4);
    bytes.extend_from_slice(b"RIFF");
    bytes.extend_from_slice(&(36 + size).to_le_bytes());
    bytes.extend_from_slice(b"WAVEfmt ");
    bytes.extend_from_slice(&16_u32.to_le_bytes());
    bytes.extend_from_slice(&1_u16.to_le_bytes());
    bytes.extend_from_slice(&2_u16.to_le_bytes());
    bytes.extend_from_slice(&sample_rate.to_le_bytes());
    bytes.extend_from_slice(&(sample_rate.saturating_mul(4)).to_le_bytes());
    bytes.extend_from_slice(&4_u16.to_le_bytes());
    bytes.extend_from_slice(&16_u16.to_le_bytes());
    bytes.extend_from_slice(b"data");
    bytes.extend_from_slice(&size.to_le_bytes());
    let mut noise = Noise::new(0x5EED);
    for (left, right) in sound.left.iter().zip(&sound.right) {
        for x in [left, right] {
            let dither = if *x == 0.0 { 0.0 } else { 0.5 * (noise.next() + noise.next()) };
            let value = (x * 32_767.0 + dither).round().clamp(-32_768.0, 32_767.0) as i16;
            bytes.extend_from_slice(&value.to_le_bytes());
        }
    }
    bytes
}
