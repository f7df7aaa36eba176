//! A line that might be used, with everything that choosing needs already measured.

use crate::bank::Stage;
use crate::model::{Stress, Word};
use crate::phone::Phone;
use crate::rhyme::{Rhyme, Tail, is_weak_end};
use crate::{scan, spanish};
use eduai_kernel::Language;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

/// What is known of a word as printed. Words are measured once and kept: the templates have only some thousands.
#[derive(Debug)]
struct Token {
    word: Word,
    syllables: u8,
    stresses: u32,
    key: u64,
    content: bool,
    tail: TailKeys,
    weak_end: bool,
    full_end: bool,
    openness: f32,
    consonants: u8,
}

/// The parts of a rhyme as numbers, for quick comparison.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TailKeys {
    onset: u64,
    sounds: u64,
    /// Lines of one group may rhyme: the family in English, the vowels in Spanish.
    pub group: u64,
    word: u64,
    /// Onset, sounds, group and word of the word before, where the last one is weak: "hold me".
    before: Option<(u64, u64, u64, u64)>,
}

impl TailKeys {
    fn new(tail: &Tail, bare: &str, language: Language) -> Self {
        let group = if language == Language::Es { &tail.vowels } else { &tail.family };
        Self {
            onset: hash(&tail.onset),
            sounds: hash(&tail.sounds),
            group: hash(group),
            word: hash(bare),
            before: None,
        }
    }

    /// How two line ends of one language rhyme.
    pub fn rhyme(&self, other: &Self) -> Rhyme {
        if let (true, Some(a), Some(b)) = (self.word == other.word, self.before, other.before) {
            let keys = |(onset, sounds, group, word)| Self { onset, sounds, group, word, before: None };
            return keys(a).rhyme(&keys(b));
        }
        if self.word == other.word || (self.sounds == other.sounds && self.onset == other.onset) {
            Rhyme::Identical
        } else if self.sounds == other.sounds {
            Rhyme::Perfect
        } else if self.group == other.group {
            Rhyme::Family
        } else {
            Rhyme::None
        }
    }
}

/// FNV-1a, 64 bits: the same on every machine.
pub fn hash(text: &str) -> u64 {
    text.bytes().fold(0xCBF2_9CE4_8422_2325, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01B3))
}

type Cache = RwLock<HashMap<u64, Arc<Token>, BuildHasherDefault<Keyed>>>;
/// Bounded, because hooks that users bring are free text.
const CACHE_LIMIT: usize = 20_000;

/// The keys of the cache are hashes already.
#[derive(Default)]
struct Keyed(u64);

impl Hasher for Keyed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = bytes.iter().fold(self.0, |h, b| h.rotate_left(8) ^ u64::from(*b));
    }

    fn write_u64(&mut self, key: u64) {
        self.0 = key;
    }
}

/// The words of a line as printed, measured.
fn tokens(text: &str, language: Language) -> Vec<Arc<Token>> {
    static CACHE: LazyLock<[Cache; 2]> = LazyLock::new(Default::default);
    let cache = &CACHE[usize::from(language == Language::Es)];
    let mut found = Vec::with_capacity(10);
    let known = cache.read().unwrap_or_else(PoisonError::into_inner);
    let mut unknown = false;
    for printed in text.split_whitespace() {
        match known.get(&hash(printed)).filter(|t| t.word.text == printed) {
            Some(token) => found.push(token.clone()),
            None => unknown = true,
        }
    }
    drop(known);
    if !unknown {
        return found;
    }
    found.clear();
    for printed in text.split_whitespace() {
        let Some(made) = measure(printed, language).map(Arc::new) else { continue };
        let mut cache = cache.write().unwrap_or_else(PoisonError::into_inner);
        if cache.len() < CACHE_LIMIT {
            cache.insert(hash(printed), made.clone());
        }
        found.push(made);
    }
    found
}

fn measure(text: &str, language: Language) -> Option<Token> {
    let word = scan::word(text, language)?;
    let bare = word.bare();
    let stresses = word
        .syllables
        .iter()
        .enumerate()
        .fold(0, |bits, (i, s)| bits | (u32::from(s.stress == Stress::Primary) << i.min(31)));
    let last = word.syllables.last()?;
    Some(Token {
        syllables: word.syllables.len() as u8,
        stresses,
        key: hash(stem(&bare)),
        content: word.content,
        tail: TailKeys::new(&Tail::of(text, language), &bare, language),
        weak_end: is_weak_end(&word, language),
        full_end: !last.reduced,
        openness: Phone::parse(&last.vowel).map_or(0.8, Phone::openness),
        consonants: word.syllables.iter().map(|s| s.onset_consonants + s.coda_consonants).sum(),
        word,
    })
}

/// Enough of the word to tell "light" and "lights" for one.
fn stem(bare: &str) -> &str {
    let cut = bare.trim_end_matches("'s").trim_end_matches(['s', 'e']);
    if cut.len() > 2 { cut } else { bare }
}

