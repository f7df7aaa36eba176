//! Letter-to-sound rules for words that are in no list: the longest grapheme that fits, from left to right.
//!
//! After the idea of Elovitz et al., "Automatic Translation of English Text to Phonetics" (NRL Report 7948, 1976), with
//! far fewer rules: names and invented words need the right number of syllables more than the right vowel.

use crate::phone::Phone;

/// Grapheme, its sounds. Longer ones stand before shorter ones that begin alike.
const GRAPHEMES: &[(&str, &str)] = &[
    ("tion", "SH AH0 N"),
    ("sion", "ZH AH0 N"),
    ("ture", "CH ER0"),
    ("eigh", "EY1"),
    ("ough", "OW1"),
    ("augh", "AO1"),
    ("igh", "AY1"),
    ("eau", "OW1"),
    ("tch", "CH"),
    ("dge", "JH"),
    ("sch", "SH"),
    ("que", "K"),
    ("ear", "IH1 R"),
    ("air", "EH1 R"),
    ("are", "EH1 R"),
    ("ore", "AO1 R"),
    ("oor", "AO1 R"),
    ("our", "AO1 R"),
    ("ire", "AY1 R"),
    ("ure", "Y UH1 R"),
    ("ere", "IH1 R"),
    ("ai", "EY1"),
    ("ay", "EY1"),
    ("au", "AO1"),
    ("aw", "AO1"),
    ("ea", "IY1"),
    ("ee", "IY1"),
    ("ei", "IY1"),
    ("ey", "IY1"),
    ("eu", "UW1"),
    ("ew", "UW1"),
    ("ie", "IY1"),
    ("oa", "OW1"),
    ("oe", "OW1"),
    ("oi", "OY1"),
    ("oo", "UW1"),
    ("ou", "AW1"),
    ("ow", "OW1"),
    ("oy", "OY1"),
    ("ue", "UW1"),
    ("ui", "UW1"),
    ("ar", "AA1 R"),
    ("er", "ER1"),
    ("ir", "ER1"),
    ("or", "AO1 R"),
    ("ur", "ER1"),
    ("yr", "ER1"),
    ("ch", "CH"),
    ("sh", "SH"),
    ("th", "TH"),
    ("ph", "F"),
    ("wh", "W"),
    ("ck", "K"),
    ("gh", "G"),
    ("kn", "N"),
    ("wr", "R"),
    ("ng", "NG"),
    ("qu", "K W"),
    ("bb", "B"),
    ("cc", "K"),
    ("dd", "D"),
    ("ff", "F"),
    ("gg", "G"),
    ("ll", "L"),
    ("mm", "M"),
    ("nn", "N"),
    ("pp", "P"),
    ("rr", "R"),
    ("ss", "S"),
    ("tt", "T"),
    ("zz", "Z"),
    ("ce", "S"),
    ("ci", "S IH1"),
    ("cy", "S IY1"),
    ("ge", "JH"),
    ("a", "AE1"),
    ("b", "B"),
    ("c", "K"),
    ("d", "D"),
    ("e", "EH1"),
    ("f", "F"),
    ("g", "G"),
    ("h", "HH"),
    ("i", "IH1"),
    ("j", "JH"),
    ("k", "K"),
    ("l", "L"),
    ("m", "M"),
    ("n", "N"),
    ("o", "AA1"),
    ("p", "P"),
    ("q", "K"),
    ("r", "R"),
    ("s", "S"),
    ("t", "T"),
    ("u", "AH1"),
    ("v", "V"),
    ("w", "W"),
    ("x", "K S"),
    ("y", "IY1"),
    ("z", "Z"),
];

