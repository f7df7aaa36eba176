//! Keyboards: struck strings, tines and pipes.

use super::Tone;
use super::dsp::{Envelope, Noise, Phase, sine};
use super::modal::{Partial, ring};

/// How a struck string or bar is made.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Struck {
    /// Frequencies of the partials as multiples of the first; none for a string, whose partials are computed.
    pub ratios: &'static [(f32, f32)],
    /// Seconds to fall by 60 dB at middle C.
    pub decay: f32,
    /// How much longer low notes ring and higher partials are shorter, 0 to 1.
    pub spread: f32,
    /// How fast partials weaken, in decibels a partial, when struck softly and hard.
    pub slope: (f32, f32),
    /// Seconds after the note's end.
    pub release: f32,
    /// The level of the hammer's knock.
    pub knock: f32,
}

/// The piano's inharmonicity grows up the keyboard (Fletcher and Rossing 1998, "The physics of musical instruments",
/// chapter 12).
fn inharmonicity(hertz: f32) -> f32 {
    0.00025 * (hertz / 261.6).powf(1.2).clamp(0.25, 30.0)
}

pub(crate) fn struck(patch: &Struck, tone: &Tone, out: &mut [f32]) {
    let decay = patch.decay * (261.6 / tone.hertz).powf(0.55).clamp(0.12, 2.2);
    let slope = patch.slope.0 + (patch.slope.1 - patch.slope.0) * tone.force;
    let level = 0.12 + 0.88 * tone.force * tone.force.sqrt();
    let mut partials = Vec::new();
    if patch.ratios.is_empty() {
        string_partials(patch, tone, decay, slope, level, &mut partials);
    } else {
        for (n, (ratio, share)) in patch.ratios.iter().enumerate() {
            let shorter = 1.0 + patch.spread * n as f32;
            partials.push(Partial {
                frequency: tone.hertz * ratio,
                level: level * share * super::dsp::decibels(slope * n as f32) * 0.6,
                decay: decay / shorter,
            });
        }
    }
    let gate = tone.gate as usize;
    ring(&partials, gate, (patch.release * tone.rate) as usize, tone.rate, tone.seed, out);
    if patch.knock > 0.0 {
        knock(patch.knock * level, tone, out);
    }
}

/// Two strings a note, a little apart, and a decay in two stages, as real unisons have (Weinreich 1977).
fn string_partials(patch: &Struck, tone: &Tone, decay: f32, slope: f32, level: f32, partials: &mut Vec<Partial>) {
    let b = inharmonicity(tone.hertz);
    let stretch = |n: f32| n * ((1.0 + b * n * n) / (1.0 + b)).sqrt();
    let count = ((9000.0 / tone.hertz) as usize).clamp(3, 28);
    for n in 1..=count {
        let order = n as f32;
        let frequency = tone.hertz * stretch(order);
        // The hammer strikes at an eighth of the string: partials with a node there are weak.
        let comb = (std::f32::consts::PI * order / 8.2).sin().abs().max(0.12) + 0.25;
        let strength = level * comb * super::dsp::decibels(slope * (order - 1.0)) * 0.42;
        let shorter = 1.0 + patch.spread * (order - 1.0);
        for (detune, share, slow) in [(-0.00022, 0.62, 1.0), (0.00022, 0.38, 2.3)] {
            partials.push(Partial {
                frequency: frequency * (1.0 + detune),
                level: strength * share,
                decay: decay * slow / shorter,
            });
            if n > 12 {
                break;
            }
        }
    }
}

/// A short burst of low noise.
fn knock(level: f32, tone: &Tone, out: &mut [f32]) {
    let mut noise = Noise::new(tone.seed ^ 0x51);
    let mut low = super::dsp::OnePole::new(900.0 + 2200.0 * tone.force, tone.rate);
    let mut rumble = super::dsp::OnePole::new(120.0, tone.rate);
    let length = (0.03 * tone.rate) as usize;
    let total = out.len().min(length);
    for (i, sample) in out[..total].iter_mut().enumerate() {
        let x = 1.0 - i as f32 / length as f32;
        let n = low.low(noise.next());
        *sample += level * x * x * x * (n - rumble.low(n));
    }
}

/// How an FM tone is made: pairs of carrier and modulator (Chowning 1973, "The synthesis of complex audio spectra by
/// means of frequency modulation").
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fm {
    /// Carrier ratio, modulator ratio, index at full force, level, seconds of decay, share of the index's decay time.
    pub pairs: &'static [(f32, f32, f32, f32, f32, f32)],
    pub release: f32,
}

