//! Random valid scores.

use crate::samples;
use eduai_music::play::Sign;
use eduai_music::score::{
    Articulation, ChordSymbol, Clef, Dynamic, DynamicMark, Grace, GraceValue, Instrument, Loudness, Lyric, Measure,
    Meter, Note, Part, Score, Section, Sound, Swing, SwingUnit, Syllabic, Tempo, Transposition,
};
use eduai_music::{Chord, ChordKind, Key, Mode, Pitch, PitchName, Time};
use proptest::prelude::*;

/// Divisions of a beat that a composer may use, and the odd ones that a reader of real files meets.
fn durations() -> impl Strategy<Value = Time> {
    let halves = (1_i64..=24).prop_map(|n| Time::new(n, 4));
    let fine = (1_i64..=16).prop_map(|n| Time::new(n, 8));
    let triplets = (1_i64..=12).prop_map(|n| Time::new(n, 3));
    let sextuplets = (1_i64..=12).prop_map(|n| Time::new(n, 6));
    let quintuplets = (1_i64..=10).prop_map(|n| Time::new(n, 5));
    prop_oneof![8 => halves, 2 => fine, 3 => triplets, 1 => sextuplets, 1 => quintuplets]
}

fn meters() -> impl Strategy<Value = Meter> {
    prop::sample::select(vec![(4, 4), (3, 4), (2, 4), (6, 8), (12, 8), (5, 4), (7, 8), (2, 2), (5, 8), (9, 8)])
        .prop_map(|(beats, unit)| Meter { beats, unit })
}

fn keys() -> impl Strategy<Value = Key> {
    (-7_i32..=7, prop::sample::select(Mode::ALL.to_vec()))
        .prop_map(|(fifths, mode)| Key::new(PitchName::from_fifths(fifths - mode.signature_offset()), mode))
}

fn measures() -> impl Strategy<Value = Vec<Measure>> {
    let stretches = prop::collection::vec((meters(), keys(), 1_usize..4), 1..4);
    (stretches, any::<bool>()).prop_map(|(stretches, pickup)| {
        let mut out: Vec<Measure> = Vec::new();
        for (meter, key, count) in stretches {
            for _ in 0..count {
                let first = out.is_empty() && pickup && meter.beats > 1;
                let length = if first { Time::new(4, i64::from(meter.unit)) } else { meter.length() };
                let start = out.last().map_or(Time::ZERO, Measure::end);
                let number = out.last().map_or(u32::from(!first), |bar| bar.number + 1);
                out.push(Measure { number, start, length, meter, key });
            }
        }
        out
    })
}

fn pitch() -> impl Strategy<Value = Pitch> {
    (40_i32..88, -6_i32..=11).prop_map(|(midi, near)| {
        let plain = Pitch::from_midi(midi, PitchName::C).name();
        Pitch::from_midi(midi, plain.simplest(near))
    })
}

fn sound(drums: bool) -> BoxedStrategy<Sound> {
    if drums {
        prop::collection::btree_set(35_u8..=81, 1..3).prop_map(|keys| Sound::Drums(keys.into_iter().collect())).boxed()
    } else {
        prop::collection::btree_set(pitch(), 1..4)
            .prop_map(|pitches| {
                // Two spellings of one key would be one key to MIDI.
                let mut pitches: Vec<Pitch> = pitches.into_iter().collect();
                pitches.dedup_by_key(|pitch| pitch.midi());
                Sound::Pitched(pitches)
            })
            .boxed()
    }
}

/// Rest before, duration, sound, velocity, articulation, syllable, grace notes.
type Raw = (Option<Time>, Time, Sound, u8, Option<Articulation>, Option<(String, bool, bool)>, Vec<Grace>);

fn grace(drums: bool) -> impl Strategy<Value = Grace> {
    (sound(drums), prop::sample::select(GraceValue::ALL.to_vec()), any::<bool>())
        .prop_map(|(sound, value, slashed)| Grace { sound, value, slashed })
}

