//! The drum kit: every piece of the General MIDI percussion map, made from swept sines, modes, metal and noise.

use super::dsp::{Biquad, Noise, OnePole, Phase, saw, sine, soft};
use super::modal::{Partial, ring};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Which drum kit plays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kit {
    /// A small acoustic kit, tuned high, with brushes when played softly.
    Jazz,
    /// Short, dark, dusty samples.
    BoomBap,
    /// A drum machine with a long kick and a clap.
    Electronic,
    /// A large acoustic kit.
    #[default]
    Rock,
}

/// What tells one kit from another.
struct Character {
    /// Kick: end pitch in hertz, sweep in hertz, sweep time, decay, click, drive.
    kick: (f32, f32, f32, f32, f32, f32),
    /// Snare: body pitch, body decay, noise decay, noise colour in hertz, body level, noise level.
    snare: (f32, f32, f32, f32, f32, f32),
    /// Hi-hat: colour in hertz, decay closed, decay open.
    hat: (f32, f32, f32),
    /// A low-pass over everything, for dust.
    dull: f32,
    tom: f32,
}

const fn character(kit: Kit) -> Character {
    match kit {
        Kit::Jazz => Character {
            kick: (68.0, 40.0, 0.02, 0.32, 0.25, 1.0),
            snare: (215.0, 0.14, 0.17, 3600.0, 0.5, 0.55),
            hat: (7200.0, 0.06, 0.5),
            dull: 15_000.0,
            tom: 1.25,
        },
        Kit::BoomBap => Character {
            kick: (63.0, 120.0, 0.025, 0.24, 0.5, 2.4),
            snare: (190.0, 0.13, 0.14, 2600.0, 0.85, 0.9),
            hat: (6200.0, 0.045, 0.28),
            dull: 7_500.0,
            tom: 0.95,
        },
        Kit::Electronic => Character {
            kick: (49.0, 240.0, 0.03, 0.5, 0.7, 1.7),
            snare: (200.0, 0.11, 0.19, 4200.0, 0.7, 0.95),
            hat: (8600.0, 0.05, 0.42),
            dull: 17_000.0,
            tom: 0.9,
        },
        Kit::Rock => Character {
            kick: (57.0, 90.0, 0.025, 0.34, 0.8, 1.4),
            snare: (188.0, 0.17, 0.22, 3200.0, 0.8, 0.9),
            hat: (6300.0, 0.07, 0.65),
            dull: 16_000.0,
            tom: 1.0,
        },
    }
}

/// A stroke: the key of the kit, its force from 0 to 1, and the seed of its small differences.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stroke {
    pub key: i32,
    pub force: f32,
    pub seed: u64,
    pub rate: f32,
}

/// Where a key sits, -1 left to 1 right, as the audience sees the kit.
pub(crate) fn place(key: i32) -> f32 {
    match key {
        42 | 44 | 46 => 0.28,
        51 | 53 | 59 => -0.3,
        49 => 0.4,
        52 | 55 | 57 => -0.42,
        41 | 43 => -0.4,
        45 | 47 => -0.1,
        48 | 50 => 0.25,
        54 | 70 | 82 => -0.35,
        56 | 75 | 76 | 77 => 0.35,
        60..=66 => {
            if key % 2 == 0 {
                0.3
            } else {
                -0.3
            }
        }
        _ => 0.0,
    }
}

/// The sound of a stroke.
pub(crate) fn strike(kit: Kit, stroke: &Stroke) -> Vec<f32> {
    let c = character(kit);
    let mut out = match stroke.key {
        35 | 36 => kick(&c, stroke),
        37 => stick(stroke),
        38 | 40 if kit == Kit::Jazz && stroke.force < 0.42 => brush(stroke),
        38 | 40 => snare(&c, stroke),
        39 => clap(stroke),
        42 | 44 => hat(&c, stroke, c.hat.1 * if stroke.key == 44 { 0.8 } else { 1.0 }),
        46 => hat(&c, stroke, c.hat.2),
        51 | 59 => ride(stroke, 0.25),
        53 => ride(stroke, 0.9),
        49 | 52 | 55 | 57 => crash(stroke),
        41 | 43 | 45 | 47 | 48 | 50 => tom(&c, stroke),
        54 => shaken(stroke, 8200.0, 0.16, 0.4),
        69 | 70 | 82 => shaken(stroke, 6500.0, 0.06, 0.0),
        56 => cowbell(stroke),
        key => hand_percussion(key, stroke),
    };
    if c.dull < 12_000.0 {
        let mut filter = Biquad::low_pass(c.dull, 0.707, stroke.rate);
        for x in &mut out {
            *x = filter.run(*x);
        }
    }
    fade(&mut out, stroke.rate);
    out
}

