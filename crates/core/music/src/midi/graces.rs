//! Writing grace notes, with words that say which they are.

use super::events::{Rank, Track};
use super::write::keys;
use super::{TEXT, TICKS};
use crate::Note;
use crate::play::graces::{Graced, graced};
use crate::score::Grace;
use std::fmt::Write as _;

/// A note with the ticks between which it would sound without grace notes, and what they make of it.
pub(super) struct Ornamented<'a> {
    pub note: &'a Note,
    pub keys: Vec<u8>,
    pub on: i64,
    off: i64,
    graces: Vec<Grace>,
    played: Graced,
}

impl<'a> Ornamented<'a> {
    /// A note after one in its voice that would start at `before`.
    pub fn of(note: &'a Note, before: Option<i64>, (on, off): (i64, i64)) -> Self {
        let keys_of_note = keys(&note.sound);
        let sounds = |grace: &&Grace| !keys_of_note.is_empty() && !keys(&grace.sound).is_empty();
        let graces: Vec<Grace> = note.graces.iter().filter(sounds).cloned().collect();
        let played = graced(&graces, before, (on, off), TICKS);
        Self { note, keys: keys_of_note, on, off, graces, played }
    }

    /// When the note itself starts.
    pub fn start(&self) -> i64 {
        self.played.onset
    }

    /// When it ends: earlier than it is written where the graces of the next note take its time.
    pub fn end(&self, next: Option<&Self>) -> i64 {
        let taken = next.and_then(|next| next.played.graces.first()).map(|(from, _)| *from);
        taken.filter(|from| *from > self.start() && *from < self.off).unwrap_or(self.off)
    }
}

/// Writes the grace notes of a track, and counts the graced notes, so that what is said of them can be told apart.
#[derive(Default)]
pub(super) struct Graces {
    count: usize,
}

impl Graces {
    /// Writes the grace notes of a note; `before` is the note before it in its voice.
    pub fn write(&mut self, track: &mut Track, note: &Ornamented, channel: u8, before: Option<&Ornamented>) {
        if note.graces.is_empty() {
            return;
        }
        self.count += 1;
        for (grace, (from, to)) in note.graces.iter().zip(&note.played.graces) {
            let keys = keys(&grace.sound);
            for key in &keys {
                track.note(*from, *to, channel, *key, note.note.velocity);
            }
            let slashed = if grace.slashed { " slashed" } else { "" };
            let words = format!("grace {} {channel} {} {}{slashed}", self.count, list(&keys), grace.value.name());
            track.meta(*from, Rank::Text, TEXT, words.as_bytes());
        }
        let delay = note.start() - note.on;
        let mut words = format!("graced {} {channel} {} {delay}", self.count, list(&note.keys));
        if let Some(cut) = before.filter(|before| before.end(Some(note)) < before.off) {
            let _ = write!(words, " {} {}", list(&cut.keys), cut.off - cut.end(Some(note)));
        }
        track.meta(note.start(), Rank::Text, TEXT, words.as_bytes());
    }
}

fn list(keys: &[u8]) -> String {
    keys.iter().map(u8::to_string).collect::<Vec<_>>().join("+")
}
