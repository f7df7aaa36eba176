//! What a part's signal goes through: body and amplifier filters, drive, and what makes it wide.

use super::Stereo;
use super::dsp::{Biquad, OnePole, Phase, sine, soft};

/// One effect of a chain.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Insert {
    /// Hertz, sharpness, decibels.
    Peak(f32, f32, f32),
    /// High-pass, hertz.
    High(f32),
    /// Low-pass, hertz.
    Low(f32),
    /// Soft clipping by this gain.
    Drive(f32),
    /// Vowel resonances: hertz, bandwidth, level.
    Formants(&'static [(f32, f32, f32)]),
    /// Two moving delays, 0 to 1.
    Chorus(f32),
    /// A turning loudspeaker.
    Rotary,
    /// Loudness that swings from side to side: hertz, depth.
    Tremolo(f32, f32),
    /// The same played twice, a little later on each side.
    Double(f32),
    /// A fixed, slight width.
    Spread,
}

/// Runs a mono signal through a chain.
pub(crate) fn chain(inserts: &[Insert], mut mono: Vec<f32>, rate: f32) -> Stereo {
    for insert in inserts {
        match *insert {
            Insert::Peak(f, q, db) => biquad(&mut mono, Biquad::peak(f, q, db, rate)),
            Insert::High(f) => biquad(&mut mono, Biquad::high_pass(f, 0.707, rate)),
            Insert::Low(f) => biquad(&mut mono, Biquad::low_pass(f, 0.707, rate)),
            Insert::Drive(gain) => drive(&mut mono, gain),
            Insert::Formants(formants) => voice(&mut mono, formants, rate),
            _ => {}
        }
    }
    let mut stereo = Stereo { left: mono.clone(), right: mono };
    for insert in inserts {
        match *insert {
            Insert::Chorus(amount) => chorus(&mut stereo, amount, rate),
            Insert::Rotary => rotary(&mut stereo, rate),
            Insert::Tremolo(hertz, depth) => tremolo(&mut stereo, hertz, depth, rate),
            Insert::Double(amount) => double(&mut stereo, amount, rate),
            Insert::Spread => spread(&mut stereo, rate),
            _ => {}
        }
    }
    stereo
}

fn biquad(signal: &mut [f32], mut filter: Biquad) {
    for x in signal {
        *x = filter.run(*x);
    }
}

/// Soft clipping, after the level is brought to a fixed mean, so that loud and soft parts are driven alike.
fn drive(signal: &mut [f32], gain: f32) {
    let (mut power, mut count) = (0.0_f64, 0_usize);
    for x in signal.iter().filter(|x| x.abs() > 1e-3) {
        power += f64::from(x * x);
        count += 1;
    }
    if count == 0 {
        return;
    }
    let rms = (power / count as f64).sqrt() as f32;
    let scale = 0.25 * gain / rms;
    // A little bias gives the even harmonics of tubes; the high-pass takes the offset off again.
    let mut centre = OnePole::new(15.0, 44_100.0);
    for x in signal {
        let y = soft(*x * scale + 0.12) - soft(0.12);
        *x = 0.4 * centre.high(y);
    }
}

fn voice(signal: &mut [f32], formants: &[(f32, f32, f32)], rate: f32) {
    let mut filters: Vec<(Biquad, f32)> =
        formants.iter().map(|(f, width, level)| (Biquad::band_pass(*f, f / width, rate), *level)).collect();
    for x in signal {
        let dry = 0.12 * *x;
        *x = filters.iter_mut().map(|(filter, level)| filter.run(*x) * *level).sum::<f32>() * 1.8 + dry;
    }
}

/// A delay line that is read between samples.
struct Line {
    ring: Vec<f32>,
    at: usize,
}

impl Line {
    fn new(samples: usize) -> Self {
        Self { ring: vec![0.0; samples.next_power_of_two()], at: 0 }
    }

    #[inline]
    fn push(&mut self, x: f32) {
        self.at = (self.at + 1) & (self.ring.len() - 1);
        self.ring[self.at] = x;
    }

    #[inline]
    fn read(&self, delay: f32) -> f32 {
        let whole = delay as usize;
        let part = delay - whole as f32;
        let mask = self.ring.len() - 1;
        let a = self.ring[(self.at + self.ring.len() - whole) & mask];
        let b = self.ring[(self.at + self.ring.len() - whole - 1) & mask];
        a + part * (b - a)
    }
}

fn chorus(stereo: &mut Stereo, amount: f32, rate: f32) {
    for (side, signal) in [&mut stereo.left, &mut stereo.right].into_iter().enumerate() {
        let mut line = Line::new((0.04 * rate) as usize);
        let mut slow = Phase(0.25 + 0.5 * side as f32);
        let mut fast = Phase(0.6 * side as f32);
        for x in signal {
            line.push(*x);
            let sway = 0.003 * sine(slow.step(0.57 / rate)) + 0.0006 * sine(fast.step(3.1 / rate));
            let wet = line.read((0.013 + sway) * rate);
            *x = *x * (1.0 - 0.35 * amount) + wet * 0.65 * amount;
        }
    }
}

fn rotary(stereo: &mut Stereo, rate: f32) {
    for (side, signal) in [&mut stereo.left, &mut stereo.right].into_iter().enumerate() {
        let mut line = Line::new((0.01 * rate) as usize);
        let mut turn = Phase(0.37 * side as f32);
        for x in signal {
            line.push(*x);
            let s = sine(turn.step(5.9 / rate));
            let doppler = line.read((0.0012 + 0.00022 * s) * rate);
            *x = 0.35 * *x + 0.65 * doppler * (1.0 + 0.22 * s);
        }
    }
}

fn tremolo(stereo: &mut Stereo, hertz: f32, depth: f32, rate: f32) {
    for (side, signal) in [&mut stereo.left, &mut stereo.right].into_iter().enumerate() {
        let mut turn = Phase(0.4 * side as f32);
        for x in signal {
            *x *= 1.0 - depth * (0.5 + 0.5 * sine(turn.step(hertz / rate)));
        }
    }
}

fn double(stereo: &mut Stereo, amount: f32, rate: f32) {
    let second = |signal: &[f32], seconds: f32| -> Vec<f32> {
        let late = (seconds * rate) as usize;
        (0..signal.len()).map(|i| if i >= late { signal[i - late] } else { 0.0 }).collect()
    };
    let (a, b) = (second(&stereo.left, 0.0113), second(&stereo.right, 0.0171));
    for ((l, r), (a, b)) in stereo.left.iter_mut().zip(&mut stereo.right).zip(a.iter().zip(&b)) {
        let (x, y) = (*l, *r);
        *l = x + amount * (a - 0.6 * b);
        *r = y + amount * (b - 0.6 * a);
    }
}

/// Two all-pass delays of different length: the level of no frequency changes, only what each ear hears first.
fn spread(stereo: &mut Stereo, rate: f32) {
    for (signal, seconds) in [(&mut stereo.left, 0.0037), (&mut stereo.right, 0.0059)] {
        let length = (seconds * rate) as usize;
        let mut ring = vec![0.0_f32; length.max(1)];
        let mut at = 0;
        for x in signal {
            let delayed = ring[at];
            let inner = *x - 0.35 * delayed;
            ring[at] = inner;
            at = (at + 1) % ring.len();
            *x = 0.35 * inner + delayed;
        }
    }
}
