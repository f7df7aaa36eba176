//! Loudness and true peak as broadcasting measures them (ITU-R BS.1770-4).

use super::Stereo;
use std::f64::consts::PI;

/// The two filters of the K weighting at any sample rate, as direct-form coefficients `(b, a)`: the published ones at
/// 48 kHz are this shelf and this high-pass.
fn weighting(rate: f64) -> [([f64; 3], [f64; 2]); 2] {
    let shelf = {
        let (f0, gain, q) = (1_681.974_450_955_533, 3.999_843_853_973_347, 0.707_175_236_955_419_6);
        let k = (PI * f0 / rate).tan();
        let vh = 10_f64.powf(gain / 20.0);
        let vb = vh.powf(0.499_666_774_154_541_6);
        let a0 = 1.0 + k / q + k * k;
        (
            [(vh + vb * k / q + k * k) / a0, 2.0 * (k * k - vh) / a0, (vh - vb * k / q + k * k) / a0],
            [2.0 * (k * k - 1.0) / a0, (1.0 - k / q + k * k) / a0],
        )
    };
    let high = {
        let (f0, q) = (38.135_470_876_024_44, 0.500_327_037_323_877_3);
        let k = (PI * f0 / rate).tan();
        let a0 = 1.0 + k / q + k * k;
        ([1.0, -2.0, 1.0], [2.0 * (k * k - 1.0) / a0, (1.0 - k / q + k * k) / a0])
    };
    [shelf, high]
}

/// The integrated loudness in LUFS, gated; none for silence or less than 0.4 s.
pub fn loudness(sound: &Stereo, sample_rate: u32) -> Option<f64> {
    let rate = f64::from(sample_rate);
    let hop = (0.1 * rate).round() as usize;
    let steps = sound.left.len().min(sound.right.len()) / hop.max(1);
    let mut energy = vec![0.0_f64; steps];
    for channel in [&sound.left, &sound.right] {
        let [(b1, a1), (b2, a2)] = weighting(rate);
        let (mut s1, mut s2) = ([0.0_f64; 2], [0.0_f64; 2]);
        for (step, chunk) in energy.iter_mut().zip(channel.chunks_exact(hop)) {
            let mut sum = 0.0;
            for x in chunk {
                let x = f64::from(*x);
                let y = b1[0] * x + s1[0];
                s1 = [b1[1] * x - a1[0] * y + s1[1], b1[2] * x - a1[1] * y];
                let z = b2[0] * y + s2[0];
                s2 = [b2[1] * y - a2[0] * z + s2[1], b2[2] * y - a2[1] * z];
                sum += z * z;
            }
            *step += sum / hop as f64;
        }
    }
    // Blocks of 400 ms, three quarters of them overlapping.
    let blocks: Vec<f64> = energy.windows(4).map(|w| w.iter().sum::<f64>() / 4.0).collect();
    let level = |power: f64| -0.691 + 10.0 * power.log10();
    let gated = |gate: f64| {
        let loud: Vec<f64> = blocks.iter().copied().filter(|p| *p > 0.0 && level(*p) > gate).collect();
        (!loud.is_empty()).then(|| loud.iter().sum::<f64>() / loud.len() as f64)
    };
    let relative = level(gated(-70.0)?) - 10.0;
    gated(relative.max(-70.0)).map(level)
}

/// Taps a phase of the interpolating filter.
const TAPS: usize = 16;

/// The three interpolated phases between two samples; a Kaiser-windowed sinc.
fn phases() -> [[f32; TAPS]; 3] {
    let bessel = |x: f64| {
        let (mut sum, mut term) = (1.0, 1.0);
        for k in 1..24 {
            term *= (x / 2.0 / f64::from(k)).powi(2);
            sum += term;
        }
        sum
    };
    std::array::from_fn(|phase| {
        let part = (phase + 1) as f64 / 4.0;
        let taps: [f64; TAPS] = std::array::from_fn(|k| {
            let x = k as f64 - (TAPS / 2 - 1) as f64 - part;
            let window = bessel(7.0 * (1.0 - (x / (TAPS as f64 / 2.0)).powi(2)).max(0.0).sqrt()) / bessel(7.0);
            window * if x.abs() < 1e-12 { 1.0 } else { (PI * x).sin() / (PI * x) }
        });
        let sum: f64 = taps.iter().sum();
        taps.map(|t| (t / sum) as f32)
    })
}

/// For each sample, the highest absolute value from it to the next, with four times oversampling; only worked out
/// where a sample nearby is at least `above`.
pub(crate) fn peaks(signal: &[f32], above: f32) -> Vec<f32> {
    let table = phases();
    let mut out: Vec<f32> = signal.iter().map(|x| x.abs()).collect();
    let before = TAPS / 2 - 1;
    let mut near = 0_usize;
    for i in 0..signal.len() {
        let ahead = signal.get(i + 1).map_or(0.0, |x| x.abs());
        if signal[i].abs() >= above || ahead >= above {
            near = 2;
        }
        if near == 0 {
            continue;
        }
        near -= 1;
        for taps in &table {
            let mut sum = 0.0;
            if i >= before && i + TAPS - before <= signal.len() {
                for (tap, x) in taps.iter().zip(&signal[i - before..]) {
                    sum += tap * x;
                }
            } else {
                for (k, tap) in taps.iter().enumerate() {
                    sum += (i + k).checked_sub(before).and_then(|j| signal.get(j)).map_or(0.0, |x| tap * x);
                }
            }
            out[i] = out[i].max(sum.abs());
        }
    }
    out
}

/// The true peak in dBTP; none for silence.
pub fn true_peak(sound: &Stereo) -> Option<f64> {
    let highest = [&sound.left, &sound.right]
        .into_iter()
        .map(|channel| {
            let loudest = channel.iter().fold(0.0_f32, |m, x| m.max(x.abs()));
            peaks(channel, 0.5 * loudest).into_iter().fold(0.0_f32, f32::max)
        })
        .fold(0.0_f32, f32::max);
    (highest > 0.0).then(|| 20.0 * f64::from(highest).log10())
}
