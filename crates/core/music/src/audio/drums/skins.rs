//! Drums with a skin: kick, snare, toms, and those played with the hand.

use super::noise::{add, buffer, burst, falling, hiss, modes};
use super::{Character, Stroke};
use crate::audio::dsp::{Phase, sine, soft};

pub(super) fn kick(c: &Character, s: &Stroke) -> Vec<f32> {
    let (end, sweep, time, decay, click, drive) = c.kick;
    let mut out = buffer(1.6 * decay + 0.05, s.rate);
    let mut phase = Phase(0.0);
    let fall = falling(1.9 * decay, s.rate);
    let mut level = 1.0_f32;
    let mut bend = sweep * (0.6 + 0.4 * s.force);
    let bend_fall = (-1.0 / (time * s.rate)).exp();
    for x in &mut out {
        *x = 0.95 * soft(drive * level * sine(phase.step((end + bend) / s.rate))) * s.force;
        level *= fall;
        bend *= bend_fall;
    }
    let beater = burst(s, 0.012, 3200.0 + 2500.0 * s.force, 300.0);
    add(&mut out, &beater, 0.55 * click * s.force);
    out
}

pub(super) fn snare(c: &Character, s: &Stroke) -> Vec<f32> {
    let (pitch, body, rattle, colour, body_level, noise_level) = c.snare;
    let mut out = buffer(rattle.max(body) * 1.6 + 0.04, s.rate);
    let bent = pitch * (1.0 + 0.06 * s.force);
    let list = [(1.0, 0.55, 1.5 * body), (1.74, 0.4, 1.1 * body), (2.3, 0.14, 0.7 * body)];
    modes(s, bent, &list, &mut out);
    for x in &mut out {
        *x *= body_level;
    }
    let wires = hiss(s, 1.7 * rattle, 0.8 * colour + 8000.0 * s.force, 0.35 * colour, 0.001);
    add(&mut out, &wires, 0.8 * noise_level * s.force);
    let stick = burst(s, 0.006, 9000.0, 1500.0);
    add(&mut out, &stick, 0.5 * s.force * s.force);
    out
}

pub(super) fn brush(s: &Stroke) -> Vec<f32> {
    let mut out = buffer(0.3, s.rate);
    let sweep = hiss(s, 0.28, 6500.0, 900.0, 0.022);
    add(&mut out, &sweep, 1.3 * s.force);
    modes(s, 210.0, &[(1.0, 0.16, 0.1)], &mut out);
    out
}

pub(super) fn tom(c: &Character, s: &Stroke) -> Vec<f32> {
    let pitch = c.tom
        * match s.key {
            41 => 78.0,
            43 => 92.0,
            45 => 112.0,
            47 => 134.0,
            48 => 158.0,
            _ => 186.0,
        };
    let mut out = buffer(0.7, s.rate);
    let mut phase = Phase(0.0);
    let fall = falling(0.55, s.rate);
    let (mut level, mut bend) = (0.8_f32, 0.22 * s.force);
    let bend_fall = (-1.0 / (0.05 * s.rate)).exp();
    for x in &mut out {
        *x = level * s.force * sine(phase.step(pitch * (1.0 + bend) / s.rate));
        level *= fall;
        bend *= bend_fall;
    }
    modes(s, pitch, &[(1.59, 0.22, 0.3), (2.14, 0.12, 0.2), (2.65, 0.06, 0.15)], &mut out);
    let skin = burst(s, 0.014, 4500.0, 350.0);
    add(&mut out, &skin, 0.35 * s.force);
    out
}

/// Modes (hertz, level, seconds), and the level and colour of the stroke's noise.
type HandDrum = (&'static [(f32, f32, f32)], f32, f32);

/// What is struck by hand or small stick, by its modes.
fn hand_drum(key: i32) -> HandDrum {
    match key {
        60 => (&[(420.0, 0.7, 0.16), (870.0, 0.2, 0.08)], 0.3, 2500.0),
        61 => (&[(310.0, 0.7, 0.2), (640.0, 0.2, 0.1)], 0.25, 2000.0),
        62 => (&[(330.0, 0.4, 0.06), (800.0, 0.3, 0.05)], 0.6, 3000.0),
        63 => (&[(255.0, 0.8, 0.3), (520.0, 0.25, 0.15)], 0.25, 2000.0),
        64 => (&[(185.0, 0.9, 0.36), (390.0, 0.25, 0.18)], 0.2, 1500.0),
        65 => (&[(330.0, 0.6, 0.35), (520.0, 0.35, 0.3), (760.0, 0.25, 0.25)], 0.35, 4000.0),
        66 => (&[(225.0, 0.7, 0.4), (360.0, 0.35, 0.35), (540.0, 0.25, 0.3)], 0.3, 3500.0),
        67 => (&[(1110.0, 0.5, 0.4), (1720.0, 0.35, 0.35)], 0.1, 5000.0),
        68 => (&[(800.0, 0.5, 0.45), (1240.0, 0.35, 0.4)], 0.1, 5000.0),
        75 => (&[(2480.0, 0.8, 0.08)], 0.15, 6000.0),
        76 => (&[(1080.0, 0.7, 0.08), (2710.0, 0.3, 0.05)], 0.1, 4000.0),
        77 => (&[(760.0, 0.7, 0.09), (1910.0, 0.3, 0.06)], 0.1, 4000.0),
        78 | 79 => (&[(480.0, 0.6, 0.15), (960.0, 0.2, 0.1)], 0.1, 1500.0),
        80 => (&[(4400.0, 0.25, 0.15), (6800.0, 0.2, 0.12)], 0.02, 9000.0),
        81 => (&[(4400.0, 0.25, 1.6), (6810.0, 0.2, 1.4), (9230.0, 0.12, 1.0)], 0.02, 9000.0),
        _ => (&[(900.0, 0.3, 0.06)], 0.6, 4000.0),
    }
}

pub(super) fn hand_percussion(key: i32, s: &Stroke) -> Vec<f32> {
    let (list, slap, colour) = hand_drum(key);
    let longest = list.iter().map(|m| m.2).fold(0.1_f32, f32::max);
    let mut out = buffer(longest + 0.03, s.rate);
    modes(s, 1.0, list, &mut out);
    let skin = burst(s, 0.012, colour, 250.0);
    add(&mut out, &skin, slap * s.force);
    out
}
