//! Writing MIDI.

use super::events::{Rank, Track, chunk};
use super::graces::{Graces, Ornamented};
use super::{DRUM_CHANNEL, TEXT, TICKS};
use crate::score::{Instrument, Lyric, Measure, Meter, Part, Sound, SwingUnit, Syllabic};
use crate::theory::Mode;
use crate::{Note, Score, Time};

const TRACK_NAME: u8 = 0x03;
const INSTRUMENT: u8 = 0x04;
const LYRIC: u8 = 0x05;
const MARKER: u8 = 0x06;
const TEMPO: u8 = 0x51;
const METER: u8 = 0x58;
const KEY: u8 = 0x59;

/// The score as a MIDI file of format 1, 480 ticks a quarter note: a conductor's track, then a track for each part. The
/// same score gives the same bytes.
///
/// Notes start and end when they are played ([`Score::played`]), rounded to the tick, and last one tick at least. Grace
/// notes are played as [`crate::play::graces`] says.
/// Percussion is on channel 10 and nothing else is; where there are more than 15 pitched parts they share channels, and
/// each sends its program before its notes.
pub fn write(score: &Score) -> Vec<u8> {
    let last = score.parts.iter().flat_map(Part::notes).map(Note::end).max();
    let end = score.played(score.end().max(last.unwrap_or(Time::ZERO))).ticks(TICKS);
    let channels = channels(score);
    let mut out = chunk(*b"MThd", &header(score.parts.len() + 1));
    out.extend(conductor(score).chunk(end));
    for (index, part) in score.parts.iter().enumerate() {
        out.extend(track(score, part, index, &channels[index]).chunk(end));
    }
    out
}

fn header(tracks: usize) -> Vec<u8> {
    let mut bytes = vec![0, 1];
    bytes.extend((tracks as u16).to_be_bytes());
    bytes.extend((TICKS as u16).to_be_bytes());
    bytes
}

fn conductor(score: &Score) -> Track {
    let mut track = Track::default();
    track.meta(0, Rank::Name, TRACK_NAME, score.title.as_bytes());
    let text = |track: &mut Track, tick: i64, text: &str| track.meta(tick, Rank::Text, TEXT, text.as_bytes());
    if !score.creator.is_empty() {
        text(&mut track, 0, &format!("composer {}", score.creator));
    }
    if let Some(swing) = score.swing {
        let unit = match swing.unit {
            SwingUnit::Eighth => "eighth",
            SwingUnit::Sixteenth => "sixteenth",
        };
        text(&mut track, 0, &format!("swing {unit} {}", swing.first_milli));
    }
    for tempo in &score.tempos {
        let tick = tempo.at.ticks(TICKS);
        let milli = u64::from(tempo.milli_bpm.max(1));
        let micros = ((60_000_000_000 + milli / 2) / milli).clamp(1, 0xFF_FFFF) as u32;
        track.meta(tick, Rank::Setup, TEMPO, &micros.to_be_bytes()[1..]);
        if let Some(words) = &tempo.text {
            text(&mut track, tick, &format!("tempo {words}"));
        }
    }
    meters_and_keys(score, &mut track);
    for section in &score.sections {
        if let Some(bar) = score.measures.get(section.first) {
            track.meta(bar.start.ticks(TICKS), Rank::Text, MARKER, section.label.as_bytes());
        }
    }
    for (index, symbol) in score.chords.iter().enumerate() {
        text(&mut track, symbol.at.ticks(TICKS), &format!("chord {}", symbol.chord));
        let end = symbol.at + symbol.duration;
        let next = score.chords.get(index + 1).map_or(score.end(), |next| next.at);
        if end < next {
            text(&mut track, end.ticks(TICKS), "chord N.C.");
        }
    }
    track
}

fn meters_and_keys(score: &Score, track: &mut Track) {
    let mut meter = None;
    let mut key = None;
    for bar in &score.measures {
        let tick = bar.start.ticks(TICKS);
        let sounding = sounding_meter(bar);
        if meter != Some((sounding, bar.meter)) {
            let power = sounding.unit.max(1).trailing_zeros() as u8;
            let clocks = (sounding.beat().as_f64() * 24.0).clamp(1.0, 255.0) as u8;
            track.meta(tick, Rank::Setup, METER, &[sounding.beats, power, clocks, 8]);
            if sounding != bar.meter {
                track.meta(tick, Rank::Text, TEXT, format!("meter {}", bar.meter).as_bytes());
            }
            meter = Some((sounding, bar.meter));
        }
        if key != Some(bar.key) {
            let fifths = bar.key.signature().clamp(-7, 7) as i8;
            track.meta(tick, Rank::Setup, KEY, &[fifths as u8, u8::from(bar.key.mode.is_minor())]);
            if !matches!(bar.key.mode, Mode::Major | Mode::Minor) {
                track.meta(tick, Rank::Text, TEXT, format!("key {}", bar.key).as_bytes());
            }
            key = Some(bar.key);
        }
    }
}

/// The meter that makes a program count the bar as long as it is: that of the score, or a shorter one for a pickup.
fn sounding_meter(bar: &Measure) -> Meter {
    if bar.length == bar.meter.length() {
        return bar.meter;
    }
    let fits = |unit: u8| {
        let beats = bar.length * i64::from(unit) / 4;
        let beats = u8::try_from(beats.numerator()).ok().filter(|b| *b > 0 && beats.denominator() == 1)?;
        Some(Meter { beats, unit })
    };
    [4, bar.meter.unit, 8, 16, 32, 64].into_iter().find_map(fits).unwrap_or(bar.meter)
}

