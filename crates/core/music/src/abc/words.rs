//! Writing `w:` lines: syllables aligned to the notes of a line of music.

use crate::Note;
use crate::score::{Lyric, Syllabic};

/// The words of one line, verse by verse.
#[derive(Default)]
pub(super) struct Words {
    /// For each note of the line: its syllables, or none.
    slots: Vec<Slot>,
    /// Which verses are being held over notes without syllables.
    held: Vec<u8>,
}

enum Slot {
    /// A note starts here; its lyrics, and the verses that are held over it.
    Note(Vec<Lyric>, Vec<u8>),
    /// A note goes on, tied.
    Tied,
}

impl Words {
    /// Takes the next note of the line: none where it is tied to the one before.
    pub fn note(&mut self, note: Option<&Note>) {
        let Some(note) = note else {
            self.slots.push(Slot::Tied);
            return;
        };
        for lyric in &note.lyrics {
            self.held.retain(|verse| *verse != lyric.verse);
        }
        self.slots.push(Slot::Note(note.lyrics.clone(), self.held.clone()));
        self.held.extend(note.lyrics.iter().filter(|lyric| lyric.melisma).map(|lyric| lyric.verse));
    }

    /// The `w:` lines, one for each verse up to the last that has a syllable here.
    pub fn finish(&mut self) -> String {
        let slots = std::mem::take(&mut self.slots);
        let verses = slots.iter().filter_map(|slot| match slot {
            Slot::Note(lyrics, held) => lyrics.iter().map(|lyric| lyric.verse).chain(held.iter().copied()).max(),
            Slot::Tied => None,
        });
        let last = verses.max().unwrap_or(0);
        let lines: Vec<String> = (1..=last).map(|verse| line(&slots, verse)).collect();
        lines.iter().flat_map(|line| ["w: ", line, "\n"]).collect()
    }
}

fn line(slots: &[Slot], verse: u8) -> String {
    let mut out = String::new();
    let mut sings = false;
    for slot in slots {
        match slot {
            Slot::Note(lyrics, held) => {
                let lyric = lyrics.iter().find(|lyric| lyric.verse == verse && !lyric.text.trim().is_empty());
                sings = lyric.is_some() || held.contains(&verse);
                match lyric {
                    Some(lyric) => out.push_str(&syllable(lyric)),
                    None if held.contains(&verse) => out.push_str("_ "),
                    None => out.push_str("* "),
                }
            }
            Slot::Tied => out.push_str(if sings { "_ " } else { "* " }),
        }
    }
    out.trim_end().to_owned()
}

/// A syllable: a hyphen at its end when the word goes on. What `w:` gives a meaning of its own is escaped or, where
/// there is no escape, replaced by its full-width form.
fn syllable(lyric: &Lyric) -> String {
    let mut text = String::new();
    for c in lyric.text.trim().chars() {
        match c {
            c if c.is_whitespace() => text.push('~'),
            '-' => text.push_str("\\-"),
            '_' => text.push('＿'),
            '*' => text.push('＊'),
            '|' => text.push('｜'),
            '~' => text.push('～'),
            '%' | '&' | '\\' => text.extend(['\\', c]),
            c => text.push(c),
        }
    }
    match lyric.place {
        Syllabic::Begin | Syllabic::Middle => format!("{text}-"),
        Syllabic::Single | Syllabic::End => format!("{text} "),
    }
}