fn raw(drums: bool) -> impl Strategy<Value = Raw> {
    let marks = vec![Articulation::Staccato, Articulation::Tenuto, Articulation::Accent, Articulation::Ghost];
    let syllable = ("[a-zA-Zñé'&<>,.]{1,6}", any::<bool>(), any::<bool>());
    (
        prop::option::weighted(0.2, durations()),
        durations(),
        sound(drums),
        1_u8..=127,
        prop::option::weighted(0.2, prop::sample::select(marks)),
        prop::option::weighted(if drums { 0.001 } else { 0.6 }, syllable),
        prop_oneof![4 => Just(Vec::new()), 1 => prop::collection::vec(grace(drums), 1..4)],
    )
}

fn voice(raw: Vec<Raw>, end: Time) -> Vec<Note> {
    let mut at = Time::ZERO;
    let mut inside = false;
    let mut notes = Vec::new();
    for (rest, duration, sound, velocity, articulation, syllable, graces) in raw {
        at += rest.unwrap_or(Time::ZERO);
        if at + duration > end {
            break;
        }
        let lyrics = syllable.map(|(text, goes_on, melisma)| {
            let place = match (inside, goes_on) {
                (false, false) => Syllabic::Single,
                (false, true) => Syllabic::Begin,
                (true, true) => Syllabic::Middle,
                (true, false) => Syllabic::End,
            };
            inside = goes_on;
            Lyric { verse: 1, text, place, melisma }
        });
        let articulations = articulation.into_iter().collect();
        let lyrics = lyrics.into_iter().collect();
        notes.push(Note { onset: at, duration, sound, velocity, graces, articulations, lyrics, origin: None });
        at += duration;
    }
    notes
}

/// Marks at places of a part in eighths of its length, hairpins one after another.
fn dynamics() -> impl Strategy<Value = Vec<(usize, u8)>> {
    prop::collection::vec((0_usize..8, 0_u8..14), 0..6)
}

fn dynamics_of(raw: Vec<(usize, u8)>, end: Time) -> Vec<Dynamic> {
    let mut out: Vec<Dynamic> = raw
        .into_iter()
        .map(|(place, kind)| {
            let (at, until) = (end * place as i64 / 8, end * (place as i64 + 1) / 8);
            let mark = match kind {
                0..10 => DynamicMark::Level(Loudness::ALL[usize::from(kind)]),
                10 | 11 => DynamicMark::Sforzando,
                12 => DynamicMark::Crescendo { until },
                _ => DynamicMark::Diminuendo { until },
            };
            Dynamic { at, mark }
        })
        .collect();
    out.sort();
    out.dedup();
    out
}

/// The intervals of instruments in use, one read enharmonically, and most often none.
fn transpositions() -> impl Strategy<Value = Transposition> {
    let used = [-2, -9, -14, -7, -3, 12, 3, -21].map(Transposition::of_semitones);
    let odd = Transposition::new(-2, -2).unwrap();
    let used = used.into_iter().chain([odd]).collect::<Vec<_>>();
    prop_oneof![2 => Just(Transposition::NONE), 1 => prop::sample::select(used)]
}

type RawPart = (Instrument, Clef, Vec<Vec<Raw>>, Transposition, Vec<(usize, u8)>);

fn part(index: usize) -> impl Strategy<Value = RawPart> {
    let drums = index == 2;
    let clefs = vec![Clef::Treble, Clef::TrebleOctaveDown, Clef::Bass, Clef::BassOctaveDown, Clef::Alto];
    (
        0_u8..128,
        prop::sample::select(clefs),
        prop::collection::vec(prop::collection::vec(raw(drums), 1..24), 1..3),
        transpositions(),
        dynamics(),
    )
        .prop_map(move |(program, clef, voices, transposition, dynamics)| {
            if drums {
                (Instrument::Drums, Clef::Percussion, voices, Transposition::NONE, dynamics)
            } else {
                (Instrument::Pitched(program), clef, voices, transposition, dynamics)
            }
        })
}

fn chord() -> impl Strategy<Value = Chord> {
    let name = || (-6_i32..=8).prop_map(PitchName::from_fifths);
    (name(), prop::sample::select(ChordKind::ALL.to_vec()), prop::option::weighted(0.3, name()))
        .prop_map(|(root, kind, bass)| Chord { root, kind, bass: bass.filter(|bass| *bass != root) })
}

/// Where a repeat starts and ends, how often it is played, whether it has endings, and whether a jump follows.
type RawSigns = (usize, usize, u8, bool, Option<bool>);

