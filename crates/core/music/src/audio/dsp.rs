//! The small parts that every sound is made of: sine, noise, band-limited oscillators, filters, envelopes.

use std::f32::consts::{PI, TAU};

/// The sine of a phase in turns, 0 to 1. A Taylor polynomial, exact to 1e-6, so that it is quick and the same everywhere.
#[inline]
pub(crate) fn sine(phase: f32) -> f32 {
    let x = if phase >= 0.5 { phase - 1.0 } else { phase };
    let y = if x > 0.25 {
        0.5 - x
    } else if x < -0.25 {
        -0.5 - x
    } else {
        x
    };
    let t = y * TAU;
    let q = t * t;
    t * (1.0 - q / 6.0 * (1.0 - q / 20.0 * (1.0 - q / 42.0 * (1.0 - q / 72.0))))
}

/// A phase in turns that wraps at 1.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Phase(pub f32);

impl Phase {
    #[inline]
    pub(crate) fn step(&mut self, dt: f32) -> f32 {
        let now = self.0;
        self.0 += dt;
        if self.0 >= 1.0 {
            self.0 -= 1.0;
        }
        now
    }
}

/// What must be taken from a naive step of height 2 at the wrap of the phase, so that it does not alias (Välimäki and Huovilainen 2007, "Antialiasing oscillators in subtractive synthesis": polynomial band-limited step).
#[inline]
pub(crate) fn poly_blep(phase: f32, dt: f32) -> f32 {
    if phase < dt {
        let t = phase / dt;
        t + t - t * t - 1.0
    } else if phase > 1.0 - dt {
        let t = (phase - 1.0) / dt;
        t * t + t + t + 1.0
    } else {
        0.0
    }
}

#[inline]
pub(crate) fn saw(phase: f32, dt: f32) -> f32 {
    2.0 * phase - 1.0 - poly_blep(phase, dt)
}

#[inline]
pub(crate) fn pulse(phase: f32, dt: f32, width: f32) -> f32 {
    let shifted = if phase >= width { phase - width } else { phase - width + 1.0 };
    let naive = if phase < width { 1.0 } else { -1.0 };
    naive + poly_blep(phase, dt) - poly_blep(shifted, dt) - (2.0 * width - 1.0)
}

/// A soft limit to ±1 (a rational approximation of the hyperbolic tangent).
#[inline]
pub(crate) fn soft(x: f32) -> f32 {
    let x = x.clamp(-3.0, 3.0);
    x * (27.0 + x * x) / (27.0 + 9.0 * x * x)
}

/// White noise and small random choices; xorshift, seeded.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Noise(u32);

impl Noise {
    pub(crate) fn new(seed: u64) -> Self {
        let mixed = (seed ^ (seed >> 31)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        Self(((mixed >> 32) as u32) | 1)
    }

    /// From -1 to 1.
    #[inline]
    pub(crate) fn next(&mut self) -> f32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 17;
        self.0 ^= self.0 << 5;
        (self.0 as i32) as f32 / 2_147_483_648.0
    }
}

/// A one-pole low-pass filter.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct OnePole {
    a: f32,
    y: f32,
}

impl OnePole {
    pub(crate) fn new(cutoff: f32, rate: f32) -> Self {
        Self { a: 1.0 - (-TAU * (cutoff / rate).min(0.49)).exp(), y: 0.0 }
    }

    #[inline]
    pub(crate) fn low(&mut self, x: f32) -> f32 {
        self.y += self.a * (x - self.y);
        self.y
    }

    #[inline]
    pub(crate) fn high(&mut self, x: f32) -> f32 {
        x - self.low(x)
    }
}

/// A second-order filter (Bristow-Johnson, "Audio EQ cookbook").
#[derive(Clone, Copy, Debug)]
pub(crate) struct Biquad {
    b: [f32; 3],
    a: [f32; 2],
    s: [f32; 2],
}

impl Biquad {
    fn from(b: [f32; 3], a: [f32; 3]) -> Self {
        Self { b: b.map(|x| x / a[0]), a: [a[1] / a[0], a[2] / a[0]], s: [0.0; 2] }
    }

    fn angle(frequency: f32, q: f32, rate: f32) -> (f32, f32) {
        let w = TAU * (frequency / rate).min(0.47);
        (w.cos(), w.sin() / (2.0 * q))
    }

