//! What is heard, measured: pitch, decay, loudness, peaks, silence, length.

use super::*;
use crate::score::{Articulation, Clef, Instrument, Measure, Meter, Note, Part, Sound, Tempo, Transposition};
use crate::{Pitch, PitchName, Score, Time};
use std::f64::consts::TAU;

const RATE: u32 = 44_100;

fn note(onset: Time, duration: Time, sound: Sound, velocity: u8) -> Note {
    Note { onset, duration, sound, velocity, graces: vec![], articulations: vec![], lyrics: vec![], origin: None }
}

fn pitched(midi: &[i32]) -> Sound {
    Sound::Pitched(midi.iter().map(|m| Pitch::from_midi(*m, PitchName::C)).collect())
}

fn part(id: &str, instrument: Instrument, notes: Vec<Note>) -> Part {
    Part {
        id: id.to_owned(),
        name: id.to_owned(),
        short_name: id.to_owned(),
        instrument,
        clef: Clef::Treble,
        transposition: Transposition::NONE,
        dynamics: vec![],
        voices: vec![notes],
    }
}

fn score(parts: Vec<Part>, bars: i64) -> Score {
    let measures = (0..bars)
        .map(|i| Measure {
            number: i as u32 + 1,
            start: Time::WHOLE * i,
            length: Time::WHOLE,
            meter: Meter::COMMON,
            key: "C".parse().unwrap(),
        })
        .collect();
    let tempos = vec![Tempo { at: Time::ZERO, milli_bpm: 120_000, text: None }];
    Score { measures, tempos, parts, ..Score::default() }
}

fn dry() -> RenderOptions {
    RenderOptions { room: 0.0, looseness: 0.0, ..RenderOptions::default() }
}

/// One note of a program, two seconds long, as mono.
fn sounded(program: u8, midi: i32) -> Vec<f32> {
    let notes = vec![note(Time::ZERO, Time::WHOLE, pitched(&[midi]), 90)];
    let stems = render_stems(&score(vec![part("a", Instrument::Pitched(program), notes)], 1), &dry()).unwrap();
    let sound = &stems[0].sound;
    sound.left.iter().zip(&sound.right).map(|(l, r)| 0.5 * (l + r)).collect()
}

/// How strong one frequency is in a stretch, by the discrete Fourier sum with a Hann window.
fn strength(signal: &[f32], hertz: f64) -> f64 {
    let n = signal.len() as f64;
    let (mut re, mut im) = (0.0, 0.0);
    for (i, x) in signal.iter().enumerate() {
        let t = i as f64;
        let window = 0.5 - 0.5 * (TAU * t / n).cos();
        let angle = TAU * hertz * t / f64::from(RATE);
        re += window * f64::from(*x) * angle.cos();
        im += window * f64::from(*x) * angle.sin();
    }
    re.hypot(im) / n
}

/// How far the fundamental lies from equal temperament, in cents.
fn mistuning(signal: &[f32], midi: i32) -> i32 {
    let hertz = 440.0 * (f64::from(midi - 69) / 12.0).exp2();
    (-25..=25).max_by_key(|c| (1e12 * strength(signal, hertz * (f64::from(*c) / 1200.0).exp2())) as i64).unwrap()
}

fn rms(signal: &[f32]) -> f64 {
    (signal.iter().map(|x| f64::from(x * x)).sum::<f64>() / signal.len().max(1) as f64).sqrt()
}