pub(crate) fn fm(patch: &Fm, tone: &Tone, out: &mut [f32]) {
    let rate = tone.rate;
    let total = out.len().min((tone.gate + patch.release * rate) as usize);
    let keyed = (261.6 / tone.hertz).powf(0.35).clamp(0.4, 1.6);
    let level = 0.15 + 0.85 * tone.force;
    for (carrier, modulator, index, share, decay, index_decay) in patch.pairs {
        if tone.hertz * modulator > 0.45 * rate {
            continue;
        }
        let fall = 10_f32.powf(-3.0 / (decay * keyed * rate));
        let index_fall = 10_f32.powf(-3.0 / (decay * keyed * index_decay * rate));
        let mut amplitude = 0.35 * level * share;
        // Softer and higher notes are plainer; also keeps the side bands below the limit of hearing.
        let limit = (0.35 * rate / (tone.hertz * modulator) - carrier / modulator).max(0.1);
        let mut index = (index * (0.15 + 0.85 * tone.force * tone.force) * keyed).min(limit);
        let (mut c, mut m) = (Phase(0.0), Phase(0.0));
        let (c_dt, m_dt) = (tone.hertz * carrier / rate, tone.hertz * modulator / rate);
        let gate = tone.gate as usize;
        let fade = 1.0 / (patch.release * rate).max(1.0);
        let mut held = 1.0_f32;
        for (i, sample) in out[..total].iter_mut().enumerate() {
            let bend = index * sine(m.step(m_dt)) * std::f32::consts::FRAC_1_PI * 0.5;
            let p = c.step(c_dt) + bend;
            let p = p - p.floor();
            if i >= gate {
                held = (held - fade).max(0.0);
            }
            let attack = (i as f32 / 48.0).min(1.0);
            *sample += amplitude * held * held * attack * sine(p.clamp(0.0, 0.999_999));
            amplitude *= fall;
            index *= index_fall;
        }
    }
}

/// The ratios of an organ's drawbars: 16', 5⅓', 8', 4', 2⅔', 2', 1⅗', 1⅓', 1'.
const DRAWBARS: [f32; 9] = [0.5, 1.5, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0];

/// How an organ is registered: nine drawbars, 0 to 1, and the click of its keys.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Organ {
    pub bars: [f32; 9],
    pub click: f32,
    pub attack: f32,
    pub release: f32,
}

pub(crate) fn organ(patch: &Organ, tone: &Tone, out: &mut [f32]) {
    let rate = tone.rate;
    let total = out.len().min((tone.gate + patch.release * rate) as usize);
    let envelope = Envelope::new(patch.attack * rate, 1.0, 1.0, tone.gate, patch.release * rate);
    let mut noise = Noise::new(tone.seed);
    let voices: Vec<(f32, f32)> = DRAWBARS
        .iter()
        .zip(patch.bars)
        .filter(|(ratio, level)| *level > 0.0 && tone.hertz * **ratio < 0.45 * rate)
        .map(|(ratio, level)| (tone.hertz * ratio / rate, 0.12 * level * (0.5 + 0.5 * tone.force)))
        .collect();
    let mut phases: Vec<Phase> = voices.iter().map(|_| Phase(0.5 + 0.499 * noise.next())).collect();
    for (block, chunk) in out[..total].chunks_mut(16).enumerate() {
        let level = envelope.at((block * 16) as f32);
        let next = envelope.at((block * 16 + 16) as f32);
        let ramp = (next - level) / 16.0;
        let mut now = level;
        for sample in chunk {
            let mut x = 0.0;
            for (phase, (dt, level)) in phases.iter_mut().zip(&voices) {
                x += level * sine(phase.step(*dt));
            }
            *sample += x * now;
            now += ramp;
        }
    }
    let length = ((0.006 * rate) as usize).min(total);
    let mut bright = super::dsp::OnePole::new(3500.0, rate);
    for (i, sample) in out[..length].iter_mut().enumerate() {
        let x = 1.0 - i as f32 / length as f32;
        *sample += patch.click * 0.1 * x * x * bright.low(noise.next());
    }
}

/// How an electronic bass is made: a sine that falls to its pitch, driven until it has overtones.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sub {
    /// Semitones that it falls from, and in how many seconds.
    pub drop: (f32, f32),
    pub drive: f32,
    pub decay: f32,
    pub release: f32,
    pub click: f32,
}

pub(crate) fn sub(patch: &Sub, tone: &Tone, out: &mut [f32]) {
    let rate = tone.rate;
    let total = out.len().min((tone.gate + patch.release * rate) as usize);
    let envelope = Envelope::new(0.002 * rate, patch.decay * rate, 0.35, tone.gate, patch.release * rate);
    let mut phase = Phase(0.0);
    let mut tamed = super::dsp::OnePole::new(1800.0 + 2500.0 * tone.force, rate);
    let mut level = 0.0_f32;
    for (block, chunk) in out[..total].chunks_mut(16).enumerate() {
        let t = (block * 16) as f32;
        let semitones = patch.drop.0 * (-t / (patch.drop.1 * rate)).exp();
        let dt = tone.hertz * (semitones / 12.0).exp2() / rate;
        let target = envelope.at(t + 16.0);
        let ramp = (target - level) / chunk.len() as f32;
        for sample in chunk {
            level += ramp;
            let x = sine(phase.step(dt)) * level * (0.4 + 0.6 * tone.force);
            *sample += 0.6 * tamed.low(super::dsp::soft(x * patch.drive));
        }
    }
    let click = patch.click * tone.force;
    if click > 0.0 {
        knock(click, tone, &mut out[..total]);
    }
}