/// A line that might be used.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// As printed.
    pub text: String,
    /// The template it comes from.
    pub template: u32,
    /// What it is good for.
    pub stage: Stage,
    /// Syllables.
    pub count: u8,
    /// A bit for each stressed syllable, the first in the lowest bit.
    pub stresses: u32,
    /// How its last word rhymes.
    pub tail: TailKeys,
    /// Its content words.
    pub content: Vec<u64>,
    /// Syllables of its longest word, for the reading level.
    pub longest: u8,
    /// Its merit wherever it stands.
    pub merit: f32,
}

impl Candidate {
    /// Measures a line; none when it has no words.
    pub fn new(text: String, template: u32, stage: Stage, bonus: f32, language: Language) -> Option<Self> {
        let tokens = tokens(&text, language);
        let last = tokens.last()?.clone();
        let (count, stresses) = match language {
            Language::En => add_up(tokens.iter().map(|t| (t.syllables, t.stresses))),
            Language::Es => sung_together(&tokens),
        };
        let mut content: Vec<u64> = tokens.iter().filter(|t| t.content).map(|t| t.key).collect();
        content.dedup();
        let consonants: u32 = tokens.iter().map(|t| u32::from(t.consonants)).sum();
        let load = consonants as f32 / f32::from(count.max(1));
        let long_words = tokens.iter().filter(|t| t.syllables > 3).count() as f32;
        let ending = if last.full_end { 0.25 * last.openness } else { -0.4 };
        let merit = bonus + regularity(count, stresses) + ending - 0.25 * (load - 2.2).max(0.0) - 0.15 * long_words;
        let mut tail = last.tail;
        if let (true, [.., before, _]) = (last.weak_end, tokens.as_slice()) {
            tail.before = Some((before.tail.onset, before.tail.sounds, before.tail.group, before.tail.word));
        }
        let longest = tokens.iter().map(|t| t.syllables).max().unwrap_or(0);
        Some(Self { text, template, stage, count, stresses, tail, content, longest, merit })
    }
}

fn add_up(words: impl Iterator<Item = (u8, u32)>) -> (u8, u32) {
    words.fold((0_u8, 0_u32), |(count, bits), (n, stresses)| {
        (count.saturating_add(n), bits | stresses.checked_shl(u32::from(count)).unwrap_or(0))
    })
}

fn sung_together(tokens: &[Arc<Token>]) -> (u8, u32) {
    if !tokens.windows(2).any(|pair| spanish::meets(&pair[0].word, &pair[1].word)) {
        return add_up(tokens.iter().map(|t| (t.syllables, t.stresses)));
    }
    let joined = spanish::join_vowels(tokens.iter().map(|t| t.word.clone()).collect());
    let stress = |w: &Word| {
        w.syllables.iter().enumerate().fold(0, |b, (i, s)| b | (u32::from(s.stress == Stress::Primary) << i.min(31)))
    };
    add_up(joined.iter().map(|w| (w.syllables.len() as u8, stress(w))))
}

/// How regularly stresses come, 0 to 1: every two or three syllables is regular, side by side or far apart is not.
pub fn regularity(count: u8, stresses: u32) -> f32 {
    let strong: Vec<u8> = (0..count.min(32)).filter(|i| stresses >> i & 1 == 1).collect();
    let Some((first, last)) = strong.first().zip(strong.last()) else { return 0.3 };
    let fault = |distance: u8| match distance {
        2 | 3 => 0.0,
        1 => 0.8,
        4 => 0.3,
        _ => 1.0,
    };
    let inside: f32 = strong.windows(2).map(|w| fault(w[1] - w[0])).sum();
    let edges = fault((first + 1).clamp(2, 5)) + fault((count - last + 1).clamp(2, 5)) * 0.5;
    (1.0 - (inside + edges) / (f32::from(count) / 2.5).max(1.0)).clamp(0.0, 1.0)
}

/// In how many of `count` syllables two patterns of stress differ.
pub fn stress_distance(count: u8, a: u32, b: u32) -> u32 {
    let mask = if count >= 32 { u32::MAX } else { (1 << count) - 1 };
    ((a ^ b) & mask).count_ones()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scan;

    fn candidate(text: &str, language: Language) -> Candidate {
        Candidate::new(text.into(), 0, Stage::Scene, 0.0, language).unwrap()
    }

    #[test]
    fn what_is_measured_is_what_scanning_finds() {
        for (text, language) in [
            ("The midnight train goes rolling on", Language::En),
            ("Don't stop, we're almost there", Language::En),
            ("La noche está abierta y el río canta", Language::Es),
            ("Mi abuela abría una ventana", Language::Es),
        ] {
            let line = scan(text, language);
            let found = candidate(text, language);
            assert_eq!(usize::from(found.count), line.syllable_count(), "{text}");
            for (i, stress) in line.stresses().into_iter().enumerate() {
                assert_eq!(found.stresses >> i & 1 == 1, stress == Stress::Primary, "{text}: {i}");
            }
        }
    }

    #[test]
    fn regular_lines_score_above_irregular_ones() {
        let regular = candidate("The river runs along the shore", Language::En);
        let clashing = candidate("Big red cars stop fast near town now", Language::En);
        let score = |c: &Candidate| regularity(c.count, c.stresses);
        assert!(score(&regular) > 0.9, "{}", score(&regular));
        assert!(score(&clashing) < 0.5, "{}", score(&clashing));
    }
}
