//! Bars, parts and voices.

use super::super::DRUM_CHANNEL;
use super::bytes::{END_OF_TRACK, Event, File, Kind};
use super::clock::Clock;
use super::conductor::{Conductor, swing, text};
use super::graces;
use super::notes::{Span, pair};
use super::spelling;
use crate::reading::Diagnoses;
use crate::reading::assemble::{Head, Lines, Tone, voices};
use crate::score::{Clef, Instrument, Lyric, Measure, Note, Part, Syllabic, Transposition};
use crate::{Pitch, Score, Time};

/// What is read of a track before there are bars.
struct Track {
    name: String,
    /// What our own writer gives as the part's id.
    instrument: String,
    spans: Vec<Span>,
    /// The first program of each channel.
    programs: [Option<u8>; 16],
    lyrics: Vec<(i64, String)>,
    /// What is added to all times: for the patterns of format 2.
    offset: Time,
}

/// The score of a file.
pub(super) fn score(file: &File, log: &mut Diagnoses) -> Score {
    let clock = Clock { division: file.division, swing: swing(file) };
    let mut conductor = Conductor::default();
    let mut tracks = Vec::new();
    let mut end = Time::ZERO;
    for (index, events) in file.tracks.iter().enumerate() {
        let offset = if file.format == 2 { whole_bars(end) } else { Time::ZERO };
        for event in events {
            conductor.take(event, clock, offset);
        }
        let track = track(events, offset, &format!("track {}", index + 1), log);
        let reaches = events.iter().filter(|e| matches!(e.kind, Kind::Meta { kind: END_OF_TRACK, .. })).map(|e| e.tick);
        let last = track.spans.iter().map(|span| span.off).chain(reaches).max().unwrap_or(0);
        end = end.max(clock.written(last) + offset);
        tracks.push(track);
    }
    if file.format == 2 && file.tracks.len() > 1 {
        log.note("file", "Its tracks are independent patterns; they were put one after another.");
    }
    let measures = conductor.measures(end, log);
    let title = tracks.first().filter(|t| file.format == 0 || t.spans.is_empty()).map(|t| t.name.clone());
    let end = measures.last().map_or(Time::ZERO, Measure::end);
    let silent = conductor.names_no_key();
    let mut score = Score {
        title: title.unwrap_or_default(),
        creator: std::mem::take(&mut conductor.composer),
        tempos: conductor.tempos(),
        swing: clock.swing,
        sections: conductor.sections(&measures),
        chords: conductor.chords(end),
        signs: Vec::new(),
        section_order: Vec::new(),
        parts: parts(&tracks, file.format, clock, &measures, log),
        measures,
    };
    if silent {
        spelling::by_ear(&mut score, log);
    }
    score
}

fn whole_bars(end: Time) -> Time {
    let bars = end.div_floor(Time::WHOLE);
    let start = Time::WHOLE * bars;
    if start < end { start + Time::WHOLE } else { start }
}

fn track(events: &[Event], offset: Time, place: &str, log: &mut Diagnoses) -> Track {
    let mut track = Track {
        name: String::new(),
        instrument: String::new(),
        spans: graces::undo(events, pair(events, place, log)),
        programs: [None; 16],
        lyrics: Vec::new(),
        offset,
    };
    for event in events {
        match event.kind {
            Kind::Program { channel, program } => {
                track.programs[usize::from(channel & 15)].get_or_insert(program);
            }
            Kind::Meta { kind: 0x03, data } if track.name.is_empty() => track.name = text(data),
            Kind::Meta { kind: 0x04, data } if track.instrument.is_empty() => track.instrument = text(data),
            Kind::Meta { kind: 0x05, data } => track.lyrics.push((event.tick, lyric_text(data))),
            _ => {}
        }
    }
    track
}

/// The text of a lyric event, without the signs that karaoke files use for new lines. Its last blank or hyphen is kept:
/// it says whether the word goes on.
fn lyric_text(data: &[u8]) -> String {
    let decoded =
        std::str::from_utf8(data).map_or_else(|_| data.iter().map(|b| char::from(*b)).collect(), str::to_owned);
    decoded.trim_matches(['\0', '\r', '\n', '/', '\\']).to_owned()
}

fn parts(tracks: &[Track], format: u16, clock: Clock, measures: &[Measure], log: &mut Diagnoses) -> Vec<Part> {
    let mut out: Vec<Part> = Vec::new();
    for track in tracks {
        for channels in groups(track, format) {
            let mut id = track.instrument.clone();
            let valid = id.starts_with(|c: char| c.is_ascii_alphabetic())
                && id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
            if !valid || out.iter().any(|part| part.id == id) {
                id = format!("P{}", out.len() + 1);
            }
            out.push(part(track, &channels, id, clock, measures, log));
        }
    }
    out
}

