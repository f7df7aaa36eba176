//! A room: eight delay lines that feed one another (Jot and Chaigne 1991, "Digital delay networks for designing
//! artificial reverberators").

use super::Stereo;
use super::dsp::OnePole;

/// Lengths of the lines in seconds, without common factors at usual sample rates.
const LINES: [f32; 8] = [0.029_7, 0.033_1, 0.037_1, 0.041_1, 0.043_7, 0.048_9, 0.053_3, 0.059_3];

/// How the room is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Room {
    /// Seconds to fall by 60 dB at low frequencies.
    pub decay: f32,
    /// Above this, in hertz, the walls swallow the sound.
    pub bright: f32,
    /// Seconds until the first reflection.
    pub delay: f32,
}

/// What the room answers to a mono signal; as long as the signal.
pub(crate) fn reverb(room: Room, send: &[f32], rate: f32) -> Stereo {
    let mut rings: Vec<Vec<f32>> = LINES.iter().map(|s| vec![0.0; ((s * rate) as usize) | 1]).collect();
    let gains: Vec<f32> = rings.iter().map(|r| 10_f32.powf(-3.0 * r.len() as f32 / (room.decay * rate))).collect();
    let mut walls = [OnePole::new(room.bright, rate); 8];
    let mut places = [0_usize; 8];
    let late = (room.delay * rate) as usize;
    let mut low_cut = OnePole::new(160.0, rate);
    let mut out = Stereo { left: vec![0.0; send.len()], right: vec![0.0; send.len()] };
    for i in 0..send.len() {
        let x = if i >= late { low_cut.high(send[i - late]) } else { 0.0 };
        let mut taps = [0.0_f32; 8];
        for k in 0..8 {
            taps[k] = walls[k].low(rings[k][places[k]]) * gains[k];
        }
        out.left[i] = taps[0] - taps[2] + taps[4] - taps[6] + 0.5 * (taps[1] - taps[5]);
        out.right[i] = taps[1] - taps[3] + taps[5] - taps[7] + 0.5 * (taps[2] - taps[4]);
        // A Householder matrix mixes the lines and keeps their energy.
        let mean = taps.iter().sum::<f32>() * 0.25;
        for k in 0..8 {
            rings[k][places[k]] = taps[k] - mean + if k % 2 == 0 { x } else { -x };
            places[k] += 1;
            if places[k] == rings[k].len() {
                places[k] = 0;
            }
        }
    }
    out
}
