//! What drums are made of: bursts of noise, hiss, and sums of modes.

use super::Stroke;
use crate::audio::dsp::{Biquad, Noise};
use crate::audio::modal::{Partial, ring};

pub(super) fn buffer(seconds: f32, rate: f32) -> Vec<f32> {
    vec![0.0; (seconds * rate) as usize]
}

pub(super) fn falling(t60: f32, rate: f32) -> f32 {
    10_f32.powf(-3.0 / (t60.max(0.004) * rate))
}

/// Noise in a band that falls linearly to nothing.
pub(super) fn burst(s: &Stroke, seconds: f32, low_pass: f32, high_pass: f32) -> Vec<f32> {
    let mut noise = Noise::new(s.seed);
    let mut low = Biquad::low_pass(low_pass, 0.707, s.rate);
    let mut high = Biquad::high_pass(high_pass, 0.707, s.rate);
    let n = (seconds * s.rate) as usize;
    (0..n)
        .map(|i| {
            let x = 1.0 - i as f32 / n as f32;
            x * x * high.run(low.run(noise.next()))
        })
        .collect()
}

/// Noise in a band that falls by 60 dB in `decay` seconds.
pub(super) fn hiss(s: &Stroke, decay: f32, low_pass: f32, high_pass: f32, attack: f32) -> Vec<f32> {
    let mut noise = Noise::new(s.seed ^ 0xA5);
    let mut low = Biquad::low_pass(low_pass, 0.707, s.rate);
    let mut high = Biquad::high_pass(high_pass, 0.707, s.rate);
    let fall = falling(decay, s.rate);
    let mut level = 1.0_f32;
    let rise = 1.0 / (attack * s.rate).max(1.0);
    let mut up = 0.0_f32;
    (0..(decay * 0.9 * s.rate) as usize)
        .map(|_| {
            level *= fall;
            up = (up + rise).min(1.0);
            up * level * high.run(low.run(noise.next()))
        })
        .collect()
}

pub(super) fn add(out: &mut [f32], other: &[f32], gain: f32) {
    for (x, y) in out.iter_mut().zip(other) {
        *x += gain * y;
    }
}

/// A sum of modes with the given ratios over a base.
pub(super) fn modes(s: &Stroke, base: f32, list: &[(f32, f32, f32)], out: &mut [f32]) {
    let mut noise = Noise::new(s.seed ^ 0x77);
    let partials: Vec<Partial> = list
        .iter()
        .map(|(ratio, level, decay)| Partial {
            frequency: base * ratio * (1.0 + 0.004 * noise.next()),
            level: level * s.force * (1.0 + 0.1 * noise.next()),
            decay: *decay,
        })
        .collect();
    ring(&partials, usize::MAX, 0, s.rate, s.seed, out);
}
