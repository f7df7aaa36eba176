//! Where an English word is divided under notes: "bet-ter", "shut-ter", "a-round", "mid-night", "feel-ing", "could-n't".
//! The number of pieces always is the number of vowels that are heard.
//!
//! What our own list says holds, for its words and their endings. Else the letters are first aligned with the sounds;
//! each gap between two vowels is then cut by the habits of dictionaries and printed music: before an ending, between
//! the parts of a compound, between doubled consonants, after a short stressed vowel's consonant, else before the longest
//! cluster that can begin an English syllable.

mod align;
mod gap;

#[cfg(test)]
mod tests;

use crate::english::{known, printed_pieces};
use crate::phone::Phone;
use align::align;
use gap::{Gap, has_parted_double};
use std::ops::Range;

/// The byte offsets at which `word` (lower-case ASCII letters and apostrophes) is divided, one fewer than its vowels.
pub fn cuts(word: &str, phones: &[Phone]) -> Vec<usize> {
    let wanted = phones.iter().filter(|p| p.is_vowel()).count();
    if let Some(listed) = listed(word, wanted) {
        return listed;
    }
    let found = align(word, phones).map(|spans| gaps(word, phones, &spans)).unwrap_or_default();
    let valid = found.len() + 1 == wanted
        && found.first().is_none_or(|c| *c > 0)
        && found.windows(2).all(|w| w[0] < w[1])
        && found.last().is_none_or(|c| *c < word.len());
    if valid { found } else { evenly(word, wanted) }
}

/// The cuts of a word that our list divides, or of one of its words with an ending.
fn listed(word: &str, wanted: usize) -> Option<Vec<usize>> {
    ["", "'s", "s'", "s", "ed", "ing", "ings"].into_iter().find_map(|ending| {
        let stem = word.strip_suffix(ending)?;
        let mut at = 0;
        let mut ends: Vec<usize> = printed_pieces(stem)?
            .iter()
            .map(|piece| {
                at += piece.len();
                at
            })
            .collect();
        // The ending may be a syllable of its own.
        if ends.len() == wanted || ending.is_empty() {
            ends.pop();
        }
        (ends.len() + 1 == wanted).then_some(ends)
    })
}

/// Cuts at even distances, for words whose letters say nothing of their sounds.
fn evenly(word: &str, pieces: usize) -> Vec<usize> {
    let ends: Vec<usize> = word.char_indices().map(|(i, _)| i).chain([word.len()]).collect();
    let length = ends.len() - 1;
    (1..pieces).map(|i| ends[(i * length / pieces).min(length)]).collect()
}

fn gaps(word: &str, phones: &[Phone], spans: &[Range<usize>]) -> Vec<usize> {
    let nuclei: Vec<usize> = (0..phones.len()).filter(|i| phones[*i].is_vowel()).collect();
    let seam = seam(word, phones);
    // The ending of "songwriting" stands behind "writ", not behind "songwrit".
    let begins = seam.unwrap_or_default();
    nuclei
        .windows(2)
        .map(|pair| {
            let gap = Gap { word, phones, spans, left: pair[0], right: pair[1] };
            let inside = |cut: &usize| (gap.opens()..=gap.closes()).contains(cut);
            gap.before_ending((0, 0))
                .or_else(|| gap.before_ending(begins))
                .or_else(|| seam.map(|(letters, _)| letters).filter(inside))
                .unwrap_or_else(|| gap.cut())
        })
        .collect()
}

/// Whether two words sound alike, but for the stress and for vowels that American speakers keep apart or not.
fn alike(a: &[Phone], b: &[Phone]) -> bool {
    let sound = |p: &Phone| if p.name() == "AO" { "AA" } else { p.name() };
    a.len() == b.len() && a.iter().zip(b).all(|(x, y)| sound(x) == sound(y))
}

/// Where the parts of a compound meet, in letters and in sounds, if the word sounds as its parts do and the second part
/// keeps a stress of its own. The dictionary has many names: without the stress, "better" would be "bet" and "ter".
fn seam(word: &str, phones: &[Phone]) -> Option<(usize, usize)> {
    (2..word.len().saturating_sub(2)).find_map(|cut| {
        let (first, second) = (known(&word[..cut])?, known(&word[cut..])?);
        let sounds = first.len();
        let stressed = phones.get(sounds..)?.iter().any(|p| p.stress() > 0);
        let whole = alike(&first, &phones[..sounds]) && alike(&second, &phones[sounds..]);
        (whole && stressed && !has_parted_double(&word[..cut])).then_some((cut, sounds))
    })
}