#[test]
fn every_family_is_in_tune() {
    // A program of each family that plays without detuned companions, and its range.
    let families: [(u8, &[i32]); 22] = [
        (0, &[36, 60, 84, 96]),
        (4, &[36, 60, 84]),
        (6, &[36, 60, 84]),
        (11, &[60, 84]),
        (12, &[48, 72]),
        (16, &[36, 60, 84]),
        (24, &[40, 60, 76]),
        (25, &[40, 60, 76]),
        (27, &[40, 60, 76]),
        (30, &[40, 60]),
        (32, &[28, 40, 52]),
        (33, &[28, 40, 52]),
        (39, &[28, 40, 52]),
        (40, &[55, 76, 88]),
        (42, &[36, 57]),
        (46, &[36, 60, 84]),
        (54, &[55, 72]),
        (56, &[55, 70, 84]),
        (65, &[52, 64, 76]),
        (71, &[52, 64, 84]),
        (73, &[60, 84, 93]),
        (105, &[48, 60, 74]),
    ];
    for (program, range) in families {
        for midi in range {
            let signal = sounded(program, *midi);
            let off = mistuning(&signal[3_000..30_000], *midi);
            assert!(off.abs() <= 5, "program {program}, MIDI {midi}: {off} cents off");
        }
    }
}

#[test]
fn what_is_plucked_or_struck_decays() {
    for program in [0, 4, 6, 11, 12, 24, 25, 27, 32, 33, 45, 46, 105] {
        let signal = sounded(program, 52);
        // From the attack on, in tenths of a second; beating strings may waver by a little.
        let levels: Vec<f64> = signal[4_410..80_000].chunks(8_820).map(rms).collect();
        for pair in levels.windows(2) {
            assert!(pair[1] <= 1.05 * pair[0] + 1e-5, "program {program}: {levels:?}");
        }
        assert!(levels[levels.len() - 1] < 0.8 * levels[0], "program {program}: {levels:?}");
    }
}

#[test]
fn every_program_sounds_and_ends_without_a_click() {
    for program in 0..128 {
        let notes = vec![note(Time::ZERO, Time::QUARTER, pitched(&[60]), 90)];
        let stem = &render_stems(&score(vec![part("a", Instrument::Pitched(program), notes)], 1), &dry()).unwrap()[0];
        for channel in [&stem.sound.left, &stem.sound.right] {
            assert!(channel.iter().all(|x| x.is_finite()), "program {program}");
            let loudest = channel.iter().fold(0.0_f32, |m, x| m.max(x.abs()));
            assert!(loudest > 0.02, "program {program} is silent");
            let mean = channel.iter().sum::<f32>() / channel.len() as f32;
            assert!(mean.abs() < 0.01 * loudest, "program {program} has direct current");
            // Everything is over well before the end of the tail.
            let tail = &channel[channel.len() - 2_000..];
            assert!(tail.iter().all(|x| x.abs() < 2e-3 * loudest), "program {program} goes on");
        }
    }
}

#[test]
fn every_drum_of_every_kit_sounds_and_ends() {
    for kit in [Kit::Jazz, Kit::BoomBap, Kit::Electronic, Kit::Rock] {
        for key in 35..=81 {
            let stroke = drums::Stroke { key, force: 0.8, seed: 3, rate: RATE as f32 };
            let sound = drums::strike(kit, &stroke);
            let loudest = sound.iter().fold(0.0_f32, |m, x| m.max(x.abs()));
            assert!(sound.iter().all(|x| x.is_finite()) && (0.03..4.0).contains(&loudest), "{kit:?} {key}: {loudest}");
            assert_eq!(sound.last(), Some(&0.0), "{kit:?} {key}");
            assert!(rms(&sound[sound.len() - 800..]) < 0.06 * f64::from(loudest), "{kit:?} {key} is cut off");
        }
    }
}

/// The spectral centroid of a sound in hertz, over bands a sixth of an octave wide.
fn centroid(signal: &[f32]) -> f64 {
    let bands = (0..52).map(|i| 40.0 * (f64::from(i) / 6.0).exp2());
    let (mut sum, mut power) = (0.0, 0.0);
    for hertz in bands {
        // A band is as wide as it is high: on equal terms its power counts by its frequency.
        let band = strength(signal, hertz).powi(2) * hertz;
        sum += band * hertz;
        power += band;
    }
    sum / power
}