fn signs() -> impl Strategy<Value = Option<RawSigns>> {
    prop::option::of((0_usize..12, 0_usize..12, 2_u8..5, any::<bool>(), any::<Option<bool>>()))
}

/// Signs as they stand in music: a repeat inside the piece, a jump at its end.
fn signs_of(raw: Option<RawSigns>, bars: usize) -> Vec<(usize, Sign)> {
    let Some((one, other, times, endings, jump)) = raw else { return Vec::new() };
    let (start, end) = (one.min(other) % bars, one.max(other) % bars);
    let (start, end) = (start.min(end), start.max(end));
    let mut signs = vec![(start, Sign::RepeatStart)];
    if endings && end + 1 < bars && end > start {
        signs.extend([(end, Sign::Ending(vec![1])), (end, Sign::RepeatEnd(2)), (end + 1, Sign::Ending(vec![2]))]);
    } else {
        signs.push((end, Sign::RepeatEnd(times)));
    }
    match jump {
        Some(true) => signs.extend([(start, Sign::Fine), (bars - 1, Sign::DaCapo)]),
        Some(false) => signs.extend([(start, Sign::Segno), (end, Sign::ToCoda), (bars - 1, Sign::DalSegno)]),
        None => {}
    }
    signs.sort();
    signs.dedup();
    signs
}

/// A score as the composer might make it, though it would not sound like music.
pub fn score() -> impl Strategy<Value = Score> {
    let parts = (1_usize..=3).prop_flat_map(|count| (0..count).map(part).collect::<Vec<_>>());
    let tempos = prop::collection::vec((20_000_u32..300_000, prop::option::of("[A-Z]l[a-z]{1,8}")), 1..3);
    let swing = prop::option::of((any::<bool>(), 500_u16..=750));
    (measures(), parts, tempos, swing, prop::collection::vec(chord(), 0..6), any::<bool>(), signs()).prop_map(
        |(measures, parts, tempos, swing, chords, sectioned, signs)| {
            let (end, bars) = (measures.last().unwrap().end(), measures.len());
            let step = (end / 4).quantised(Time::SIXTEENTH).max(Time::SIXTEENTH);
            let tempos = tempos.into_iter().enumerate().map(|(i, (milli_bpm, text))| Tempo {
                at: step * i as i64,
                milli_bpm,
                text,
            });
            let swing = swing.map(|(eighth, first_milli)| Swing {
                unit: if eighth { SwingUnit::Eighth } else { SwingUnit::Sixteenth },
                first_milli,
            });
            let sections = if sectioned {
                let half = measures.len() / 2;
                let all = [("A", 0, half), ("Verse 2", half, measures.len() - half)];
                all.into_iter()
                    .filter(|s| s.2 > 0)
                    .map(|(label, first, bars)| Section { label: label.into(), first, bars })
                    .collect()
            } else {
                Vec::new()
            };
            let span = end / 8;
            let chords: Vec<ChordSymbol> = chords
                .into_iter()
                .enumerate()
                .map(|(i, chord)| ChordSymbol { at: span * i as i64, duration: span, chord })
                .collect();
            let parts = parts
                .into_iter()
                .enumerate()
                .map(|(index, (instrument, clef, voices, transposition, dynamics))| {
                    let mut voices: Vec<Vec<Note>> = voices.into_iter().map(|raw| voice(raw, end)).collect();
                    // Two singers on one staff of words could not be told apart in MIDI.
                    voices.iter_mut().skip(1).flatten().for_each(|note| note.lyrics.clear());
                    while voices.len() > 1 && voices.last().is_some_and(Vec::is_empty) {
                        voices.pop();
                    }
                    let part = samples::part(&format!("p{index}"), &format!("Part {index}"), instrument, clef, voices);
                    Part { transposition, dynamics: dynamics_of(dynamics, end), ..part }
                })
                .collect();
            Score {
                title: "A <random> & valid score".to_owned(),
                creator: "Chance".to_owned(),
                measures,
                tempos: tempos.collect(),
                swing,
                sections,
                chords,
                signs: signs_of(signs, bars),
                section_order: Vec::new(),
                parts,
            }
        },
    )
}
