//! Rhyme by sound, never by spelling.

use crate::english;
use crate::model::{Line, Word};
use crate::phone::Phone;
use crate::spanish;
use eduai_kernel::Language;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How two words rhyme, from the closest likeness to none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Rhyme {
    /// The same sounds altogether (the same word, or "sea" and "see"): a repetition, not a rhyme.
    Identical,
    /// All sounds from the last stressed vowel on are the same, those before it are not ("rima consonante").
    Perfect,
    /// The same vowels, closed by consonants of one family: "time" and "shine".
    Family,
    /// The same vowels alone ("rima asonante", a full member of its tradition in Spanish).
    Assonance,
    /// No likeness.
    None,
}

impl Rhyme {
    /// Whether a rhyme scheme counts as kept by it: perfect or family in English, perfect or assonant in Spanish.
    pub fn keeps(self, language: Language) -> bool {
        match self {
            Self::Perfect | Self::Family => true,
            Self::Assonance => language == Language::Es,
            Self::Identical | Self::None => false,
        }
    }
}

/// What of a word takes part in rhyme.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Tail {
    /// Consonants just before the rhyming vowel.
    pub onset: String,
    /// Everything from the rhyming vowel on.
    pub sounds: String,
    /// The same with each closing consonant replaced by its family.
    pub family: String,
    /// Its vowels alone.
    pub vowels: String,
}

impl Tail {
    /// The tail of a word as printed; of several words joined by synalepha, of the last one.
    pub fn of(text: &str, language: Language) -> Self {
        let last = text.split([' ', '-', '\u{a0}']).rfind(|w| w.chars().any(char::is_alphanumeric)).unwrap_or("");
        let bare = crate::scan::bare(last);
        match language {
            Language::En => Self::english(&english::pronounce(&bare)),
            Language::Es => spanish::tail(&bare),
        }
    }

    fn english(phones: &[Phone]) -> Self {
        let vowels: Vec<usize> = (0..phones.len()).filter(|i| phones[*i].is_vowel()).collect();
        let stressed = vowels.iter().rev().find(|i| phones[**i].stress() > 0).or(vowels.last());
        let Some(start) = stressed.copied() else { return Self::default() };
        let onset = phones[..start].iter().rev().take_while(|p| !p.is_vowel()).map(|p| p.name()).collect();
        let mut tail = Self { onset, ..Self::default() };
        for (i, phone) in phones.iter().enumerate().skip(start) {
            let name = before_r(*phone, phones.get(i + 1).copied());
            tail.sounds.push_str(name);
            tail.sounds.push(' ');
            if phone.is_vowel() {
                tail.family.push_str(name);
                tail.vowels.push_str(name);
            } else {
                tail.family.push(char::from(phone.coda_family()));
            }
        }
        tail
    }

    /// How this tail rhymes with `other`.
    pub fn rhyme(&self, other: &Self) -> Rhyme {
        if self.sounds.is_empty() || other.sounds.is_empty() {
            Rhyme::None
        } else if self.sounds == other.sounds {
            if self.onset == other.onset { Rhyme::Identical } else { Rhyme::Perfect }
        } else if self.family == other.family {
            Rhyme::Family
        } else if self.vowels == other.vowels {
            Rhyme::Assonance
        } else {
            Rhyme::None
        }
    }
}

/// The vowel as it sounds: before an r the dictionary writes one sound now as tense, now as lax ("here", "near").
fn before_r(vowel: Phone, next: Option<Phone>) -> &'static str {
    match (vowel.name(), next.map_or("", Phone::name)) {
        ("IY", "R") => "IH",
        ("UW", "R") => "UH",
        ("EY", "R") => "EH",
        ("OW", "R") => "AO",
        (name, _) => name,
    }
}

