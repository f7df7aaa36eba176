//! The mix made ready: gentle compression, the loudness asked for, and a limiter that keeps the true peak.

use super::Stereo;
use super::dsp::decibels;
use super::loudness::{loudness, peaks};
use std::collections::VecDeque;

/// Brings `mix` to `target` LUFS with no true peak above `ceiling` dBTP. Silence stays silence.
pub(crate) fn master(mix: &mut Stereo, sample_rate: u32, target: f64, ceiling: f64) {
    let Some(now) = loudness(mix, sample_rate) else { return };
    mix.scale(decibels((target - now) as f32));
    compress(mix, sample_rate as f32, target as f32);
    let Some(now) = loudness(mix, sample_rate) else { return };
    let mut gain = target - now;
    // What the limiter takes off is given back, until loudness and peak are both as asked for.
    // Four times oversampling may miss the very top by a fifth of a decibel.
    let limit = decibels(ceiling as f32 - 0.25);
    let mut result = mix.clone();
    for _ in 0..4 {
        result.left.clone_from(&mix.left);
        result.right.clone_from(&mix.right);
        result.scale(decibels(gain as f32));
        limiter(&mut result, sample_rate as f32, limit);
        let missing = target - loudness(&result, sample_rate).unwrap_or(target);
        if missing.abs() < 0.05 {
            break;
        }
        gain += missing.clamp(-6.0, 6.0);
    }
    *mix = result;
}

/// Two to one above the mean level, slow enough to leave the attacks.
fn compress(mix: &mut Stereo, rate: f32, target: f32) {
    const BLOCK: usize = 32;
    let threshold = target + 3.0;
    let (attack, release) =
        (1.0 - (-(BLOCK as f32) / (0.02 * rate)).exp(), 1.0 - (-(BLOCK as f32) / (0.2 * rate)).exp());
    let mean = 1.0 - (-(BLOCK as f32) / (0.05 * rate)).exp();
    let (mut power, mut reduction, mut last) = (0.0_f32, 0.0_f32, 1.0_f32);
    for (left, right) in mix.left.chunks_mut(BLOCK).zip(mix.right.chunks_mut(BLOCK)) {
        let here = left.iter().chain(right.iter()).map(|x| x * x).sum::<f32>() / left.len() as f32;
        power += mean * (here - power);
        let over = (10.0 * power.max(1e-9).log10() - threshold).max(0.0);
        let wanted = 0.5 * over;
        reduction += if wanted > reduction { attack } else { release } * (wanted - reduction);
        let gain = decibels(-reduction);
        let step = (gain - last) / left.len() as f32;
        for (l, r) in left.iter_mut().zip(right.iter_mut()) {
            last += step;
            *l *= last;
            *r *= last;
        }
    }
}

/// A limiter that looks ahead: the gain a peak needs is reached before it and let go slowly after it.
fn limiter(mix: &mut Stereo, rate: f32, limit: f32) {
    let look = (0.004 * rate) as usize;
    let left = peaks(&mix.left, 0.6 * limit);
    let right = peaks(&mix.right, 0.6 * limit);
    let needed: Vec<f32> = left.iter().zip(&right).map(|(l, r)| (limit / l.max(*r).max(limit)).min(1.0)).collect();
    if needed.iter().all(|g| *g >= 1.0) {
        return;
    }
    let held = lowest_ahead(&needed, look);
    // Recovery is slow; the mean over the look-ahead then makes every change smooth and still in time.
    let recover = 1.0 - (-1.0 / (0.08 * rate)).exp();
    let mut gain = 1.0_f32;
    let slow: Vec<f32> = held
        .iter()
        .map(|g| {
            gain = if *g < gain { *g } else { gain + recover * (g - gain) };
            gain
        })
        .collect();
    let mut sum = look as f64;
    for i in 0..mix.left.len() {
        sum += f64::from(slow[i]) - if i >= look { f64::from(slow[i - look]) } else { 1.0 };
        let g = (sum / look as f64) as f32;
        mix.left[i] *= g;
        mix.right[i] *= g;
    }
}

/// The lowest value in each window of `look` + 1 samples ahead.
fn lowest_ahead(values: &[f32], look: usize) -> Vec<f32> {
    let mut out = vec![1.0; values.len()];
    let mut queue: VecDeque<usize> = VecDeque::new();
    for i in 0..values.len() + look {
        if i < values.len() {
            while queue.back().is_some_and(|j| values[*j] >= values[i]) {
                queue.pop_back();
            }
            queue.push_back(i);
        }
        if i >= look {
            let at = i - look;
            while queue.front().is_some_and(|j| *j < at) {
                queue.pop_front();
            }
            out[at] = queue.front().map_or(1.0, |j| values[*j]);
        }
    }
    out
}