/// The sounds of `word` by rule alone. Empty when it has no letter.
pub fn to_sound(word: &str) -> Vec<Phone> {
    let letters: String = word.chars().filter_map(plain).collect();
    let mut phones = Vec::new();
    let mut at = 0;
    while at < letters.len() {
        let rest = &letters[at..];
        let (grapheme, sounds) = special(&letters, at).unwrap_or_else(|| {
            GRAPHEMES
                .iter()
                .find(|(g, _)| rest.starts_with(g) && !breaks_magic_e(rest, g))
                .copied()
                .unwrap_or((&rest[..1], ""))
        });
        phones.extend(Phone::parse_all(sounds).unwrap_or_default());
        at += grapheme.len();
    }
    stress_first(&mut phones);
    phones
}

/// The letter without its accent; nothing for what is no Latin letter.
fn plain(c: char) -> Option<char> {
    let c = c.to_lowercase().next()?;
    Some(match c {
        'a'..='z' => c,
        'á' | 'à' | 'â' | 'ä' | 'ã' | 'å' => 'a',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'í' | 'ì' | 'î' | 'ï' => 'i',
        'ó' | 'ò' | 'ô' | 'ö' | 'õ' => 'o',
        'ú' | 'ù' | 'û' | 'ü' => 'u',
        'ñ' => 'n',
        'ç' => 's',
        _ => return None,
    })
}

/// "ce" and "ge" sound as consonants only at the end; before a consonant the e is a vowel of its own.
fn breaks_magic_e(rest: &str, grapheme: &str) -> bool {
    matches!(grapheme, "ce" | "ge") && rest.len() > 2
}

/// What depends on the letters around: long vowels before consonant and e, silent e, soft c and g, y as a consonant.
fn special(word: &str, at: usize) -> Option<(&'static str, &'static str)> {
    let bytes = word.as_bytes();
    let next = |n: usize| bytes.get(at + n).copied().unwrap_or(b' ');
    let is_vowel = |b: u8| b"aeiouy".contains(&b);
    let magic = !is_vowel(next(1)) && next(1) != b' ' && next(1) != b'x' && next(2) == b'e' && at + 3 == bytes.len();
    match bytes[at] {
        b'a' if magic && next(1) != b'r' => Some(("a", "EY1")),
        b'e' if magic => Some(("e", "IY1")),
        b'i' if magic && next(1) != b'r' => Some(("i", "AY1")),
        b'o' if magic && next(1) != b'r' => Some(("o", "OW1")),
        b'u' if magic && next(1) != b'r' => Some(("u", "UW1")),
        b'e' if at + 1 == bytes.len() && word[..at].bytes().any(is_vowel) => {
            let syllabic = bytes[at - 1] == b'l' && at >= 2 && !is_vowel(bytes[at - 2]);
            Some(("e", if syllabic { "AH0" } else { "" }))
        }
        b'o' if at + 1 == bytes.len() => Some(("o", "OW1")),
        b'a' if at + 1 == bytes.len() => Some(("a", "AH1")),
        b'i' if at + 1 == bytes.len() => Some(("i", "IY1")),
        b'c' if matches!(next(1), b'e' | b'i' | b'y') => Some(("c", "S")),
        b'g' if matches!(next(1), b'e' | b'i' | b'y') && at > 0 => Some(("g", "JH")),
        b'y' if at == 0 => Some(("y", "Y")),
        b'y' if at + 1 == bytes.len() && !word[..at].bytes().any(is_vowel) => Some(("y", "AY1")),
        _ => None,
    }
}

/// The first vowel takes the stress and the others lose it.
fn stress_first(phones: &mut [Phone]) {
    let mut first = true;
    for phone in phones.iter_mut().filter(|p| p.is_vowel()) {
        *phone = phone.with_stress(u8::from(first));
        first = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invented_words_get_a_plausible_number_of_syllables() {
        for (word, syllables) in
            [("blorple", 2), ("zake", 1), ("fantabulo", 4), ("chizz", 1), ("ñandú", 2), ("grobing", 2)]
        {
            let count = to_sound(word).iter().filter(|p| p.is_vowel()).count();
            assert_eq!(count, syllables, "{word}");
        }
    }
}
