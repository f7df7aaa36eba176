//! Cymbals, and all that is struck, shaken or clapped without a skin.

use super::noise::{add, buffer, burst, falling, hiss, modes};
use super::{Character, Stroke};
use crate::audio::dsp::{Biquad, Noise, OnePole, Phase, saw};

pub(super) fn stick(s: &Stroke) -> Vec<f32> {
    let mut out = buffer(0.12, s.rate);
    modes(s, 480.0, &[(1.0, 0.35, 0.07), (2.55, 0.6, 0.06), (3.6, 0.4, 0.04)], &mut out);
    let click = burst(s, 0.004, 7000.0, 1200.0);
    add(&mut out, &click, 0.6 * s.force);
    out
}

/// Several hands: four bursts a few milliseconds apart, the last one with the room.
pub(super) fn clap(s: &Stroke) -> Vec<f32> {
    let mut out = buffer(0.4, s.rate);
    let mut noise = Noise::new(s.seed);
    let mut at = 0.0_f32;
    for i in 0..4_u64 {
        let hand = Stroke { seed: s.seed.wrapping_add(i * 7919), ..*s };
        let one = if i == 3 { hiss(&hand, 0.24, 5000.0, 800.0, 0.0005) } else { burst(&hand, 0.011, 5000.0, 800.0) };
        let from = ((at * s.rate) as usize).min(out.len());
        add(&mut out[from..], &one, 0.95 * s.force);
        at += 0.0105 + 0.002 * noise.next();
    }
    let mut band = Biquad::peak(1150.0, 1.6, 9.0, s.rate);
    for x in &mut out {
        *x = 0.6 * band.run(*x);
    }
    out
}

/// Six square-like oscillators whose frequencies have no common measure, as drum machines make metal.
fn metal(s: &Stroke, base: f32, seconds: f32) -> Vec<f32> {
    const RATIOS: [f32; 6] = [1.0, 1.342, 1.2312, 1.6532, 1.9523, 2.1523];
    let mut noise = Noise::new(s.seed ^ 0x3C);
    let mut phases: Vec<(Phase, f32)> = RATIOS
        .iter()
        .map(|r| (Phase(0.5 + 0.49 * noise.next()), base * r * (1.0 + 0.003 * noise.next()) / s.rate))
        .collect();
    (0..(seconds * s.rate) as usize)
        .map(|_| phases.iter_mut().map(|(p, dt)| if p.step(*dt) < 0.5 { 1.0 } else { -1.0 }).sum::<f32>() / 6.0)
        .collect()
}

pub(super) fn hat(c: &Character, s: &Stroke, decay: f32) -> Vec<f32> {
    let colour = c.hat.0 * (0.9 + 0.2 * s.force);
    let length = 1.3 * decay + 0.02;
    let mut noise = Noise::new(s.seed);
    let mut high = [Biquad::high_pass(colour, 0.8, s.rate), Biquad::high_pass(0.8 * colour, 0.707, s.rate)];
    let mut low = OnePole::new(14_500.0, s.rate);
    let fall = falling(1.35 * decay, s.rate);
    let mut level = 1.0_f32;
    metal(s, 520.0 + 40.0 * s.force, length)
        .into_iter()
        .map(|m| {
            level *= fall;
            let x = 0.7 * m + 0.8 * noise.next();
            let bright = high[0].run(x);
            0.62 * s.force * level * low.low(high[1].run(bright))
        })
        .collect()
}

/// The frequencies of a cymbal: dense, without order, drawn once from a fixed seed so that it is the same cymbal.
fn cymbal(which: u64, count: usize, low: f32, high: f32, decay: f32, tilt: f32) -> Vec<(f32, f32, f32)> {
    let mut noise = Noise::new(0xC1_u64.wrapping_add(which));
    (0..count)
        .map(|i| {
            let x = (i as f32 + 0.5 + 0.45 * noise.next()) / count as f32;
            let frequency = low * (high / low).powf(x);
            let level = (1.0 + 0.6 * noise.next()) * crate::audio::dsp::decibels(tilt * x) / count as f32;
            (frequency, level, decay * (1.15 - 0.75 * x) * (1.0 + 0.25 * noise.next()))
        })
        .collect()
}

pub(super) fn ride(s: &Stroke, bell: f32) -> Vec<f32> {
    let mut out = buffer(1.9, s.rate);
    modes(s, 1.0, &cymbal(1, 40, 420.0, 11_500.0, 1.9, -3.0), &mut out);
    for x in &mut out {
        *x *= 1.5;
    }
    // The stick's ping stands out of the wash.
    let ping = [(2870.0, 0.12, 0.35), (4310.0, 0.12, 0.3), (5230.0, 0.1, 0.25), (7420.0, 0.07, 0.2)];
    modes(s, 1.0, &ping, &mut out);
    modes(s, 1.0, &[(780.0, 0.16 * bell, 0.9), (1590.0, 0.2 * bell, 0.8), (2440.0, 0.16 * bell, 0.7)], &mut out);
    let tick = burst(s, 0.004, 13_000.0, 3000.0);
    add(&mut out, &tick, 0.35 * s.force);
    let wash = hiss(s, 0.9, 12_000.0, 5000.0, 0.004);
    add(&mut out, &wash, 0.05 * s.force);
    out
}

pub(super) fn crash(s: &Stroke) -> Vec<f32> {
    let long = match s.key {
        55 => 0.7,
        52 => 1.2,
        _ => 1.9,
    };
    let mut out = buffer(long * 1.15, s.rate);
    modes(s, 1.0, &cymbal(s.key as u64, 48, 320.0, 12_500.0, long * 1.1, 2.0), &mut out);
    for x in &mut out {
        *x *= 1.3;
    }
    let spray = hiss(s, long, 13_500.0, 2600.0, 0.006);
    add(&mut out, &spray, 0.32 * s.force);
    out
}

/// Beads or jingles: noise that swells and falls; `jingle` adds metal.
pub(super) fn shaken(s: &Stroke, colour: f32, decay: f32, jingle: f32) -> Vec<f32> {
    let mut out = buffer(decay * 1.2 + 0.05, s.rate);
    let beads = hiss(s, decay * 1.4, 13_000.0, colour, 0.012);
    add(&mut out, &beads, 0.75 * s.force);
    if jingle > 0.0 {
        let list = [(5320.0, 0.2, 0.2), (6890.0, 0.2, 0.22), (8410.0, 0.18, 0.18), (9740.0, 0.14, 0.15)];
        let bright = Stroke { force: s.force * jingle, ..*s };
        modes(&bright, 1.0, &list, &mut out);
    }
    out
}

pub(super) fn cowbell(s: &Stroke) -> Vec<f32> {
    let (mut a, mut b) = (Phase(0.0), Phase(0.3));
    let mut band = Biquad::band_pass(1000.0, 1.2, s.rate);
    let fall = falling(0.4, s.rate);
    let mut level = s.force;
    (0..(0.4 * s.rate) as usize)
        .map(|_| {
            level *= fall;
            let (da, db) = (555.0 / s.rate, 835.0 / s.rate);
            let x = saw(a.step(da), da) + saw(b.step(db), db);
            0.6 * level * band.run(x)
        })
        .collect()
}
