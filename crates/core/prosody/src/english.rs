//! How an English word is spoken: our own list first, then the dictionary, then the word's parts, then rules.

use crate::dictionary::look_up;
use crate::letters;
use crate::phone::Phone;
use crate::short_words;
use eduai_kernel::Language;
use serde::Deserialize;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    divided: HashSet<String>,
    function_words: HashSet<String>,
    function_words_long: HashSet<String>,
    words: HashMap<String, String>,
}

/// A word of our own list: its sounds, and its printed pieces.
pub struct Addition {
    /// The sounds.
    pub phones: Vec<Phone>,
    /// The pieces into which it is divided under notes.
    pub pieces: Vec<String>,
}

/// The file is part of the program and a test reads it, so a fault in it cannot reach a user.
static FILE: LazyLock<File> =
    LazyLock::new(|| toml::from_str(include_str!("../../../../data/pronunciation/en.toml")).unwrap_or_default());

static ADDITIONS: LazyLock<HashMap<String, Addition>> = LazyLock::new(|| {
    let read = |(word, sounds): (&String, &String)| {
        let phones = Phone::parse_all(sounds)?;
        let pieces = word.split('-').map(str::to_owned).collect();
        Some((word.replace('-', ""), Addition { phones, pieces }))
    };
    FILE.words.iter().filter_map(read).collect()
});

/// The entry of our own list for `word`, in lower case.
pub fn addition(word: &str) -> Option<&'static Addition> {
    ADDITIONS.get(word)
}

static DIVIDED: LazyLock<HashMap<String, Vec<String>>> = LazyLock::new(|| {
    let pieces = |word: &String| (word.replace('-', ""), word.split('-').map(str::to_owned).collect());
    FILE.divided.iter().map(pieces).collect()
});

/// The pieces into which our list divides `word`, in lower case.
pub fn printed_pieces(word: &str) -> Option<&'static [String]> {
    DIVIDED.get(word).or_else(|| addition(word).map(|a| &a.pieces)).map(Vec::as_slice)
}

/// Whether `word`, in lower case, is a function word of one syllable, which is spoken weakly.
pub fn is_weak(word: &str) -> bool {
    FILE.function_words.contains(word)
}

/// Whether `word`, in lower case, is a function word of any length.
pub fn is_function_word(word: &str) -> bool {
    is_weak(word) || FILE.function_words_long.contains(word)
}

/// The sounds of a word that our list or the dictionary has.
pub fn known(word: &str) -> Option<Vec<Phone>> {
    let listed = |word: &str| addition(word).map(|a| a.phones.clone());
    listed(word).or_else(|| word.strip_suffix("'s").and_then(listed).map(with_s)).or_else(|| look_up(word))
}

/// The sounds of `word` (lower case; letters and apostrophes), which need not be in any list. At least one vowel.
pub fn pronounce(word: &str) -> Vec<Phone> {
    let plain = word.trim_matches('\'');
    let mut phones = known(word)
        .or_else(|| known(plain))
        .or_else(|| dropped_g(plain))
        .or_else(|| inflected(plain))
        .or_else(|| compound(plain))
        .unwrap_or_else(|| letters::to_sound(plain));
    if !phones.iter().any(|p| p.is_vowel()) {
        phones.extend(Phone::parse("AH1"));
    }
    phones
}

/// Whether the sounds of the word are known or follow from known parts, so that no guess by its letters is needed.
#[cfg(test)]
pub fn is_pronounceable(word: &str) -> bool {
    known(word).or_else(|| dropped_g(word)).or_else(|| inflected(word)).or_else(|| compound(word)).is_some()
}

/// Whether `word`, in lower case, is one of everyday language. The dictionary has the sounds of every letter, of
/// abbreviations and of thousands of names, and of two such a compound is soon made; so what is short must be listed.
pub fn is_everyday(word: &str) -> bool {
    if word.chars().count() <= short_words::LONGEST {
        return is_function_word(word) || short_words::has(word, Language::En);
    }
    known(word).or_else(|| dropped_g(word)).or_else(|| inflected(word)).is_some()
        || compound_cut(word).is_some_and(|cut| is_everyday(&word[..cut]) && is_everyday(&word[cut..]))
}

fn phone(symbol: &str) -> Option<Phone> {
    Phone::parse(symbol)
}

/// "chillin'" and "chillin" are "chilling" with another last sound.
fn dropped_g(word: &str) -> Option<Vec<Phone>> {
    let full = format!("{}g", word.strip_suffix('\'').unwrap_or(word));
    let mut phones = full.ends_with("ing").then(|| known(&full).or_else(|| inflected(&full)))??;
    *phones.last_mut()? = phone("N")?;
    Some(phones)
}