    pub(crate) fn low_pass(frequency: f32, q: f32, rate: f32) -> Self {
        let (c, alpha) = Self::angle(frequency, q, rate);
        Self::from([(1.0 - c) / 2.0, 1.0 - c, (1.0 - c) / 2.0], [1.0 + alpha, -2.0 * c, 1.0 - alpha])
    }

    pub(crate) fn high_pass(frequency: f32, q: f32, rate: f32) -> Self {
        let (c, alpha) = Self::angle(frequency, q, rate);
        Self::from([f32::midpoint(1.0, c), -(1.0 + c), f32::midpoint(1.0, c)], [1.0 + alpha, -2.0 * c, 1.0 - alpha])
    }

    /// A gain of 1 at the centre.
    pub(crate) fn band_pass(frequency: f32, q: f32, rate: f32) -> Self {
        let (c, alpha) = Self::angle(frequency, q, rate);
        Self::from([alpha, 0.0, -alpha], [1.0 + alpha, -2.0 * c, 1.0 - alpha])
    }

    pub(crate) fn peak(frequency: f32, q: f32, decibels: f32, rate: f32) -> Self {
        let (c, alpha) = Self::angle(frequency, q, rate);
        let g = 10_f32.powf(decibels / 40.0);
        Self::from([1.0 + alpha * g, -2.0 * c, 1.0 - alpha * g], [1.0 + alpha / g, -2.0 * c, 1.0 - alpha / g])
    }

    #[inline]
    pub(crate) fn run(&mut self, x: f32) -> f32 {
        let y = self.b[0] * x + self.s[0];
        self.s[0] = self.b[1] * x - self.a[0] * y + self.s[1];
        self.s[1] = self.b[2] * x - self.a[1] * y;
        y
    }
}

/// A low-pass filter whose cutoff may move without clicks (Zavalishin 2012, "The art of VA filter design").
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Sweep {
    g: f32,
    k: f32,
    a1: f32,
    s: [f32; 2],
}

impl Sweep {
    pub(crate) fn set(&mut self, cutoff: f32, resonance: f32, rate: f32) {
        self.g = (PI * (cutoff / rate).min(0.45)).tan();
        self.k = 2.0 - 1.9 * resonance.clamp(0.0, 1.0);
        self.a1 = 1.0 / (1.0 + self.g * (self.g + self.k));
    }

    #[inline]
    pub(crate) fn low(&mut self, x: f32) -> f32 {
        let high = (x - (self.g + self.k) * self.s[0] - self.s[1]) * self.a1;
        let band = self.g * high + self.s[0];
        self.s[0] = self.g * high + band;
        let low = self.g * band + self.s[1];
        self.s[1] = self.g * band + low;
        low
    }
}

/// Attack, decay, sustain and release in seconds; ends at exactly 0, so that no note clicks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Envelope {
    attack: f32,
    decay: f32,
    sustain: f32,
    gate: f32,
    release: f32,
    at_gate: f32,
}

impl Envelope {
    /// Times in samples.
    pub(crate) fn new(attack: f32, decay: f32, sustain: f32, gate: f32, release: f32) -> Self {
        let mut e = Self { attack: attack.max(16.0), decay: decay.max(1.0), sustain, gate, release, at_gate: 0.0 };
        e.at_gate = e.held(gate);
        e
    }

    fn held(&self, t: f32) -> f32 {
        if t < self.attack {
            let x = t / self.attack;
            x * (2.0 - x)
        } else {
            self.sustain + (1.0 - self.sustain) * (-(t - self.attack) / self.decay).exp()
        }
    }

    /// The level `t` samples after the start. Called at control rate; the caller interpolates.
    pub(crate) fn at(&self, t: f32) -> f32 {
        if t < self.gate {
            self.held(t)
        } else {
            let x = (1.0 - (t - self.gate) / self.release.max(1.0)).max(0.0);
            self.at_gate * x * x
        }
    }
}

/// The frequency of a MIDI number, A4 = 440 Hz.
pub(crate) fn hertz(midi: f32) -> f32 {
    440.0 * ((midi - 69.0) / 12.0).exp2()
}

/// The ratio of an interval in cents.
pub(crate) fn cents(cents: f32) -> f32 {
    (cents / 1200.0).exp2()
}

/// The factor of a level in decibels.
pub(crate) fn decibels(level: f32) -> f32 {
    10_f32.powf(level / 20.0)
}
