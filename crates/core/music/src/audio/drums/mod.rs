//! The drum kit: every piece of the General MIDI percussion map, made from swept sines, modes, metal and noise.

mod metal;
mod noise;
mod skins;

use super::dsp::Biquad;
use metal::{clap, cowbell, crash, hat, ride, shaken, stick};
use serde::{Deserialize, Serialize};
use skins::{brush, hand_percussion, kick, snare, tom};
use utoipa::ToSchema;

/// Which drum kit plays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kit {
    /// A small acoustic kit, tuned high, with brushes when played softly.
    Jazz,
    /// Short, dark, dusty samples.
    BoomBap,
    /// A drum machine with a long kick and a clap.
    Electronic,
    /// A large acoustic kit.
    #[default]
    Rock,
}

/// What tells one kit from another.
struct Character {
    /// Kick: end pitch in hertz, sweep in hertz, sweep time, decay, click, drive.
    kick: (f32, f32, f32, f32, f32, f32),
    /// Snare: body pitch, body decay, noise decay, noise colour in hertz, body level, noise level.
    snare: (f32, f32, f32, f32, f32, f32),
    /// Hi-hat: colour in hertz, decay closed, decay open.
    hat: (f32, f32, f32),
    /// A low-pass over everything, for dust.
    dull: f32,
    tom: f32,
}

const fn character(kit: Kit) -> Character {
    match kit {
        Kit::Jazz => Character {
            kick: (68.0, 40.0, 0.02, 0.32, 0.25, 1.0),
            snare: (215.0, 0.14, 0.17, 3600.0, 0.5, 0.55),
            hat: (7200.0, 0.06, 0.5),
            dull: 15_000.0,
            tom: 1.25,
        },
        Kit::BoomBap => Character {
            kick: (63.0, 120.0, 0.025, 0.24, 0.5, 2.4),
            snare: (190.0, 0.13, 0.14, 2600.0, 0.85, 0.9),
            hat: (6200.0, 0.045, 0.28),
            dull: 7_500.0,
            tom: 0.95,
        },
        Kit::Electronic => Character {
            kick: (49.0, 240.0, 0.03, 0.5, 0.7, 1.7),
            snare: (200.0, 0.11, 0.19, 4200.0, 0.7, 0.95),
            hat: (8600.0, 0.05, 0.42),
            dull: 17_000.0,
            tom: 0.9,
        },
        Kit::Rock => Character {
            kick: (57.0, 90.0, 0.025, 0.34, 0.8, 1.4),
            snare: (188.0, 0.17, 0.22, 3200.0, 0.8, 0.9),
            hat: (6300.0, 0.07, 0.65),
            dull: 16_000.0,
            tom: 1.0,
        },
    }
}

/// A stroke: the key of the kit, its force from 0 to 1, and the seed of its small differences.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stroke {
    pub key: i32,
    pub force: f32,
    pub seed: u64,
    pub rate: f32,
}

/// Where a key sits, -1 left to 1 right, as the audience sees the kit.
pub(crate) fn place(key: i32) -> f32 {
    match key {
        42 | 44 | 46 => 0.28,
        51 | 53 | 59 => -0.3,
        49 => 0.4,
        52 | 55 | 57 => -0.42,
        41 | 43 => -0.4,
        45 | 47 => -0.1,
        48 | 50 => 0.25,
        54 | 70 | 82 => -0.35,
        56 | 75 | 76 | 77 => 0.35,
        60..=66 => {
            if key % 2 == 0 {
                0.3
            } else {
                -0.3
            }
        }
        _ => 0.0,
    }
}

/// The sound of a stroke.
pub(crate) fn strike(kit: Kit, stroke: &Stroke) -> Vec<f32> {
    let c = character(kit);
    let mut out = match stroke.key {
        35 | 36 => kick(&c, stroke),
        37 => stick(stroke),
        38 | 40 if kit == Kit::Jazz && stroke.force < 0.42 => brush(stroke),
        38 | 40 => snare(&c, stroke),
        39 => clap(stroke),
        42 | 44 => hat(&c, stroke, c.hat.1 * if stroke.key == 44 { 0.8 } else { 1.0 }),
        46 => hat(&c, stroke, c.hat.2),
        51 | 59 => ride(stroke, 0.25),
        53 => ride(stroke, 0.9),
        49 | 52 | 55 | 57 => crash(stroke),
        41 | 43 | 45 | 47 | 48 | 50 => tom(&c, stroke),
        54 => shaken(stroke, 8200.0, 0.16, 0.4),
        69 | 70 | 82 => shaken(stroke, 6500.0, 0.06, 0.0),
        56 => cowbell(stroke),
        key => hand_percussion(key, stroke),
    };
    if c.dull < 12_000.0 {
        let mut filter = Biquad::low_pass(c.dull, 0.707, stroke.rate);
        for x in &mut out {
            *x = filter.run(*x);
        }
    }
    fade(&mut out, stroke.rate);
    out
}

/// The last five milliseconds go to nothing.
fn fade(out: &mut [f32], rate: f32) {
    let n = ((0.005 * rate) as usize).min(out.len());
    let from = out.len() - n;
    for (i, x) in out[from..].iter_mut().enumerate() {
        *x *= 1.0 - (i + 1) as f32 / n as f32;
    }
}
