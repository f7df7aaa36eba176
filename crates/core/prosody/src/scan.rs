//! From a line of text to words, syllables and stresses.

use crate::model::{Line, Stress, Syllable, Word};
use crate::phone::Phone;
use crate::{english, hyphenate, spanish};
use eduai_kernel::Language;

/// Reads a line of text: its words with their syllables, stresses and printed pieces.
///
/// Never fails: a word outside the dictionary is spoken by rule, figures as the number they say, and what has neither
/// letters nor figures (a dash, a picture) is joined to the word before it or left out.
pub fn scan(text: &str, language: Language) -> Line {
    let mut words: Vec<Word> = Vec::new();
    for token in text.split_whitespace().filter(|t| !t.chars().all(char::is_control)) {
        match word(token, language) {
            Some(word) => words.push(word),
            None => append_to_last(&mut words, token),
        }
    }
    if language == Language::Es {
        words = spanish::join_vowels(words);
    }
    Line { words, rhyme: None, hook: false }
}

fn append_to_last(words: &mut [Word], mark: &str) {
    let Some(word) = words.last_mut().filter(|_| mark.chars().all(|c| c.is_ascii_punctuation() || "–—…".contains(c)))
    else {
        return;
    };
    word.text.push_str(mark);
    if let Some(last) = word.syllables.last_mut() {
        last.text.push_str(mark);
    }
}

/// The lower-case word inside its punctuation; typographic apostrophes become plain ones.
pub fn bare(text: &str) -> String {
    let plain = text.replace(['’', '‘'], "'").to_lowercase();
    let inner = plain.trim_matches(|c: char| !c.is_alphanumeric() && c != '\'');
    inner.trim_start_matches('\'').trim_end_matches(['\'']).to_owned()
}

/// One printed word. None when it has neither letter nor figure.
pub fn word(token: &str, language: Language) -> Option<Word> {
    let start = token.char_indices().find(|(_, c)| c.is_alphanumeric())?.0;
    let end = token.char_indices().rev().find(|(_, c)| c.is_alphanumeric()).map(|(i, c)| i + c.len_utf8())?;
    // The apostrophe of a dropped g belongs to the word: "rollin'".
    let dropped =
        token[end..].chars().next().filter(|c| "'’".contains(*c) && token[..end].to_lowercase().ends_with("in"));
    let end = end + dropped.map_or(0, char::len_utf8);
    let (before, core, after) = (&token[..start], &token[start..end], &token[end..]);
    let parts: Vec<&str> = core.split_inclusive(['-', '–', '—', '/', '&', '.', ',', '_']).collect();
    let mut syllables = Vec::new();
    for part in parts {
        syllables.extend(part_syllables(part, language));
    }
    syllables.first_mut()?.text.insert_str(0, before);
    syllables.last_mut()?.text.push_str(after);
    let content = match language {
        Language::En => !english::is_function_word(&bare(core)),
        Language::Es => !spanish::is_function_word(&bare(core)),
    };
    Some(Word { text: token.to_owned(), syllables, content })
}

/// The syllables of a part of a word that has no hyphen inside.
fn part_syllables(part: &str, language: Language) -> Vec<Syllable> {
    if part.bytes().any(|b| b.is_ascii_digit()) {
        return figure(part, language);
    }
    match language {
        Language::En => english_syllables(part),
        Language::Es => spanish::syllables(part),
    }
}

fn english_syllables(part: &str) -> Vec<Syllable> {
    let spelled: String = part.replace(['’', '‘'], "'").to_lowercase();
    let key: String = spelled.chars().filter(|c| c.is_alphabetic() || *c == '\'').collect();
    let phones = if is_initialism(part) { initials(&key) } else { english::pronounce(&key) };
    let vowels = phones.iter().filter(|p| p.is_vowel()).count();
    // The cuts are found on the key and carried over by counting characters, so that accents and marks do no harm.
    let cuts = if key.is_ascii() { hyphenate::cuts(&key, &phones) } else { Vec::new() };
    let pieces = cut_at(part, &cuts, vowels);
    dress(pieces, &phones, vowels == 1 && english::is_weak(key.trim_matches('\'')))
}

