//! Banks of decaying partials: struck strings, bars, plates and bells.

use super::dsp::Noise;
use std::f32::consts::TAU;

/// One partial of a bank.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Partial {
    /// In hertz.
    pub frequency: f32,
    pub level: f32,
    /// Seconds to fall by 60 dB.
    pub decay: f32,
}

const LANES: usize = 8;

/// Eight rotating, shrinking phasors at once; laid out so that the compiler can use vector instructions.
#[derive(Clone, Copy)]
struct Lane {
    re: [f32; LANES],
    im: [f32; LANES],
    cos: [f32; LANES],
    sin: [f32; LANES],
}

impl Lane {
    #[inline]
    fn step(&mut self) -> f32 {
        let re: [f32; LANES] = std::array::from_fn(|i| self.re[i] * self.cos[i] - self.im[i] * self.sin[i]);
        let im: [f32; LANES] = std::array::from_fn(|i| self.re[i] * self.sin[i] + self.im[i] * self.cos[i]);
        self.re = re;
        self.im = im;
        (im[0] + im[4]) + (im[1] + im[5]) + (im[2] + im[6]) + (im[3] + im[7])
    }

    fn silent(&self) -> bool {
        self.re.iter().zip(&self.im).all(|(re, im)| re.abs() + im.abs() < 2e-6)
    }
}

/// Adds a bank to `out`, from its start. After `gate` samples the partials are damped within `release` samples; a
/// `gate` beyond the end lets them ring. Random phases keep many partials from peaking together.
pub(crate) fn ring(partials: &[Partial], gate: usize, release: usize, rate: f32, seed: u64, out: &mut [f32]) {
    let mut noise = Noise::new(seed);
    let heard: Vec<&Partial> = partials.iter().filter(|p| p.frequency < 0.45 * rate && p.level > 0.0).collect();
    let mut lanes: Vec<Lane> = heard
        .chunks(LANES)
        .map(|chunk| {
            let mut lane = Lane { re: [0.0; LANES], im: [0.0; LANES], cos: [0.0; LANES], sin: [0.0; LANES] };
            for (i, p) in chunk.iter().enumerate() {
                let shrink = 10_f32.powf(-3.0 / (p.decay.max(0.005) * rate));
                let w = TAU * p.frequency / rate;
                let phase = 0.15 * noise.next();
                (lane.re[i], lane.im[i]) = (p.level * phase.cos(), p.level * phase.sin());
                (lane.cos[i], lane.sin[i]) = (shrink * w.cos(), shrink * w.sin());
            }
            lane
        })
        .collect();
    let total = out.len().min(gate.saturating_add(release));
    let mut level = 1.0_f32;
    let fall = 1.0 / release.max(1) as f32;
    for (block, chunk) in out[..total].chunks_mut(64).enumerate() {
        let start = block * 64;
        if lanes.is_empty() {
            break;
        }
        for (i, sample) in chunk.iter_mut().enumerate() {
            let mut sum = 0.0;
            for lane in &mut lanes {
                sum += lane.step();
            }
            if start + i >= gate {
                level = (level - fall).max(0.0);
            }
            *sample += sum * level * level;
        }
        lanes.retain(|lane| !lane.silent());
    }
}