/// How two words rhyme.
///
/// ```
/// use eduai_kernel::Language;
/// use eduai_prosody::{Rhyme, rhyme, scan};
/// let words = scan("night light time shine sea see", Language::En).words;
/// assert_eq!(rhyme(&words[0], &words[1], Language::En), Rhyme::Perfect);
/// assert_eq!(rhyme(&words[2], &words[3], Language::En), Rhyme::Family);
/// assert_eq!(rhyme(&words[4], &words[5], Language::En), Rhyme::Identical);
/// ```
pub fn rhyme(a: &Word, b: &Word, language: Language) -> Rhyme {
    let (first, second) = (Tail::of(&a.text, language), Tail::of(&b.text, language));
    match first.rhyme(&second) {
        // "light" and "delight": all of one is in the other. Different words, yet no rhyme for a strict ear; the same
        // sounds before the vowel make it identical.
        Rhyme::Perfect if a.bare() == b.bare() => Rhyme::Identical,
        found => found,
    }
}

/// How two lines rhyme; [`Rhyme::None`] when one has no words. Where both end in the same weak word, the words before it
/// rhyme: "what you told me", "that still hold me".
pub fn line_rhyme(a: &Line, b: &Line, language: Language) -> Rhyme {
    let (Some((last_a, before_a)), Some((last_b, before_b))) = (a.words.split_last(), b.words.split_last()) else {
        return Rhyme::None;
    };
    match (rhyme(last_a, last_b, language), before_a.last(), before_b.last()) {
        (Rhyme::Identical, Some(a), Some(b)) if is_weak_end(last_a, language) => rhyme(a, b, language),
        (found, ..) => found,
    }
}

/// Whether the word can be the unstressed end of a rhyme of two words.
pub fn is_weak_end(word: &Word, language: Language) -> bool {
    language == Language::En && english::is_weak(&word.bare())
}

/// How many vowels, counted from the end of the lines backwards, sound alike: two or more make the multisyllable rhyme
/// of hip-hop ("lemonade" and "renegade" have three).
pub fn matching_vowels(a: &Line, b: &Line) -> usize {
    let backwards = |line: &Line| line.syllables().map(|s| s.vowel.clone()).collect::<Vec<_>>().into_iter().rev();
    backwards(a).zip(backwards(b)).take_while(|(x, y)| x == y).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scan;

    fn of(a: &str, b: &str, language: Language) -> Rhyme {
        line_rhyme(&scan(a, language), &scan(b, language), language)
    }

    #[test]
    fn english_rhymes_follow_the_sounds() {
        for (a, b, expected) in [
            ("blue", "through", Rhyme::Perfect),
            ("though", "cough", Rhyme::None),
            ("midnight", "streetlight", Rhyme::Perfect),
            ("morning", "warning", Rhyme::Perfect),
            ("home", "stone", Rhyme::Family),
            ("heart", "star", Rhyme::Assonance),
            ("night,", "Night!", Rhyme::Identical),
            ("their", "there", Rhyme::Identical),
            ("love", "move", Rhyme::None),
            ("station", "vocation", Rhyme::Perfect),
        ] {
            assert_eq!(of(a, b, Language::En), expected, "{a} / {b}");
        }
    }

    #[test]
    fn spanish_rhymes_are_consonant_or_assonant() {
        for (a, b, expected) in [
            ("la canción", "el corazón", Rhyme::Perfect),
            ("la ventana", "la mañana", Rhyme::Perfect),
            ("cantaba", "llegaba", Rhyme::Perfect),
            ("la calle", "el aire", Rhyme::Assonance),
            ("camino", "amigo", Rhyme::Assonance),
            ("sol", "flor", Rhyme::Assonance),
            ("música", "rústica", Rhyme::Assonance),
            ("casa", "perro", Rhyme::None),
            ("vaca", "baca", Rhyme::Identical),
        ] {
            assert_eq!(of(a, b, Language::Es), expected, "{a} / {b}");
        }
    }

    #[test]
    fn vowels_are_counted_from_the_end() {
        let line = |t: &str| scan(t, Language::En);
        assert_eq!(matching_vowels(&line("my lemonade"), &line("like a renegade")), 3);
        assert_eq!(matching_vowels(&line("night"), &line("day")), 0);
    }
}