/// Cuts `part` after as many letters (and apostrophes) as each cut says; evenly where there are no cuts.
fn cut_at(part: &str, cuts: &[usize], wanted: usize) -> Vec<String> {
    let counts = |c: char| c.is_alphabetic() || matches!(c, '\'' | '’' | '‘');
    let length = part.chars().filter(|c| counts(*c)).count();
    let even: Vec<usize>;
    let cuts = if cuts.len() + 1 == wanted {
        cuts
    } else {
        even = (1..wanted).map(|i| i * length / wanted).collect();
        &even
    };
    let mut pieces = vec![String::new(); wanted];
    let mut seen = 0;
    for c in part.chars() {
        let piece = cuts.iter().filter(|cut| **cut <= seen && (counts(c) || **cut < seen)).count();
        pieces[piece.min(wanted - 1)].push(c);
        seen += usize::from(counts(c));
    }
    pieces
}

/// Puts sounds to the printed pieces.
fn dress(pieces: Vec<String>, phones: &[Phone], weak: bool) -> Vec<Syllable> {
    let nuclei: Vec<usize> = (0..phones.len()).filter(|i| phones[*i].is_vowel()).collect();
    let borders = sound_borders(phones, &nuclei);
    pieces
        .into_iter()
        .enumerate()
        .map(|(i, text)| {
            let vowel = phones[nuclei[i]];
            let (from, to) = (borders[i], borders[i + 1]);
            let stress = match vowel.stress() {
                _ if weak => Stress::None,
                1 => Stress::Primary,
                2 => Stress::Secondary,
                // A content word of one syllable is stressed even where the dictionary marks nothing.
                _ if nuclei.len() == 1 => Stress::Primary,
                _ => Stress::None,
            };
            Syllable {
                text,
                stress,
                vowel: vowel.name().to_owned(),
                open: to == nuclei[i] + 1,
                reduced: vowel.stress() == 0 && matches!(vowel.name(), "AH" | "IH" | "ER"),
                onset_consonants: (nuclei[i] - from) as u8,
                coda_consonants: (to - nuclei[i] - 1) as u8,
            }
        })
        .collect()
}

/// Where each syllable begins among the sounds: one consonant goes with the vowel after it, of more the first stays.
fn sound_borders(phones: &[Phone], nuclei: &[usize]) -> Vec<usize> {
    let inner = nuclei.windows(2).map(|pair| {
        let between = pair[1] - pair[0] - 1;
        pair[0] + 1 + if between > 1 { between / 2 } else { 0 }
    });
    [0].into_iter().chain(inner).chain([phones.len()]).collect()
}

fn is_initialism(part: &str) -> bool {
    let letters: Vec<char> = part.chars().filter(|c| c.is_alphabetic()).collect();
    matches!(letters.len(), 2..=4)
        && letters.iter().all(char::is_ascii_uppercase)
        && !letters.iter().any(|c| "AEIOU".contains(*c))
}

/// The names of the letters, for "DJ" and "TV".
fn initials(key: &str) -> Vec<Phone> {
    let name = |c: char| match c {
        'b' => "B IY1",
        'c' => "S IY1",
        'd' => "D IY1",
        'f' => "EH1 F",
        'g' => "JH IY1",
        'h' => "EY1 CH",
        'j' => "JH EY1",
        'k' => "K EY1",
        'l' => "EH1 L",
        'm' => "EH1 M",
        'n' => "EH1 N",
        'p' => "P IY1",
        'q' => "K Y UW1",
        'r' => "AA1 R",
        's' => "EH1 S",
        't' => "T IY1",
        'v' => "V IY1",
        'x' => "EH1 K S",
        'y' => "W AY1",
        'z' => "Z IY1",
        _ => "AH0",
    };
    // "W" has three syllables and one letter; counted as one, like any letter here, so that no piece is empty.
    key.chars().flat_map(|c| Phone::parse_all(name(c)).unwrap_or_default()).collect()
}