/// The channels of a track, those of one part together. In a file of format 1, channels of one program are voices of
/// one part. A track without notes is a part only if it names an instrument.
fn groups(track: &Track, format: u16) -> Vec<Vec<u8>> {
    let mut groups: Vec<Vec<u8>> = Vec::new();
    let program = |channel: u8| track.programs[usize::from(channel & 15)].unwrap_or(0);
    for span in &track.spans {
        let channel = span.channel;
        if groups.iter().any(|group| group.contains(&channel)) {
            continue;
        }
        let joins = |group: &&mut Vec<u8>| {
            format == 1 && channel != DRUM_CHANNEL && group[0] != DRUM_CHANNEL && program(group[0]) == program(channel)
        };
        match groups.iter_mut().find(joins) {
            Some(group) => group.push(channel),
            None => groups.push(vec![channel]),
        }
    }
    if groups.is_empty() && !track.instrument.is_empty() {
        let used = track.programs.iter().position(Option::is_some).unwrap_or(0);
        groups.push(vec![used as u8]);
    }
    for group in &mut groups {
        group.sort_unstable();
    }
    groups
}

fn part(track: &Track, channels: &[u8], id: String, clock: Clock, measures: &[Measure], log: &mut Diagnoses) -> Part {
    let drums = channels == [DRUM_CHANNEL];
    let mut heads: Vec<Head> = Vec::new();
    for span in &track.spans {
        let Some(voice) = channels.iter().position(|channel| *channel == span.channel) else { continue };
        let onset = clock.written(span.on) + track.offset;
        let end = clock.written(span.off) + track.offset;
        let tone = if drums { Tone::Drum(span.key) } else { Tone::Pitch(spelled(span.key, onset, measures)) };
        heads.push(Head {
            onset,
            duration: (end - onset).max(Time::new(1, 480)),
            tone,
            voice,
            tied: (false, false),
            velocity: span.velocity,
            graces: span.graces.iter().map(|grace| grace.written(drums, onset, measures)).collect(),
            articulations: Vec::new(),
            lyrics: Vec::new(),
        });
    }
    let mut voices = voices(heads, channels.len(), Lines::ByPitch);
    sing(&mut voices, track, clock, log);
    let program = track.programs[usize::from(channels[0] & 15)].unwrap_or(0);
    let clef = if drums { Clef::Percussion } else { clef(&voices) };
    Part {
        id,
        name: track.name.clone(),
        short_name: String::new(),
        instrument: if drums { Instrument::Drums } else { Instrument::Pitched(program) },
        clef,
        transposition: Transposition::NONE,
        dynamics: Vec::new(),
        voices,
    }
}

/// MIDI has no spelling: it comes from the key of the bar.
pub(super) fn spelled(key: u8, at: Time, measures: &[Measure]) -> Pitch {
    let midi = i32::from(key);
    let bar = measures.partition_point(|bar| bar.start <= at).saturating_sub(1);
    let name = measures.get(bar).map(|bar| bar.key.spell(midi.rem_euclid(12)));
    name.map_or_else(|| Pitch::from_midi(midi, crate::PitchName::C), |name| Pitch::from_midi(midi, name))
}

fn clef(voices: &[Vec<Note>]) -> Clef {
    let pitches: Vec<i32> = voices.iter().flatten().flat_map(Note::pitches).map(|p| p.midi()).collect();
    let mean = pitches.iter().sum::<i32>() / (pitches.len() as i32).max(1);
    if !pitches.is_empty() && mean < 55 { Clef::Bass } else { Clef::Treble }
}

/// Puts each lyric event under the note that starts with it. A syllable that is followed, without a rest, by notes that
/// have none is held over them.
fn sing(voices: &mut [Vec<Note>], track: &Track, clock: Clock, log: &mut Diagnoses) {
    let mut inside = false;
    let mut lost = 0;
    for (tick, text) in &track.lyrics {
        let goes_on = text.trim_end().ends_with('-');
        let word = text.trim().trim_matches('-').trim();
        if word.is_empty() {
            continue;
        }
        let place = Syllabic::between(inside, goes_on);
        inside = goes_on;
        let at = clock.written(*tick) + track.offset;
        let note = voices.iter_mut().find_map(|voice| {
            let index = voice.binary_search_by_key(&at, |note| note.onset).ok()?;
            voice.get_mut(index).filter(|note| note.lyrics.is_empty())
        });
        match note {
            Some(note) => note.lyrics.push(Lyric { verse: 1, text: word.to_owned(), place, melisma: false }),
            None => lost += 1,
        }
    }
    if lost > 0 {
        log.note(format!("track {}", track.name), format!("{lost} syllables stand under no note; they were left out."));
    }
    for voice in voices {
        let held: Vec<bool> = voice
            .windows(2)
            .map(|pair| !pair[0].lyrics.is_empty() && pair[1].lyrics.is_empty() && pair[0].end() == pair[1].onset)
            .collect();
        for (note, held) in voice.iter_mut().zip(held) {
            for lyric in &mut note.lyrics {
                lyric.melisma = held;
            }
        }
    }
}
