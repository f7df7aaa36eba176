//! Where one gap between two vowels is cut.

use crate::english::known;
use crate::phone::Phone;
use std::ops::Range;

/// Clusters of consonant sounds that can begin a syllable.
const ONSETS: &[&[&str]] = &[
    &["B", "L"],
    &["B", "R"],
    &["D", "R"],
    &["D", "W"],
    &["F", "L"],
    &["F", "R"],
    &["G", "L"],
    &["G", "R"],
    &["K", "L"],
    &["K", "R"],
    &["K", "W"],
    &["P", "L"],
    &["P", "R"],
    &["S", "P"],
    &["S", "T"],
    &["S", "K"],
    &["S", "L"],
    &["S", "M"],
    &["S", "N"],
    &["S", "W"],
    &["SH", "R"],
    &["T", "R"],
    &["T", "W"],
    &["TH", "R"],
    &["S", "T", "R"],
    &["S", "P", "R"],
    &["S", "K", "R"],
    &["S", "P", "L"],
    &["S", "K", "W"],
    &["M", "Y"],
    &["B", "Y"],
    &["F", "Y"],
    &["K", "Y"],
    &["P", "Y"],
    &["V", "Y"],
    &["HH", "Y"],
];

/// The letters and sounds between two vowels.
pub(super) struct Gap<'a> {
    pub word: &'a str,
    pub phones: &'a [Phone],
    pub spans: &'a [Range<usize>],
    pub left: usize,
    pub right: usize,
}

impl Gap<'_> {
    pub fn opens(&self) -> usize {
        self.spans[self.left].end
    }

    pub fn closes(&self) -> usize {
        self.spans[self.right].start
    }

    /// The cut by the habits that need no other word.
    pub fn cut(&self) -> usize {
        let consonants: Vec<usize> = (self.left + 1..self.right).filter(|i| !self.spans[*i].is_empty()).collect();
        if self.word.ends_with("n't") && self.phones[self.right..].iter().filter(|p| p.is_vowel()).count() == 1 {
            return (self.word.len() - 3).max(self.opens());
        }
        // "hur-ry", "ar-rive": the r sounds in the vowel and is written twice.
        if self.letters(self.left).ends_with("rr") {
            return self.opens() - 1;
        }
        if self.letters(self.left).ends_with('r') && self.word[self.opens()..self.closes()].starts_with('r') {
            return self.opens();
        }
        let Some(last) = consonants.last().copied() else { return self.closes() };
        if let Some(double) = self.doubled(&consonants) {
            return double;
        }
        let spelled_short = self.spans[self.left].len() == 1 || self.letters(self.left) == "ea";
        let short = self.phones[self.left].is_checked() && self.phones[self.left].stress() > 0 && spelled_short;
        if consonants.len() == 1 {
            return match self.letters(last) {
                // "vi-sion", "tra-di-tion", "pre-cious": the i belongs to the consonant.
                "ti" | "ci" | "si" => self.spans[last].start,
                // "lis-ten", "whis-tle".
                "st" if self.phones[last].name() == "S" => self.spans[last].start + 1,
                "x" | "ck" => self.end_of(last),
                _ if short || self.phones[last].name() == "NG" => self.end_of(last),
                _ => self.spans[last].start,
            };
        }
        let names: Vec<&str> = consonants.iter().map(|i| self.phones[*i].name()).collect();
        let keep = usize::from(short);
        let first = (keep..names.len()).find(|i| begins_syllable(&names[*i..])).unwrap_or(0);
        self.spans[consonants[first]].start
    }

    /// Letters that are silent belong to the consonant before them.
    fn end_of(&self, consonant: usize) -> usize {
        (consonant + 1..=self.right)
            .find(|i| !self.spans[*i].is_empty() || *i == self.right)
            .map_or(self.closes(), |i| self.spans[i].start)
    }

    fn letters(&self, phone: usize) -> &str {
        &self.word[self.spans[phone].clone()]
    }

    /// The middle of a doubled consonant: "sum-mer", also "ap-ple", but not "bull-frog": no syllable begins with all
    /// that follows.
    fn doubled(&self, consonants: &[usize]) -> Option<usize> {
        let (nth, letters) = consonants.iter().map(|i| self.spans[*i].clone()).enumerate().find(|(_, s)| {
            let text = self.word[s.clone()].as_bytes();
            text.len() >= 2 && text[0] == text[1]
        })?;
        let rest: Vec<&str> = consonants[nth..].iter().map(|i| self.phones[*i].name()).collect();
        begins_syllable(&rest).then_some(letters.start + 1)
    }

    /// Where the ending begins, if a known word stands before it and sounds the same there: "feel-ing", "danc-er",
    /// "safe-ly". The word begins at `begins` (letters, sounds). "run-ning" is no case: its stem is "run"; nor is
    /// "num-ber", which does not sound as "numb" and "-er".
    pub fn before_ending(&self, (begins, sounds): (usize, usize)) -> Option<usize> {
        for ending in ["ly", "less", "ness", "ful", "ment", "dom", "ward", "wards"] {
            let at = self.word.len().checked_sub(ending.len())?;
            let here = self.word.ends_with(ending) && (self.opens()..=self.closes()).contains(&at);
            if here && self.phones[self.right].stress() == 0 && self.sounds_as(begins, sounds, at, false) {
                return Some(at);
            }
        }
        let at = self.closes();
        let stem = self.word.get(begins..at)?;
        let plain = |least: usize| stem.len() >= least && self.sounds_as(begins, sounds, at, false);
        let without_e = |least: usize| stem.len() >= least && self.sounds_as(begins, sounds, at, true);
        let holds = match &self.word[at..] {
            "ing" | "ings" | "ing's" | "in'" | "ed" | "est" | "es" => {
                !has_parted_double(stem) && (plain(3) || without_e(2))
            }
            "er" | "ers" | "er's" => !has_parted_double(stem) && (plain(4) || without_e(2)),
            "in" => plain(3) && known(self.word).is_none(),
            "en" | "ens" | "ened" | "ern" | "y" => {
                let before = self.phones.get(sounds..=self.left).unwrap_or_default();
                before.iter().filter(|p| p.is_vowel()).count() == 1 && !has_double(stem) && plain(4)
            }
            _ => false,
        };
        holds.then_some(at)
    }

    /// Whether the letters from `begins` to `at`, with the e that an ending takes away, are a word that sounds as they do
    /// here.
    fn sounds_as(&self, begins: usize, sounds: usize, at: usize, dropped_e: bool) -> bool {
        let Some(stem) = self.word.get(begins..at).filter(|s| s.len() > 1) else { return false };
        let found = if dropped_e { known(&format!("{stem}e")) } else { known(stem) };
        let here = self.phones.get(sounds..self.right).map(|here| {
            let until = here.iter().zip(sounds..).take_while(|(_, i)| self.spans[*i].start < at).count();
            &here[..until]
        });
        found.zip(here).is_some_and(|(stem, here)| super::alike(&stem, here))
    }
}

/// Whether an English syllable can begin with these consonants.
fn begins_syllable(names: &[&str]) -> bool {
    names.len() == 1 || ONSETS.contains(&names)
}

fn has_double(stem: &str) -> bool {
    let mut back = stem.bytes().rev();
    matches!((back.next(), back.next()), (Some(a), Some(b)) if a == b)
}

/// Whether a word ends in a doubled consonant that English words do not end in. The dictionary has names such as "Bett".
pub(super) fn has_parted_double(stem: &str) -> bool {
    has_double(stem) && !stem.ends_with(['l', 's', 'f', 'z', 'e', 'o'])
}