/// In how many seconds a sound has given off nine tenths of its energy.
fn ring_time(signal: &[f32]) -> f64 {
    let total: f64 = signal.iter().map(|x| f64::from(x * x)).sum();
    let mut sum = 0.0;
    let over = signal.iter().position(|x| {
        sum += f64::from(x * x);
        sum >= 0.9 * total
    });
    over.unwrap_or(0) as f64 / f64::from(RATE)
}

#[test]
fn the_same_strokes_sound_otherwise_on_another_kit() {
    let kits = [Kit::Jazz, Kit::BoomBap, Kit::Electronic, Kit::Rock];
    // One stroke through the whole chain of the mix, so that what is measured is what is heard.
    let measured = |kit: Kit, key: u8| {
        let stroke = vec![note(Time::ZERO, Time::QUARTER, Sound::Drums(vec![key]), 96)];
        let options = RenderOptions { kit, ..dry() };
        let stem = &render_stems(&score(vec![part("d", Instrument::Drums, stroke)], 1), &options).unwrap()[0];
        (centroid(&stem.sound.left[..30_000]), ring_time(&stem.sound.left))
    };
    for (i, one) in kits.iter().enumerate() {
        for other in &kits[i + 1..] {
            for (key, name) in [(36, "kick"), (38, "snare"), (42, "hi-hat")] {
                let (a, b) = (measured(*one, key), measured(*other, key));
                println!("{name}: {one:?} {:.0} Hz {:.3} s, {other:?} {:.0} Hz {:.3} s", a.0, a.1, b.0, b.1);
                let apart = |x: f64, y: f64| (x / y).log2().abs();
                assert!(apart(a.0, b.0) > 0.07 || apart(a.1, b.1) > 0.1, "{name}: {one:?} {a:?}, {other:?} {b:?}");
            }
        }
    }
    // Hip-hop's snare is dark and dry, that of the jazz kit bright and ringing.
    let (jazz, boom_bap) = (measured(Kit::Jazz, 38), measured(Kit::BoomBap, 38));
    assert!(jazz.0 > 1.15 * boom_bap.0 && jazz.1 != boom_bap.1, "{jazz:?} {boom_bap:?}");
}

/// Melody, chords, bass and drums for some bars.
fn band(bars: i64) -> Score {
    let chords = [[60, 64, 67], [57, 60, 64], [53, 57, 60], [55, 59, 62]];
    let tune = [76, 74, 72, 74, 76, 76, 74, 72, 69, 72, 74, 72, 71, 74, 79, 77];
    let (mut lead, mut comp, mut bass, mut kit) = (vec![], vec![], vec![], vec![]);
    for beat in 0..4 * bars {
        let at = Time::quarters(beat);
        let chord = chords[(beat / 4 % 4) as usize];
        lead.push(note(at, Time::QUARTER, pitched(&[tune[(beat % 16) as usize]]), 95));
        comp.push(note(at, Time::QUARTER, pitched(&chord), 70));
        bass.push(note(at, Time::QUARTER, pitched(&[chord[0] - 24]), 85));
        kit.push(note(at, Time::EIGHTH, Sound::Drums(if beat % 2 == 0 { vec![36, 42] } else { vec![38, 46] }), 100));
        kit.push(note(at + Time::EIGHTH, Time::EIGHTH, Sound::Drums(vec![42]), 70));
    }
    let parts = vec![
        part("lead", Instrument::Pitched(65), lead),
        part("comp", Instrument::Pitched(0), comp),
        part("bass", Instrument::Pitched(33), bass),
        part("drums", Instrument::Drums, kit),
    ];
    score(parts, bars)
}

