use super::*;
use crate::audio::{RenderError, RenderOptions, ogg, render_stems};
use crate::score::{Clef, Measure, Meter, Note, Part, Sound, Tempo, Transposition};
use crate::{Pitch, PitchName, Time};
use std::f64::consts::TAU;

const RATE: u32 = 44_100;

/// A second of A4 as frames.
fn sine() -> Vec<f32> {
    (0..RATE).map(|i| (0.5 * (TAU * 440.0 * f64::from(i) / f64::from(RATE)).sin()) as f32).collect()
}

fn chunk(name: &[u8], body: Vec<u8>) -> Vec<u8> {
    let padding = vec![0; body.len() % 2];
    [name.to_vec(), (body.len() as u32).to_le_bytes().to_vec(), body, padding].concat()
}

fn words(numbers: &[u16]) -> Vec<u8> {
    numbers.iter().flat_map(|n| n.to_le_bytes()).collect()
}

fn header(name: &str, size: usize) -> Vec<u8> {
    let mut out = name.as_bytes().to_vec();
    out.resize(size, 0);
    out
}

/// A font of one preset, whose only sample is `samples`, from byte or frame 0 to `end`, looped over whole periods.
fn font(samples: Vec<u8>, end: u32, kind: u16, padded: bool) -> Vec<u8> {
    let places = [0, end, 0, 44_100].iter().flat_map(|n: &u32| n.to_le_bytes()).collect::<Vec<u8>>();
    let sample = [header("sine", 20), places, RATE.to_le_bytes().to_vec(), vec![69, 0], words(&[0, kind])].concat();
    let preset = |name: &str, bag: u16| [header(name, 20), words(&[0, 0, bag]), vec![0; 12]].concat();
    let instrument = |name: &str, bag: u16| [header(name, 20), words(&[bag])].concat();
    let tables = [
        chunk(b"phdr", [preset("piano", 0), preset("EOP", 1)].concat()),
        chunk(b"pbag", words(&[0, 0, 1, 0])),
        chunk(b"pmod", vec![0; 10]),
        chunk(b"pgen", words(&[41, 0, 0, 0])),
        chunk(b"inst", [instrument("piano", 0), instrument("EOI", 1)].concat()),
        chunk(b"ibag", words(&[0, 0, 2, 0])),
        chunk(b"imod", vec![0; 10]),
        chunk(b"igen", words(&[54, 1, 53, 0, 0, 0])),
        chunk(b"shdr", [sample, header("EOS", 46)].concat()),
    ];
    let mut smpl = chunk(b"smpl", samples);
    if !padded && smpl.len().is_multiple_of(2) {
        smpl.pop();
    }
    let information = chunk(b"LIST", [b"INFO".to_vec(), chunk(b"ifil", vec![2, 0, 1, 0])].concat());
    let sdta = [b"sdta".to_vec(), smpl].concat();
    let sdta = [b"LIST".to_vec(), (sdta.len() as u32).to_le_bytes().to_vec(), sdta].concat();
    let pdta = chunk(b"LIST", [b"pdta".to_vec(), tables.concat()].concat());
    chunk(b"RIFF", [b"sfbk".to_vec(), information, sdta, pdta].concat())
}

fn sf2() -> Vec<u8> {
    let samples = sine().into_iter().chain([0.0; 46]).flat_map(|x| ((x * 32_767.0) as i16).to_le_bytes()).collect();
    font(samples, RATE, 1, true)
}

/// The same with its sample as an Ogg stream of odd length, without the padding, as well-known fonts have it.
fn sf3() -> Vec<u8> {
    let sound = Stereo { left: sine(), right: sine() };
    let mut stream = ogg(&sound, RATE).unwrap();
    let end = stream.len() as u32;
    if stream.len().is_multiple_of(2) {
        stream.push(0);
    }
    font(stream, end, 0x11, false)
}