/// A known stem with an ending: possessive or plural, past, -ing, -er, -est, -ly, -ness, -less, -ful.
fn inflected(word: &str) -> Option<Vec<Phone>> {
    if let Some(stem) = word.strip_suffix("'s").or_else(|| word.strip_suffix('s').filter(|s| !s.ends_with('s'))) {
        let stem = stem.strip_suffix('\'').unwrap_or(stem);
        let phones = known(stem)
            .or_else(|| compound(stem))
            .or_else(|| stem.strip_suffix('e').filter(|s| s.ends_with(['s', 'x', 'z', 'h'])).and_then(known));
        if let Some(phones) = phones {
            return Some(with_s(phones));
        }
    }
    if let Some(phones) = stem_before(word, "ed") {
        return Some(with_ed(phones));
    }
    for (ending, sounds) in [
        ("ing", "IH0 NG"),
        ("ings", "IH0 NG Z"),
        ("er", "ER0"),
        ("ers", "ER0 Z"),
        ("est", "AH0 S T"),
        ("ly", "L IY0"),
        ("ness", "N AH0 S"),
        ("less", "L AH0 S"),
        ("ful", "F AH0 L"),
    ] {
        if let Some(mut phones) = stem_before(word, ending) {
            phones.extend(Phone::parse_all(sounds)?);
            return Some(phones);
        }
    }
    None
}

/// The known stem before `ending`, also where the spelling dropped an e or doubled a consonant.
fn stem_before(word: &str, ending: &str) -> Option<Vec<Phone>> {
    let stem = word.strip_suffix(ending).filter(|s| s.len() > 2)?;
    let doubled = || {
        let mut back = stem.chars();
        let last = back.next_back();
        (last == back.clone().next_back()).then(|| known(back.as_str())).flatten()
    };
    known(stem)
        .or_else(|| known(&format!("{stem}e")))
        .or_else(doubled)
        .or_else(|| stem.strip_suffix('i').and_then(|s| known(&format!("{s}y"))))
        .or_else(|| compound(stem))
}

fn with_s(mut phones: Vec<Phone>) -> Vec<Phone> {
    let last = phones.last().map_or("", |p| p.name());
    let ending = match last {
        "S" | "Z" | "SH" | "ZH" | "CH" | "JH" => "IH0 Z",
        "P" | "T" | "K" | "F" | "TH" => "S",
        _ => "Z",
    };
    phones.extend(Phone::parse_all(ending).unwrap_or_default());
    phones
}

fn with_ed(mut phones: Vec<Phone>) -> Vec<Phone> {
    let last = phones.last().map_or("", |p| p.name());
    let ending = match last {
        "T" | "D" => "IH0 D",
        "P" | "K" | "F" | "TH" | "S" | "SH" | "CH" => "T",
        _ => "D",
    };
    phones.extend(Phone::parse_all(ending).unwrap_or_default());
    phones
}

/// Two known words of three letters or more written as one; the second keeps a secondary stress.
fn compound(word: &str) -> Option<Vec<Phone>> {
    let cut = compound_cut(word)?;
    let (mut phones, second) = (known(&word[..cut])?, known(&word[cut..])?);
    phones.extend(second.into_iter().map(|p| if p.stress() == 1 { p.with_stress(2) } else { p }));
    Some(phones)
}

/// Where a compound is divided: the cut that makes both parts as even as possible.
pub fn compound_cut(word: &str) -> Option<usize> {
    if !word.bytes().all(|b| b.is_ascii_lowercase()) || word.len() < 6 {
        return None;
    }
    let middle = word.len() / 2;
    let mut cuts: Vec<usize> = (3..=word.len() - 3).collect();
    cuts.sort_by_key(|c| c.abs_diff(middle));
    cuts.into_iter().find(|c| known(&word[..*c]).is_some() && known(&word[*c..]).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sounds(word: &str) -> String {
        let show = |p: &Phone| if p.is_vowel() { format!("{}{}", p.name(), p.stress()) } else { p.name().to_owned() };
        pronounce(word).iter().map(show).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn our_list_is_well_formed() {
        assert_eq!(ADDITIONS.len(), FILE.words.len(), "sounds that cannot be read, or a word twice");
        assert!(FILE.words.len() > 80 && FILE.function_words.len() > 100);
        for (word, entry) in ADDITIONS.iter() {
            let vowels = entry.phones.iter().filter(|p| p.is_vowel()).count();
            assert_eq!(vowels, entry.pieces.len(), "{word}");
        }
    }

    #[test]
    fn words_outside_the_dictionary_are_taken_apart() {
        assert_eq!(sounds("chillin'"), "CH IH1 L IH0 N");
        assert_eq!(sounds("chillin"), "CH IH1 L IH0 N");
        assert_eq!(sounds("skateboard's"), "S K EY1 T B AO2 R D Z");
        assert_eq!(sounds("drumbeats"), "D R AH1 M B IY2 T S");
        assert_eq!(sounds("stargazing").split(' ').filter(|p| p.ends_with(char::is_numeric)).count(), 3);
        assert_eq!(sounds("twerk"), "T W ER1 K");
        assert_eq!(sounds("grooved"), "G R UW1 V D");
    }

    #[test]
    fn anything_has_a_vowel() {
        for word in ["", "zzz", "'", "qqq", "hmm", "strngth"] {
            assert!(pronounce(word).iter().any(|p| p.is_vowel()), "{word:?}");
        }
    }
}
