//! Parts to stems, stems to a mix: levels by measured loudness, places, the room, the master.

use super::drums::{self, Stroke};
use super::dsp::{decibels, hertz};
use super::insert::chain;
use super::loudness::loudness;
use super::patches::{Engine, of_program};
use super::performance::{Clock, Played, end_seconds, played};
use super::reverb::{Room, reverb};
use super::{RenderError, RenderOptions, Stem, Stereo, Tone, keys, master, pluck, sustain};
use crate::Score;
use crate::analysis::leading_part;
use crate::score::Instrument;
use std::collections::HashMap;

/// How long sound may go on after the last note, in seconds.
const TAIL: f64 = 2.5;

/// How much of a font's sound goes into the room: samples bring a little room of their own.
const FONT_ROOM: f32 = 0.2;

/// The whole piece as it sounds. Its length is that of the played score and 2.5 s of tail.
///
/// # Errors
/// When the piece is too long or the sample rate is out of range.
pub fn render(score: &Score, options: &RenderOptions) -> Result<Stereo, RenderError> {
    let stems = render_stems(score, options)?;
    let frames = stems.first().map_or(0, |s| s.sound.frames());
    let mut mix = Stereo::silent(frames.max(frames_of(score, options)?));
    for stem in &stems {
        mix.add(&stem.sound, 1.0);
    }
    drop(stems);
    master::master(&mut mix, options.sample_rate, options.loudness, options.true_peak);
    fade_out(&mut mix, options.sample_rate);
    Ok(mix)
}

/// Each part as it sounds in the mix (levelled, placed, with its room), before compression and limiting; in the order
/// of the score, all of the length of the mix.
///
/// # Errors
/// As [`render`].
pub fn render_stems(score: &Score, options: &RenderOptions) -> Result<Vec<Stem>, RenderError> {
    let frames = frames_of(score, options)?;
    let clock = Clock::of(score);
    let lead = leading_part(score);
    let font = options.font.as_ref().map(|font| font.loaded(score)).transpose()?;
    let mut stems = Vec::with_capacity(score.parts.len());
    let mut side = 1.0_f32;
    for (index, part) in score.parts.iter().enumerate() {
        let notes = played(score, index, &clock, f64::from(options.looseness.clamp(0.0, 1.0)), options.seed);
        let role = Role::of(part.instrument, Some(index) == lead, &notes);
        let (mut sound, send) = match (&font, part.instrument) {
            (Some(font), instrument) => (font.play(instrument, &notes, frames, options.sample_rate)?, FONT_ROOM),
            (None, Instrument::Drums) => (drum_part(&notes, frames, options), 0.16),
            (None, Instrument::Pitched(program)) => pitched_part(program, &notes, frames, options),
        };
        let place = if role == Role::Comping {
            side = -side;
            0.32 * side
        } else {
            0.0
        };
        balance(&mut sound, role, &notes, place, options.sample_rate);
        add_room(&mut sound, send, options);
        stems.push(Stem { part: part.id.clone(), sound });
    }
    Ok(stems)
}

fn frames_of(score: &Score, options: &RenderOptions) -> Result<usize, RenderError> {
    let lowest = if options.font.is_some() { 16_000 } else { 8_000 };
    if !(lowest..=96_000).contains(&options.sample_rate) {
        return Err(RenderError::SampleRate(options.sample_rate));
    }
    let seconds = end_seconds(score, &Clock::of(score));
    if seconds > options.longest_seconds {
        return Err(RenderError::TooLong { seconds, longest: options.longest_seconds });
    }
    Ok(((seconds + TAIL) * f64::from(options.sample_rate)).ceil() as usize)
}

/// What a part does in the mix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Lead,
    Bass,
    Drums,
    Comping,
}

impl Role {
    fn of(instrument: Instrument, leads: bool, notes: &[Played]) -> Self {
        let mean = notes.iter().map(|n| f64::from(n.key)).sum::<f64>() / notes.len().max(1) as f64;
        match instrument {
            Instrument::Drums => Self::Drums,
            _ if leads => Self::Lead,
            Instrument::Pitched(32..=39) => Self::Bass,
            Instrument::Pitched(_) if mean < 47.0 => Self::Bass,
            Instrument::Pitched(_) => Self::Comping,
        }
    }

    /// Loudness against the lead, in LU: the melody stands in front by the few decibels that engineers give it.
    fn level(self) -> f64 {
        match self {
            Self::Lead => 0.0,
            Self::Drums => -2.0,
            Self::Bass => -3.5,
            Self::Comping => -5.0,
        }
    }
}