fn buffer(seconds: f32, rate: f32) -> Vec<f32> {
    vec![0.0; (seconds * rate) as usize]
}

/// The last five milliseconds go to nothing.
fn fade(out: &mut [f32], rate: f32) {
    let n = ((0.005 * rate) as usize).min(out.len());
    let from = out.len() - n;
    for (i, x) in out[from..].iter_mut().enumerate() {
        *x *= 1.0 - (i + 1) as f32 / n as f32;
    }
}

fn falling(t60: f32, rate: f32) -> f32 {
    10_f32.powf(-3.0 / (t60.max(0.004) * rate))
}

fn kick(c: &Character, s: &Stroke) -> Vec<f32> {
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

/// Noise in a band that falls linearly to nothing.
fn burst(s: &Stroke, seconds: f32, low_pass: f32, high_pass: f32) -> Vec<f32> {
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
fn hiss(s: &Stroke, decay: f32, low_pass: f32, high_pass: f32, attack: f32) -> Vec<f32> {
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

fn add(out: &mut [f32], other: &[f32], gain: f32) {
    for (x, y) in out.iter_mut().zip(other) {
        *x += gain * y;
    }
}

/// A sum of modes with the given ratios over a base.
fn modes(s: &Stroke, base: f32, list: &[(f32, f32, f32)], out: &mut [f32]) {
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

fn snare(c: &Character, s: &Stroke) -> Vec<f32> {
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

fn brush(s: &Stroke) -> Vec<f32> {
    let mut out = buffer(0.3, s.rate);
    let sweep = hiss(s, 0.28, 6500.0, 900.0, 0.022);
    add(&mut out, &sweep, 1.3 * s.force);
    modes(s, 210.0, &[(1.0, 0.16, 0.1)], &mut out);
    out
}

fn stick(s: &Stroke) -> Vec<f32> {
    let mut out = buffer(0.12, s.rate);
    modes(s, 480.0, &[(1.0, 0.35, 0.07), (2.55, 0.6, 0.06), (3.6, 0.4, 0.04)], &mut out);
    let click = burst(s, 0.004, 7000.0, 1200.0);
    add(&mut out, &click, 0.6 * s.force);
    out
}

/// Several hands: four bursts a few milliseconds apart, the last one with the room.
fn clap(s: &Stroke) -> Vec<f32> {
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

fn hat(c: &Character, s: &Stroke, decay: f32) -> Vec<f32> {
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
            let level = (1.0 + 0.6 * noise.next()) * super::dsp::decibels(tilt * x) / count as f32;
            (frequency, level, decay * (1.15 - 0.75 * x) * (1.0 + 0.25 * noise.next()))
        })
        .collect()
}

fn ride(s: &Stroke, bell: f32) -> Vec<f32> {
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

fn crash(s: &Stroke) -> Vec<f32> {
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

fn tom(c: &Character, s: &Stroke) -> Vec<f32> {
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

/// Beads or jingles: noise that swells and falls; `jingle` adds metal.
fn shaken(s: &Stroke, colour: f32, decay: f32, jingle: f32) -> Vec<f32> {
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

fn cowbell(s: &Stroke) -> Vec<f32> {
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

fn hand_percussion(key: i32, s: &Stroke) -> Vec<f32> {
    let (list, slap, colour) = hand_drum(key);
    let longest = list.iter().map(|m| m.2).fold(0.1_f32, f32::max);
    let mut out = buffer(longest + 0.03, s.rate);
    modes(s, 1.0, list, &mut out);
    let skin = burst(s, 0.012, colour, 250.0);
    add(&mut out, &skin, slap * s.force);
    out
}
