//! Plucked strings: a delay line closed on itself through a damping filter (Karplus and Strong 1983, "Digital synthesis of plucked-string and drum timbres"; Jaffe and Smith 1983, "Extensions of the Karplus-Strong plucked-string algorithm").

use super::Tone;
use super::dsp::{Noise, OnePole};
use std::f32::consts::TAU;

/// How a string is made and plucked.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pluck {
    /// Seconds to fall by 60 dB at A3; higher strings are shorter.
    pub decay: f32,
    /// The loss of high partials a turn, 0 (none) to 0.5.
    pub damping: f32,
    /// Where it is plucked, as a share of its length.
    pub position: f32,
    /// The brightness of the pluck in hertz at full force.
    pub bright: f32,
    /// How much of the pluck is noise (a pick's scrape), 0 to 1.
    pub scrape: f32,
    /// The level of the body's knock.
    pub thump: f32,
    /// Seconds until it is damped after the note's end.
    pub release: f32,
}

pub(crate) fn pluck(patch: &Pluck, tone: &Tone, out: &mut [f32]) {
    let rate = tone.rate;
    let period = rate / tone.hertz;
    let w = TAU / period;
    let s = patch.damping;
    // What the damping filter delays at the fundamental is taken off the line, so that the pitch is exact.
    let filter_delay = (s * w.sin()).atan2(1.0 - s + s * w.cos()) / w;
    let left = (period - filter_delay).max(2.2);
    let whole = (left - 0.3).floor();
    let part = left - whole;
    let allpass = ((1.0 - part) * w / 2.0).sin() / ((1.0 + part) * w / 2.0).sin();
    let loss = (s * w.sin()).hypot(1.0 - s + s * w.cos());
    let decay = patch.decay * (220.0 / tone.hertz).powf(0.45).clamp(0.25, 1.6);
    let turn = |t60: f32| (10_f32.powf(-3.0 * period / (rate * t60)) / loss.max(0.5)).min(0.99999);
    let (ringing, damped) = (turn(decay), turn(patch.release.max(0.02) * 0.8));
    let size = whole as usize;
    let mut line = excitation(patch, tone, size, period);
    let total = out.len().min((tone.gate + patch.release * rate) as usize);
    let (mut at, mut last, mut ap_in, mut ap_out) = (0_usize, 0.0_f32, 0.0_f32, 0.0_f32);
    let gate = tone.gate as usize;
    let fade = 1.0 / (patch.release * rate).max(1.0);
    let mut level = 1.0_f32;
    for (i, sample) in out[..total].iter_mut().enumerate() {
        let x = line[at];
        let filtered = (1.0 - s) * x + s * last;
        last = x;
        let tuned = allpass * (filtered - ap_out) + ap_in;
        ap_in = filtered;
        ap_out = tuned;
        let gain = if i < gate {
            ringing
        } else {
            // The finger comes down within a few milliseconds, not at once, which would click.
            level = (level - fade).max(0.0);
            damped + (ringing - damped) * (-((i - gate) as f32) / (0.004 * rate)).exp()
        };
        line[at] = tuned * gain;
        at += 1;
        if at == size {
            at = 0;
        }
        *sample += x * level;
    }
    if patch.thump > 0.0 {
        thump(patch.thump * tone.force, tone, &mut out[..total]);
    }
}

/// One period of the plucked string: a pulse and some noise, darker when played softly, with the comb of the place
/// where it is plucked; without direct current.
fn excitation(patch: &Pluck, tone: &Tone, size: usize, period: f32) -> Vec<f32> {
    let mut noise = Noise::new(tone.seed);
    let cutoff = (patch.bright * (0.25 + 0.75 * tone.force * tone.force)).max(tone.hertz * 1.5);
    let (mut one, mut two) = (OnePole::new(cutoff, tone.rate), OnePole::new(cutoff, tone.rate));
    let raw: Vec<f32> = (0..size)
        .map(|i| {
            let pulse = if i < 2 { 0.5 * (period / 6.0).sqrt() } else { 0.0 };
            two.low(one.low((1.0 - patch.scrape) * pulse * 3.0 + patch.scrape * noise.next()))
        })
        .collect();
    let offset = ((patch.position * period).round() as usize).clamp(1, size.max(2) - 1);
    let mut shaped: Vec<f32> = (0..size).map(|i| raw[i] - raw[(i + size - offset) % size]).collect();
    let mean = shaped.iter().sum::<f32>() / size as f32;
    let power = (shaped.iter().map(|x| (x - mean) * (x - mean)).sum::<f32>() / size as f32).sqrt().max(1e-6);
    let scale = (0.2 + 0.8 * tone.force) * 0.35 / power;
    for x in &mut shaped {
        *x = (*x - mean) * scale;
    }
    shaped
}

/// The knock of the body: a short low tone.
fn thump(level: f32, tone: &Tone, out: &mut [f32]) {
    let frequency = tone.hertz.clamp(70.0, 110.0);
    let partials = [
        super::modal::Partial { frequency, level: 0.35 * level, decay: 0.12 },
        super::modal::Partial { frequency: 2.3 * frequency, level: 0.12 * level, decay: 0.06 },
    ];
    super::modal::ring(&partials, usize::MAX, 0, tone.rate, tone.seed, out);
}