/// The K weighting at 48 kHz with the coefficients printed in the recommendation, and the gates, written plainly.
fn loudness_by_the_book(sound: &Stereo) -> f64 {
    let filter = |x: &[f64], b: [f64; 3], a: [f64; 2]| -> Vec<f64> {
        let mut y = vec![0.0; x.len()];
        for i in 0..x.len() {
            let past = |v: &[f64], k: usize| if i >= k { v[i - k] } else { 0.0 };
            y[i] = b[0] * x[i] + b[1] * past(x, 1) + b[2] * past(x, 2) - a[0] * past(&y, 1) - a[1] * past(&y, 2);
        }
        y
    };
    let weigh = |channel: &[f32]| {
        let x: Vec<f64> = channel.iter().map(|x| f64::from(*x)).collect();
        let y = filter(
            &x,
            [1.535_124_859_586_97, -2.691_696_189_406_38, 1.198_392_810_852_85],
            [-1.690_659_293_182_41, 0.732_480_774_215_85],
        );
        filter(&y, [1.0, -2.0, 1.0], [-1.990_047_454_833_98, 0.990_072_250_366_21])
    };
    let (left, right) = (weigh(&sound.left), weigh(&sound.right));
    let power: Vec<f64> = (0..=left.len().saturating_sub(19_200))
        .step_by(4_800)
        .map(|from| {
            let mean = |c: &[f64]| c[from..from + 19_200].iter().map(|x| x * x).sum::<f64>() / 19_200.0;
            mean(&left) + mean(&right)
        })
        .collect();
    let level = |p: f64| -0.691 + 10.0 * p.log10();
    let mean = |gate: f64| {
        let kept: Vec<f64> = power.iter().copied().filter(|p| level(*p) > gate).collect();
        kept.iter().sum::<f64>() / kept.len() as f64
    };
    level(mean(level(mean(-70.0)) - 10.0))
}

#[test]
fn a_full_scale_sine_has_its_textbook_loudness() {
    // BS.1770: a 997 Hz sine at full scale in one channel reads -3.01 LUFS.
    let left: Vec<f32> = (0..48_000 * 4).map(|i| (TAU * 997.0 * f64::from(i) / 48_000.0).sin() as f32).collect();
    let sound = Stereo { right: vec![0.0; left.len()], left };
    let measured = loudness(&sound, 48_000).unwrap();
    assert!((measured + 3.01).abs() < 0.02, "{measured}");
    assert_eq!(loudness(&Stereo::silent(48_000), 48_000), None);
    // A sine at a quarter of the sample rate, sampled at 45 degrees, peaks 3 dB above its samples.
    let swell = |i: i32| (f64::from(i) / 4_800.0 * TAU / 2.0).sin();
    let x: Vec<f32> =
        (0..4_800).map(|i| (0.5 * swell(i) * (TAU * (0.25 * f64::from(i) + 0.125)).sin()) as f32).collect();
    let peak = true_peak(&Stereo { left: x.clone(), right: x }).unwrap();
    assert!((peak + 6.02).abs() < 0.1, "{peak}");
}

#[test]
fn the_mix_has_its_loudness_peak_and_length() {
    let options = RenderOptions { sample_rate: 48_000, ..RenderOptions::default() };
    let mix = render(&band(8), &options).unwrap();
    assert_eq!(mix.frames(), (48_000.0 * (16.0 + 2.5)) as usize);
    assert!(mix.left.iter().chain(&mix.right).all(|x| x.is_finite()));
    let measured = loudness_by_the_book(&mix);
    assert!((measured + 16.0).abs() < 0.2, "{measured} LUFS");
    assert!((loudness(&mix, 48_000).unwrap() - measured).abs() < 0.05);
    assert!(true_peak_by_sinc(&mix) <= -1.0, "{} dBTP", true_peak_by_sinc(&mix));
    assert_eq!((mix.left.last(), mix.right.last()), (Some(&0.0), Some(&0.0)));
    let tail = &mix.left[mix.frames() - 4_800..];
    assert!(rms(tail) < 1e-3, "{}", rms(tail));
}