/// Sets the loudness of a part by its role, a part that is written softer staying softer, and its place.
fn balance(sound: &mut Stereo, role: Role, notes: &[Played], place: f32, sample_rate: u32) {
    let Some(now) = loudness(sound, sample_rate) else { return };
    let force = notes.iter().map(|n| f64::from(n.force)).sum::<f64>() / notes.len().max(1) as f64;
    let written = (10.0 * (force / 0.63).max(0.05).log10()).clamp(-6.0, 3.0);
    let gain = decibels((-20.0 + role.level() + written - now).clamp(-60.0, 40.0) as f32);
    // Constant power: the centre is as loud as the sides.
    let angle = (place.clamp(-1.0, 1.0) + 1.0) * std::f32::consts::FRAC_PI_4;
    let (left, right) = (gain * angle.cos() * std::f32::consts::SQRT_2, gain * angle.sin() * std::f32::consts::SQRT_2);
    for x in &mut sound.left {
        *x *= left;
    }
    for x in &mut sound.right {
        *x *= right;
    }
}

fn add_room(sound: &mut Stereo, send: f32, options: &RenderOptions) {
    let amount = 2.0 * options.room.clamp(0.0, 1.0) * send;
    if amount <= 0.0 {
        return;
    }
    let mono: Vec<f32> = sound.left.iter().zip(&sound.right).map(|(l, r)| 0.5 * (l + r)).collect();
    let room = Room { decay: 1.5, bright: 5200.0, delay: 0.018 };
    let answer = reverb(room, &mono, options.sample_rate as f32);
    sound.add(&answer, 0.3 * amount);
}

fn pitched_part(program: u8, notes: &[Played], frames: usize, options: &RenderOptions) -> (Stereo, f32) {
    let patch = of_program(program);
    let rate = options.sample_rate as f32;
    let mut mono = vec![0.0; frames];
    for note in notes {
        let start = (note.at * f64::from(rate)) as usize;
        if start >= frames {
            continue;
        }
        let tone = Tone {
            hertz: hertz(note.key as f32).clamp(12.0, 0.4 * rate),
            force: note.force,
            gate: (note.gate * f64::from(rate)) as f32,
            rate,
            seed: note.seed ^ options.seed,
        };
        let out = &mut mono[start..];
        match &patch.engine {
            Engine::Struck(p) => keys::struck(p, &tone, out),
            Engine::Fm(p) => keys::fm(p, &tone, out),
            Engine::Organ(p) => keys::organ(p, &tone, out),
            Engine::Pluck(p) => pluck::pluck(p, &tone, out),
            Engine::Sustain(p) => sustain::sustain(p, &tone, out),
            Engine::Sub(p) => keys::sub(p, &tone, out),
        }
    }
    (chain(patch.inserts, mono, rate), patch.room)
}

/// How many different takes of the same stroke there are.
const TAKES: u64 = 4;

fn drum_part(notes: &[Played], frames: usize, options: &RenderOptions) -> Stereo {
    let rate = options.sample_rate as f32;
    let mut out = Stereo::silent(frames);
    let mut takes: HashMap<(i32, u32, u64), Vec<f32>> = HashMap::new();
    for (i, note) in notes.iter().enumerate() {
        let start = (note.at * f64::from(rate)) as usize;
        let loud = (note.force * 16.0).round().max(1.0) as u32;
        let take = note.seed.rotate_right(8).wrapping_add(i as u64) % TAKES;
        let sample = takes.entry((note.key, loud, take)).or_insert_with(|| {
            let force = loud as f32 / 16.0;
            drums::strike(options.kit, &Stroke { key: note.key, force, seed: take * 977 + 13, rate })
        });
        let until = choke(notes, i).map_or(usize::MAX, |at| ((at - note.at) * f64::from(rate)) as usize);
        mix_in(&mut out, sample, start, drums::place(note.key), until, (0.012 * rate) as usize);
    }
    out
}

/// When an open hi-hat is closed: at the next closed or pedal stroke.
fn choke(notes: &[Played], i: usize) -> Option<f64> {
    let open = notes[i].key == 46;
    let later = || notes[i + 1..].iter().take_while(|n| n.at < notes[i].at + 2.0);
    open.then(|| later().find(|n| matches!(n.key, 42 | 44 | 46) && n.at > notes[i].at + 0.02)).flatten().map(|n| n.at)
}

fn mix_in(out: &mut Stereo, sample: &[f32], start: usize, place: f32, until: usize, fade: usize) {
    let angle = (place + 1.0) * std::f32::consts::FRAC_PI_4;
    let (l, r) = (angle.cos(), angle.sin());
    let frames = out.frames();
    for (i, x) in sample.iter().enumerate().take(until.saturating_add(fade)).take_while(|(i, _)| start + i < frames) {
        let level = if i < until { 1.0 } else { 1.0 - (i - until) as f32 / fade as f32 };
        out.left[start + i] += l * x * level;
        out.right[start + i] += r * x * level;
    }
}

/// The last half second goes to nothing.
fn fade_out(mix: &mut Stereo, sample_rate: u32) {
    let n = (sample_rate as usize / 2).min(mix.frames());
    for channel in [&mut mix.left, &mut mix.right] {
        let from = channel.len() - n;
        for (i, x) in channel[from..].iter_mut().enumerate() {
            let left = 1.0 - (i + 1) as f32 / n as f32;
            *x *= left * left;
        }
    }
}