fn score(instrument: Instrument) -> Score {
    let sound = match instrument {
        Instrument::Drums => Sound::Drums(vec![57]),
        Instrument::Pitched(_) => Sound::Pitched(vec![Pitch::from_midi(57, PitchName::C)]),
    };
    let (onset, duration) = (Time::ZERO, Time::WHOLE);
    let note = Note {
        onset,
        duration,
        sound,
        velocity: 90,
        graces: vec![],
        articulations: vec![],
        lyrics: vec![],
        origin: None,
    };
    let part = Part {
        id: "a".to_owned(),
        name: String::new(),
        short_name: String::new(),
        instrument,
        clef: Clef::Treble,
        transposition: Transposition::NONE,
        dynamics: vec![],
        voices: vec![vec![note]],
    };
    let key = "C".parse().unwrap();
    let measure = Measure { number: 1, start: Time::ZERO, length: Time::WHOLE, meter: Meter::COMMON, key };
    let tempo = Tempo { at: Time::ZERO, milli_bpm: 120_000, text: None };
    Score { measures: vec![measure], tempos: vec![tempo], parts: vec![part], ..Score::default() }
}

fn sounded(font: &[u8], instrument: Instrument) -> Result<Vec<f32>, RenderError> {
    let font = Some(SoundFont::read(font)?);
    let options = RenderOptions { room: 0.0, looseness: 0.0, font, ..RenderOptions::default() };
    Ok(render_stems(&score(instrument), &options)?.remove(0).sound.left)
}

/// The pitch of a stretch by its upward crossings of zero, in hertz.
fn pitch(signal: &[f32]) -> f64 {
    let crossings: Vec<usize> = (1..signal.len()).filter(|i| signal[i - 1] < 0.0 && signal[*i] >= 0.0).collect();
    let periods = crossings.len().saturating_sub(1) as f64;
    periods * f64::from(RATE) / (crossings.last().unwrap() - crossings[0]) as f64
}

#[test]
fn a_sample_sounds_at_its_pitch_for_as_long_as_the_note() {
    for (name, font) in [("sf2", sf2()), ("sf3", sf3())] {
        let sound = sounded(&font, Instrument::Pitched(0)).unwrap();
        // The sample lasts a second; the note lasts two and lies an octave lower.
        let late = pitch(&sound[66_000..80_000]);
        assert!((late - 220.0).abs() < 1.0, "{name}: {late} Hz");
        let loudest = |part: &[f32]| part.iter().fold(0.0_f32, |most, x| most.max(x.abs()));
        assert!(loudest(&sound[66_000..80_000]) > 0.05, "{name}");
        assert!(loudest(&sound[150_000..]) < 0.001, "{name}");
    }
}

#[test]
fn a_missing_preset_is_played_by_the_first() {
    for instrument in [Instrument::Pitched(73), Instrument::Drums] {
        let sound = sounded(&sf3(), instrument).unwrap();
        assert!(sound.iter().any(|x| x.abs() > 0.05), "{instrument:?}");
    }
}

#[test]
fn samples_that_nobody_needs_are_not_decoded() {
    let bytes = sf3();
    let font = riff::Font::open(&bytes).unwrap();
    assert!(sf3::is_compressed(&font));
    let all = sf3::decoded(&font, &BTreeSet::from([(0, 0)])).unwrap();
    assert!(all.len() > 80_000);
    assert!(!sf3::is_compressed(&riff::Font::open(&all).unwrap()));
}

#[test]
fn what_is_no_font_or_damaged_is_refused() {
    assert_eq!(SoundFont::read(b"MThd"), Err(FontError::Foreign));
    assert_eq!(SoundFont::read(b""), Err(FontError::Foreign));
    for whole in [sf2(), sf3()] {
        for length in (0..whole.len()).step_by(whole.len() / 150) {
            // A shorter sample can still be a font; none may be a panic.
            let _ = sounded(&whole[..length], Instrument::Pitched(0));
        }
        assert!(sounded(&whole[..whole.len() - 400], Instrument::Pitched(0)).is_err());
    }
    let mut torn = sf3();
    let stream = torn.windows(4).position(|w| w == b"OggS").unwrap();
    torn[stream + 40..stream + 400].fill(0xFF);
    assert!(matches!(sounded(&torn, Instrument::Pitched(0)), Err(RenderError::Font(FontError::Damaged(_)))));
}

#[test]
fn compressed_sound_is_much_smaller_and_the_same_each_time() {
    let sound = Stereo { left: sine(), right: sine() };
    let bytes = ogg(&sound, RATE).unwrap();
    assert!(bytes.starts_with(b"OggS"));
    assert!(bytes.len() * 5 < crate::audio::wav(&sound, RATE).len());
    assert_eq!(bytes, ogg(&sound, RATE).unwrap());
    assert!(ogg(&sound, 0).is_err());
}