/// Figures are spoken as a number up to 99 and digit by digit above; the whole figure is printed under the first note.
fn figure(part: &str, language: Language) -> Vec<Syllable> {
    let digits: Vec<usize> = part.bytes().filter(u8::is_ascii_digit).map(|b| usize::from(b - b'0')).take(12).collect();
    let spoken = match (language, digits.as_slice()) {
        (Language::En, [tens, ones]) if *tens > 0 => english_two_figures(*tens, *ones),
        (Language::En, _) => digits.iter().map(|d| ONES_EN[*d].to_owned()).collect::<Vec<_>>().join(" "),
        (Language::Es, _) => digits.iter().map(|d| ONES_ES[*d].to_owned()).collect::<Vec<_>>().join(" "),
    };
    let mut syllables: Vec<Syllable> = spoken
        .split(' ')
        .filter(|w| !w.is_empty())
        .flat_map(|w| match language {
            Language::En => english_syllables(w),
            Language::Es => spanish::syllables(w),
        })
        .collect();
    for syllable in &mut syllables {
        syllable.text.clear();
    }
    if let Some(first) = syllables.first_mut() {
        part.clone_into(&mut first.text);
    }
    syllables
}

const ONES_EN: [&str; 10] = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
const ONES_ES: [&str; 10] = ["cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve"];
const TEENS_EN: [&str; 10] =
    ["ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"];
const TENS_EN: [&str; 10] = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

fn english_two_figures(tens: usize, ones: usize) -> String {
    match (tens, ones) {
        (1, _) => TEENS_EN[ones].to_owned(),
        (_, 0) => TENS_EN[tens].to_owned(),
        _ => format!("{} {}", TENS_EN[tens], ONES_EN[ones]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn printed(text: &str) -> String {
        let show = |w: &Word| w.syllables.iter().map(|s| s.text.as_str()).collect::<Vec<_>>().join("-");
        scan(text, Language::En).words.iter().map(show).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_line_keeps_its_print() {
        assert_eq!(printed("Don't stop, we're dancing — “all night”!"), "Don't stop, we're danc-ing— “all night”!");
        assert_eq!(printed("I’m rock-and-rollin’ at 7"), "I’m rock--and--roll-in’ at 7-");
        assert_eq!(printed("DJ’s on TV"), "D-J’s on T-V");
    }

    #[test]
    fn endings_that_overlap_the_word_before_them_are_divided() {
        for word in ["kitzen", "hovelen", "rottien", "ozonewen", "hewsfern", "redzens", "megjen"] {
            let pieces = scan(word, Language::En).words.remove(0).syllables;
            assert!(pieces.len() > 1, "{word}");
            assert_eq!(pieces.iter().map(|s| s.text.as_str()).collect::<String>(), word);
        }
    }

    #[test]
    fn function_words_are_weak_and_content_words_strong() {
        let line = scan("the river runs to you", Language::En);
        let weak: Vec<bool> = line.stresses().iter().map(|s| *s == Stress::None).collect();
        assert_eq!(weak, [true, false, true, false, true, true]);
        assert_eq!(line.words.iter().filter(|w| w.content).count(), 2);
    }

    proptest! {
        #[test]
        fn pieces_join_to_the_word_for_any_input(text in "\\PC{0,40}", spanish: bool) {
            let language = if spanish { Language::Es } else { Language::En };
            for word in scan(&text, language).words {
                let joined: String = word.syllables.iter().map(|s| s.text.as_str()).collect();
                prop_assert_eq!(&joined, &word.text);
                prop_assert!(!word.syllables.is_empty());
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4_000))]

        // What looks nearly like words goes further into the rules than any text does.
        #[test]
        fn pieces_join_to_what_looks_like_words(
            words in proptest::collection::vec("[a-zñáぁ']{1,7}(ing|ed|er|ern|en|ly|ness|s|'s|y)?", 1..4),
            spanish: bool,
        ) {
            let language = if spanish { Language::Es } else { Language::En };
            for word in &words {
                crate::is_word(word, language);
                let repaired = crate::repair_line(word, (3, 8), None, language);
                prop_assert!(repaired.line.words.len() <= 4);
            }
            let text = words.join(" ");
            for word in scan(&text, language).words {
                let joined: String = word.syllables.iter().map(|s| s.text.as_str()).collect();
                prop_assert_eq!(&joined, &word.text);
            }
        }
    }
}