/// The highest value between samples, by long sums of sinc at eight places between the loudest samples.
fn true_peak_by_sinc(sound: &Stereo) -> f64 {
    let mut highest = 0.0_f64;
    for channel in [&sound.left, &sound.right] {
        let loudest = channel.iter().fold(0.0_f32, |m, x| m.max(x.abs()));
        for i in 0..channel.len() {
            if channel[i].abs() < 0.8 * loudest {
                continue;
            }
            for step in -8_i32..=8 {
                let at = i as f64 + f64::from(step) / 8.0;
                let near = i.saturating_sub(60)..(i + 60).min(channel.len());
                let value: f64 = near
                    .map(|k| {
                        let x = at - k as f64;
                        let window = (TAU * x / 244.0).cos().powi(2);
                        let sinc = if x.abs() < 1e-9 { 1.0 } else { (TAU * x / 2.0).sin() / (TAU * x / 2.0) };
                        f64::from(channel[k]) * sinc * window
                    })
                    .sum();
                highest = highest.max(value.abs());
            }
        }
    }
    20.0 * highest.log10()
}

#[test]
fn the_same_score_gives_the_same_bytes_and_another_seed_others() {
    let bytes = |seed: u64| wav(&render(&band(2), &RenderOptions { seed, ..RenderOptions::default() }).unwrap(), RATE);
    let one = bytes(1);
    assert_eq!(one, bytes(1));
    assert_ne!(one, bytes(2));
    assert_eq!(&one[..4], b"RIFF");
    assert_eq!(one.len(), 44 + 4 * ((4.0 + 2.5) * 44_100.0) as usize);
}

#[test]
fn the_melody_stands_in_front() {
    let stems = render_stems(&band(8), &RenderOptions::default()).unwrap();
    let level = |i: usize| loudness(&stems[i].sound, RATE).unwrap();
    assert!((3.0..=8.0).contains(&(level(0) - level(1))), "{} {}", level(0), level(1));
    assert!(level(2) < level(0) && level(3) < level(0));
}

#[test]
fn articulation_is_heard() {
    let with = |articulations: Vec<Articulation>| {
        let mut one = note(Time::ZERO, Time::QUARTER, pitched(&[67]), 80);
        one.articulations = articulations;
        let played = performance::played(
            &score(vec![part("a", Instrument::Pitched(0), vec![one])], 1),
            0,
            &Clock::of(&score(vec![], 1)),
            0.0,
            0,
        );
        (played[0].gate, played[0].force)
    };
    let plain = with(vec![]);
    assert!(with(vec![Articulation::Staccato]).0 < 0.6 * plain.0);
    assert!(with(vec![Articulation::Tenuto]).0 > plain.0);
    assert!(with(vec![Articulation::Accent]).1 > 1.1 * plain.1);
    assert!(with(vec![Articulation::Ghost]).1 < 0.5 * plain.1);
}

#[test]
fn an_open_hi_hat_is_choked_by_a_closed_one() {
    let hats = |second: u8| {
        let strokes = vec![
            note(Time::ZERO, Time::EIGHTH, Sound::Drums(vec![46]), 100),
            note(Time::EIGHTH, Time::EIGHTH, Sound::Drums(vec![second]), 20),
        ];
        let stems = render_stems(&score(vec![part("d", Instrument::Drums, strokes)], 1), &dry()).unwrap();
        rms(&stems[0].sound.left[17_000..22_000]) / rms(&stems[0].sound.left[..8_000])
    };
    assert!(hats(42) < 0.5 * hats(36), "{} {}", hats(42), hats(36));
}

#[test]
fn bad_requests_are_refused() {
    let long = score(vec![], 2_000);
    assert!(matches!(render(&long, &RenderOptions::default()), Err(RenderError::TooLong { .. })));
    let rate = RenderOptions { sample_rate: 1, ..RenderOptions::default() };
    assert_eq!(render(&score(vec![], 1), &rate), Err(RenderError::SampleRate(1)));
    let silence = render(&score(vec![], 1), &RenderOptions::default()).unwrap();
    assert!(silence.frames() > 0 && silence.left.iter().all(|x| *x == 0.0));
}
