//! One line out of a texture.

use eduai_music::score::{Instrument, Lyric, Note, Part, Sound};
use eduai_music::{Pitch, Time};
use serde::{Deserialize, Serialize};

/// A line that was taken out of a piece, its times counted from the first bar line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The name of the part that it comes from.
    pub name: String,
    /// The General MIDI program of that part; none for drums.
    pub program: Option<u8>,
    /// Its notes, in order, none overlapping the next; an upbeat has negative times.
    pub notes: Vec<Note>,
}

impl Line {
    /// The middle of its range, weighted by time, as a MIDI number; none without pitches.
    pub fn middle(&self) -> Option<i32> {
        let weighed = |n: &Note| Some((f64::from(n.top()?.midi()) * n.duration.as_f64(), n.duration.as_f64()));
        let (sum, time) = self.notes.iter().filter_map(weighed).fold((0.0, 0.0), |(a, b), (x, y)| (a + x, b + y));
        (time > 0.0).then(|| (sum / time).round() as i32)
    }
}

/// Which end of the texture is followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Edge {
    Top,
    Bottom,
}

/// How far below a held note another one may begin and still be its melody's next: a fourth is a leap, more is an
/// accompaniment.
const ACCOMPANYING: i32 = 4;

/// The upper line of a part: at every onset the highest pitch, without what begins well below a note that is held.
pub fn skyline(part: &Part) -> Vec<Note> {
    edge(part, Edge::Top)
}

pub(crate) fn edge(part: &Part, which: Edge) -> Vec<Note> {
    let mut notes: Vec<&Note> = part.notes().filter(|n| !n.pitches().is_empty() && n.duration > Time::ZERO).collect();
    let sign = if which == Edge::Top { 1 } else { -1 };
    let pitch = |n: &Note| -> Option<Pitch> { if which == Edge::Top { n.top() } else { n.pitches().first().copied() } };
    let rank = |n: &Note| pitch(n).map_or(i32::MIN, |p| sign * p.midi());
    notes.sort_by(|a, b| a.onset.cmp(&b.onset).then(rank(b).cmp(&rank(a))));
    let mut line: Vec<Note> = Vec::new();
    for note in notes {
        let Some(own) = pitch(note) else { continue };
        if let Some(last) = line.last_mut() {
            let held = last.end() > note.onset;
            let under = rank(last) > sign * own.midi() + if which == Edge::Top { ACCOMPANYING } else { 0 };
            if last.onset == note.onset || (held && under) {
                continue;
            }
            last.duration = last.duration.min(note.onset - last.onset);
        }
        line.push(Note { sound: Sound::Pitched(vec![own]), lyrics: first_verse(note), origin: None, ..note.clone() });
    }
    line
}

/// Verses stand one after another in what is played; only one is sung at a time.
fn first_verse(note: &Note) -> Vec<Lyric> {
    note.lyrics.iter().take(1).map(|lyric| Lyric { verse: 1, ..lyric.clone() }).collect()
}

/// The strokes of a percussion part, those that come together in one note.
pub(crate) fn strokes(part: &Part) -> Vec<Note> {
    let mut strokes: Vec<Note> = Vec::new();
    let mut notes: Vec<&Note> = part.notes().collect();
    notes.sort_by_key(|n| n.onset);
    for note in notes {
        let Sound::Drums(keys) = &note.sound else { continue };
        match strokes.last_mut() {
            Some(Note { onset, sound: Sound::Drums(own), velocity, .. }) if *onset == note.onset => {
                own.extend(keys);
                own.sort_unstable();
                own.dedup();
                *velocity = (*velocity).max(note.velocity);
            }
            _ => strokes.push(Note { origin: None, lyrics: Vec::new(), ..note.clone() }),
        }
    }
    for i in 1..strokes.len() {
        let next = strokes[i].onset;
        strokes[i - 1].duration = strokes[i - 1].duration.min(next - strokes[i - 1].onset);
    }
    strokes
}

/// Whether a part has pitches.
pub(crate) fn pitched(part: &Part) -> bool {
    part.instrument != Instrument::Drums && part.notes().any(|n| !n.pitches().is_empty())
}