/// The channels of each part, one for each of its voices: all the same, except where two voices hold one key at the
/// same time and channels are left over. On one channel nobody could tell whose note ends first.
fn channels(score: &Score) -> Vec<Vec<u8>> {
    let pitched = |part: &&Part| part.instrument != Instrument::Drums;
    let parts = score.parts.iter().filter(pitched).count();
    let mut spare = 15_usize.saturating_sub(parts);
    let mut free = (0..16_u8).filter(|c| *c != DRUM_CHANNEL).cycle();
    let mut next = || free.next().unwrap_or(0);
    let of_part = |part: &Part| {
        if part.instrument == Instrument::Drums {
            return vec![DRUM_CHANNEL; part.voices.len().max(1)];
        }
        let first = next();
        let more = part.voices.len().saturating_sub(1);
        let own = more <= spare && collides(part);
        spare -= if own { more } else { 0 };
        std::iter::once(first).chain((0..more).map(|_| if own { next() } else { first })).collect()
    };
    score.parts.iter().map(of_part).collect()
}

/// Whether two voices of a part hold the same key at the same time.
fn collides(part: &Part) -> bool {
    let mut held: Vec<(i32, Time, Time, usize)> = Vec::new();
    for (voice, notes) in part.voices.iter().enumerate() {
        for note in notes {
            held.extend(note.pitches().iter().map(|p| (p.midi(), note.onset, note.end(), voice)));
            // Grace notes sound some time around the start of their note.
            let (from, to) = (note.onset - Time::EIGHTH, note.end());
            let graces = note.graces.iter().flat_map(|grace| grace.sound.pitches());
            held.extend(graces.map(|p| (p.midi(), from, to, voice)));
        }
    }
    held.sort();
    held.windows(2).any(|pair| pair[0].0 == pair[1].0 && pair[1].1 < pair[0].2 && pair[0].3 != pair[1].3)
}

fn track(score: &Score, part: &Part, index: usize, channels: &[u8]) -> Track {
    let mut track = Track::default();
    track.meta(0, Rank::Name, TRACK_NAME, part.name.as_bytes());
    track.meta(0, Rank::Name, INSTRUMENT, part.id.as_bytes());
    let mut seen = Vec::new();
    for channel in channels {
        if !seen.contains(channel) {
            seen.push(*channel);
            setup(&mut track, part, *channel, index, score.parts.len());
        }
    }
    let mut graces = Graces::default();
    for (voice, notes) in part.voices.iter().enumerate() {
        let channel = channels.get(voice).copied().unwrap_or(0);
        let mut before = None;
        let mut ornamented: Vec<Ornamented> = Vec::with_capacity(notes.len());
        for note in notes.iter().filter(|note| note.duration > Time::ZERO && note.onset >= Time::ZERO) {
            let (on, off) = (score.played(note.onset).ticks(TICKS), score.played(note.end()).ticks(TICKS));
            ornamented.push(Ornamented::of(note, before.replace(on), (on, off)));
        }
        for (index, played) in ornamented.iter().enumerate() {
            let before = index.checked_sub(1).map(|before| &ornamented[before]);
            graces.write(&mut track, played, channel, before);
            let end = played.end(ornamented.get(index + 1));
            for key in &played.keys {
                track.note(played.start(), end, channel, *key, played.note.velocity);
            }
            if let Some(lyric) = played.note.lyrics.iter().find(|lyric| lyric.verse <= 1) {
                track.meta(played.on, Rank::Text, LYRIC, syllable(lyric).as_bytes());
            }
        }
    }
    track
}

/// Program, volume and place. Singers and drums stand in the middle; the others alternate to the left and the right, a
/// little further out each time.
fn setup(track: &mut Track, part: &Part, channel: u8, index: usize, parts: usize) {
    let program = match part.instrument {
        Instrument::Pitched(program) => program.min(127),
        Instrument::Drums => 0,
    };
    let centred = part.instrument == Instrument::Drums
        || part.notes().any(|note| !note.lyrics.is_empty())
        || matches!(part.instrument, Instrument::Pitched(32..=39));
    let step = (40 / parts.max(1)).clamp(2, 12) * index.div_ceil(2);
    let pan = if centred {
        64
    } else if index % 2 == 1 {
        64 - step.min(48)
    } else {
        64 + step.min(48)
    };
    let sings = part.notes().any(|note| !note.lyrics.is_empty());
    let volume = if sings || index == 0 { 104 } else { 92 };
    track.push(0, Rank::Setup, vec![0xC0 | channel, program]);
    track.push(0, Rank::Setup, vec![0xB0 | channel, 7, volume]);
    track.push(0, Rank::Setup, vec![0xB0 | channel, 10, pan as u8]);
}

/// The MIDI keys of a sound, those outside 0 to 127 left out.
pub(super) fn keys(sound: &Sound) -> Vec<u8> {
    match sound {
        Sound::Pitched(pitches) => {
            pitches.iter().filter_map(|p| u8::try_from(p.midi()).ok().filter(|key| *key < 128)).collect()
        }
        Sound::Drums(keys) => keys.iter().copied().filter(|key| *key < 128).collect(),
    }
}

/// A syllable as the lyric event says it: a hyphen at its end when the word goes on, a space when it does not.
fn syllable(lyric: &Lyric) -> String {
    match lyric.place {
        Syllabic::Begin | Syllabic::Middle => format!("{}-", lyric.text),
        Syllabic::Single | Syllabic::End => format!("{} ", lyric.text),
    }
}
