//! Tones that are bowed, blown, sung or held: band-limited oscillators through a moving filter.

use super::Tone;
use super::dsp::{Envelope, Noise, OnePole, Phase, Sweep, cents, pulse, saw, sine};

/// The wave of an oscillator.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Wave {
    Saw,
    /// A pulse of this width.
    Pulse(f32),
    /// A sum of sines: the levels of the first six harmonics.
    Sines([f32; 6]),
}

/// How a sustained tone is made.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sustain {
    pub wave: Wave,
    /// Detuning of further oscillators in cents; the first is in tune.
    pub detune: &'static [f32],
    /// Seconds.
    pub attack: f32,
    pub decay: f32,
    pub level: f32,
    pub release: f32,
    /// The filter: hertz when soft, and at its peak when loud; share of key tracking.
    pub dark: f32,
    pub bright: f32,
    pub track: f32,
    pub resonance: f32,
    /// Seconds in which the filter opens and falls back.
    pub swell: f32,
    /// Vibrato in cents, hertz, and seconds until it sets in.
    pub vibrato: (f32, f32, f32),
    /// Breath or bow noise.
    pub breath: f32,
    /// How many cents below the note starts (a scoop); 0 for none.
    pub scoop: f32,
}

/// How many samples go by between changes of slow things.
const CONTROL: usize = 32;

pub(crate) fn sustain(patch: &Sustain, tone: &Tone, out: &mut [f32]) {
    let rate = tone.rate;
    let total = out.len().min((tone.gate + patch.release * rate) as usize);
    // Short notes speak at once.
    let attack = (patch.attack * (1.25 - 0.5 * tone.force)).min(0.6 * tone.gate / rate);
    let envelope = Envelope::new(attack * rate, patch.decay * rate, patch.level, tone.gate, patch.release * rate);
    let mut noise = Noise::new(tone.seed);
    let mut phases: Vec<Phase> = patch.detune.iter().map(|_| Phase(0.5 + 0.5 * noise.next())).collect();
    phases.insert(0, Phase(if patch.detune.is_empty() { 0.5 } else { 0.5 + 0.49 * noise.next() }));
    // The group as a whole is in tune: small detunings are taken about their mean. The first player leads.
    let small: Vec<f32> = patch.detune.iter().copied().filter(|d| d.abs() < 50.0).collect();
    let middle = small.iter().sum::<f32>() / (small.len() + 1) as f32;
    let voices: Vec<(f32, f32)> = std::iter::once((0.0, 1.5))
        .chain(patch.detune.iter().map(|d| (*d, 1.0)))
        .map(|(d, level)| (cents(d - middle), level))
        .collect();
    let power: f32 = voices.iter().map(|(_, level)| level * level).sum();
    let scale = (0.15 + 0.85 * tone.force) * 0.5 / power.sqrt();
    let mut filter = Sweep::default();
    let mut second = Sweep::default();
    let mut breath_band = OnePole::new((3.0 * tone.hertz).clamp(800.0, 6000.0), rate);
    let mut breath_low = OnePole::new(350.0, rate);
    let (vibrato_cents, vibrato_rate, vibrato_delay) = patch.vibrato;
    let vibrato_rate = vibrato_rate * (1.0 + 0.06 * noise.next());
    let mut level = 0.0_f32;
    for (block, chunk) in out[..total].chunks_mut(CONTROL).enumerate() {
        let t = (block * CONTROL) as f32;
        let seconds = t / rate;
        let onset = ((seconds - vibrato_delay) / 0.35).clamp(0.0, 1.0);
        let turn = (seconds * vibrato_rate).fract();
        let bend = vibrato_cents * onset * sine(turn) - patch.scoop * (-seconds / 0.04).exp();
        let dt = tone.hertz * cents(bend) / rate;
        let open = filter_shape(patch, seconds, tone.gate / rate);
        let cutoff = patch.dark + (patch.bright - patch.dark) * open * (0.3 + 0.7 * tone.force);
        let tracked = cutoff * (tone.hertz / 261.6).powf(patch.track);
        let cutoff = tracked.max(1.1 * tone.hertz).min(0.42 * rate);
        filter.set(cutoff, patch.resonance, rate);
        second.set((1.6 * cutoff).min(0.44 * rate), 0.3, rate);
        let target = envelope.at(t + chunk.len() as f32);
        let ramp = (target - level) / chunk.len() as f32;
        // Vibrato is heard in the loudness too.
        let swell = 1.0 + 0.04 * onset * sine(turn) * f32::from(u8::from(vibrato_cents > 0.0));
        for sample in chunk {
            let mut x = 0.0;
            for (phase, (ratio, share)) in phases.iter_mut().zip(&voices) {
                let dt = dt * ratio;
                let p = phase.step(dt);
                x += share
                    * match patch.wave {
                        Wave::Saw => saw(p, dt),
                        Wave::Pulse(width) => pulse(p, dt, width),
                        Wave::Sines(levels) => sines(p, dt, &levels),
                    };
            }
            level += ramp;
            let mut y = second.low(filter.low(x * scale));
            if patch.breath > 0.0 {
                let n = noise.next();
                y += patch.breath * (0.4 + 0.6 * tone.force) * (breath_band.low(n) - breath_low.low(n));
            }
            *sample += y * level * swell;
        }
    }
}

#[inline]
fn sines(phase: f32, dt: f32, levels: &[f32; 6]) -> f32 {
    let mut sum = 0.0;
    let mut p = 0.0;
    let mut dt_n = 0.0;
    for level in levels {
        p += phase;
        dt_n += dt;
        if p >= 1.0 {
            p -= 1.0;
        }
        if *level > 0.0 && dt_n < 0.45 {
            sum += level * sine(p);
        }
    }
    sum
}

/// How far the filter is open: it opens with the attack, swells, and settles.
fn filter_shape(patch: &Sustain, seconds: f32, gate: f32) -> f32 {
    let up = (seconds / patch.swell.max(0.003)).min(1.0);
    let settle = 0.65 + 0.35 * (-(seconds - patch.swell).max(0.0) / (4.0 * patch.swell).max(0.08)).exp();
    let close = if seconds > gate { (-(seconds - gate) / 0.08).exp() } else { 1.0 };
    up * (2.0 - up) * settle * close
}
