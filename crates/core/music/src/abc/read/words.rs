//! Setting a `w:` line to the notes of the line of music above it.

use super::voice::{Slot, Voice};
use crate::score::{Lyric, Syllabic};

/// One sign of a `w:` line.
#[derive(Debug, PartialEq, Eq)]
enum Sign {
    /// A syllable, and whether the word goes on.
    Syllable(String, bool),
    /// The syllable before is held.
    Hold,
    /// A note without syllable.
    Skip,
    /// Go on with the next bar.
    NextBar,
}

fn signs(text: &str) -> Vec<Sign> {
    let mut out = Vec::new();
    let mut syllable = String::new();
    let mut chars = text.chars().peekable();
    let end = |syllable: &mut String, goes_on: bool, out: &mut Vec<Sign>| {
        if !syllable.is_empty() {
            out.push(Sign::Syllable(std::mem::take(syllable), goes_on));
        }
    };
    while let Some(c) = chars.next() {
        match c {
            '\\' if chars.peek() == Some(&'-') => syllable.extend(chars.next()),
            '-' if syllable.is_empty() => out.push(Sign::Hold),
            '-' => end(&mut syllable, true, &mut out),
            '_' | '*' | '|' => {
                end(&mut syllable, false, &mut out);
                out.push(match c {
                    '_' => Sign::Hold,
                    '*' => Sign::Skip,
                    _ => Sign::NextBar,
                });
            }
            '~' => syllable.push(' '),
            c if c.is_whitespace() => end(&mut syllable, false, &mut out),
            c => syllable.push(c),
        }
    }
    end(&mut syllable, false, &mut out);
    out
}

/// Sets a line of words; gives back how many syllables found no note.
pub(super) fn set(voice: &mut Voice, text: &str) -> usize {
    let verse = voice.verse;
    voice.verse = verse.saturating_add(1);
    let slots: Vec<Slot> = voice.line.clone();
    let mut at = 0;
    let mut lost = 0;
    for sign in signs(&super::text::unescape(text)) {
        let slot = slots.get(at).copied();
        match (sign, slot) {
            (Sign::Syllable(text, goes_on), Some(slot)) => {
                let inside = voice.inside.insert(verse, goes_on).unwrap_or(false);
                let place = Syllabic::between(inside, goes_on);
                if let Some(head) = voice.heads.get_mut(slot.head) {
                    head.lyrics.push(Lyric { verse, text, place, melisma: false });
                    voice.sung.insert(verse, slot.head);
                }
                at += 1;
            }
            (Sign::Syllable(..), None) => lost += 1,
            (Sign::Hold, slot) => {
                // A tied note needs a sign of its own, but it is no melisma.
                if slot.is_some_and(|slot| !slot.tied) {
                    hold(voice, verse);
                }
                at += 1;
            }
            (Sign::Skip, _) => at += 1,
            (Sign::NextBar, Some(slot)) => at = slots.iter().position(|s| s.bar > slot.bar).unwrap_or(slots.len()),
            (Sign::NextBar, None) => {}
        }
    }
    lost
}

fn hold(voice: &mut Voice, verse: u8) {
    let head = voice.sung.get(&verse).and_then(|head| voice.heads.get_mut(*head));
    let lyric = head.and_then(|head| head.lyrics.iter_mut().find(|lyric| lyric.verse == verse));
    if let Some(lyric) = lyric {
        lyric.melisma = true;
    }
}
