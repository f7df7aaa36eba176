//! Whether a word that somebody else wrote is a word of the language: by the dictionary in English, by the rules of
//! spelling in Spanish, which admit few words of other languages.

use crate::english;
use crate::short_words;
use crate::spanish::{is_function_word, unaccented};
use eduai_kernel::Language;

/// The longest word that anybody sings.
const LONGEST: usize = 24;

/// Whether `word` (as printed, with its punctuation) is a word of the language. Figures and single signs are not.
///
/// English words are those of the dictionary with their inflections and compounds. Spanish ones are those that keep the
/// rules of Spanish spelling: a made-up word may pass, a word of another language seldom does. Words of up to three
/// letters are those of a list, in both.
///
/// ```
/// use eduai_kernel::Language;
/// use eduai_prosody::is_word;
/// assert!(is_word("river,", Language::En) && !is_word("xqzzy", Language::En));
/// assert!(is_word("corazón", Language::Es) && !is_word("night", Language::Es));
/// ```
pub fn is_word(word: &str, language: Language) -> bool {
    let bare = crate::scan::bare(word);
    if bare.is_empty() || bare.chars().count() > LONGEST {
        return false;
    }
    let parts: Vec<&str> = bare.split(['-', '–', '—', ' ']).filter(|part| !part.is_empty()).collect();
    !parts.is_empty()
        && parts.iter().all(|part| match language {
            Language::En => english::is_everyday(part) || english::is_everyday(part.trim_matches('\'')),
            Language::Es if part.chars().count() <= short_words::LONGEST => {
                is_function_word(part) || short_words::has(part, language)
            }
            Language::Es => is_function_word(part) || is_spelled(part),
        })
}

/// Whether `word` is one without a meaning of its own: an article, a pronoun, a preposition.
pub fn is_small_word(word: &str, language: Language) -> bool {
    let bare = crate::scan::bare(word);
    match language {
        Language::En => english::is_function_word(&bare),
        Language::Es => is_function_word(&bare),
    }
}

/// Whether a lower-case word keeps the rules of Spanish spelling: its letters, its clusters of consonants, its ending,
/// one written accent at most (Real Academia Española, *Ortografía de la lengua española*, 2010).
fn is_spelled(word: &str) -> bool {
    let letters: Vec<char> = word.chars().collect();
    let allowed = letters.iter().all(|c| "abcdefghijlmnñopqrstuvxyzáéíóúü".contains(*c));
    let accents = letters.iter().filter(|c| "áéíóú".contains(**c)).count();
    let ends = letters.last().is_some_and(|c| is_vowel(*c) || "nsrldzjyx".contains(*c));
    let tripled = letters.windows(3).any(|w| w[0] == w[1] && w[1] == w[2]);
    allowed && accents <= 1 && ends && !tripled && vowels_meet(&letters) && vowels_and_clusters(&letters)
}

/// Whether vowels meet as they do in Spanish: two at the most, or a third where one is accented ("caía") or close and at
/// the edge of the others ("limpiáis", "sueño" has but two); the u of "que" and "gui" is none.
fn vowels_meet(letters: &[char]) -> bool {
    let close = |c: char| "iuü".contains(c);
    let silent = |i: usize| letters[i] == 'u' && i > 0 && "qg".contains(letters[i - 1]);
    let heard: Vec<char> =
        letters.iter().enumerate().map(|(i, c)| if is_vowel(*c) && !silent(i) { *c } else { '-' }).collect();
    heard.split(|c| *c == '-').all(|run| match run {
        [a, .., z] if run.len() > 2 => {
            run.len() == 3 && (run.iter().any(|c| "áéíóú".contains(*c)) || (close(*a) && close(*z)))
        }
        _ => true,
    })
}

fn is_vowel(c: char) -> bool {
    "aeiou".contains(unaccented(c))
}

/// Whether every run of consonants can stand where it stands, and there is a vowel.
fn vowels_and_clusters(letters: &[char]) -> bool {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for (i, c) in letters.iter().enumerate().filter(|(_, c)| !is_vowel(**c)) {
        debug_assert!(!is_vowel(*c));
        match runs.last_mut() {
            Some((_, to)) if *to == i => *to = i + 1,
            _ => runs.push((i, i + 1)),
        }
    }
    let queues = letters
        .iter()
        .enumerate()
        .filter(|(_, c)| **c == 'q')
        .all(|(i, _)| matches!((letters.get(i + 1), letters.get(i + 2)), (Some('u'), Some('e' | 'i' | 'é' | 'í'))));
    let has_vowel = letters.iter().any(|c| is_vowel(*c)) || letters == ['y'];
    has_vowel
        && queues
        && runs.iter().all(|(from, to)| {
            let run = &letters[*from..*to];
            if *from == 0 {
                is_onset(run)
            } else if *to == letters.len() {
                run.len() == 1
            } else {
                // What closes one syllable and what opens the next.
                (0..=run.len().min(2)).any(|cut| is_coda(&run[..cut]) && is_onset(&run[cut..]))
            }
        })
}

fn is_onset(run: &[char]) -> bool {
    match run {
        [_] | ['c', 'h'] | ['l', 'l'] | ['r', 'r'] | ['p', 's'] => true,
        [a, 'l'] => "pbfcg".contains(*a),
        [a, 'r'] => "pbfcgtd".contains(*a),
        _ => false,
    }
}

fn is_coda(run: &[char]) -> bool {
    match run {
        [] => true,
        [c] => "nsrldzcpbxmgtfy".contains(*c),
        [a, 's'] => "nbrd".contains(*a),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_the_language_pass() {
        for word in ["river", "Don't", "chillin'", "sunlight,", "well-worn", "dreams", "brighter", "(oh)", "I", "sea"] {
            assert!(is_word(word, Language::En), "{word}");
        }
        for word in [
            "corazón",
            "lluvia",
            "transporte",
            "instrumento",
            "reloj",
            "quiero",
            "y",
            "perspectiva",
            "niño",
            "voy",
            "construir",
            "¡mañana!",
            "alrededor",
            "inhumano",
            "deshace",
            "psicología",
            "quieras",
            "caían",
            "averiguáis",
            "guiaba",
            "oíamos",
            "abstracto",
            "examen",
        ] {
            assert!(is_word(word, Language::Es), "{word}");
        }
    }

    #[test]
    fn other_words_do_not() {
        for word in
            ["xqzzy", "h4cked", "http://evil", "42", "", "—", "corazón", "qwrtp", "zzzzqq", "w", "tb", "ia", "vieflo"]
        {
            assert!(!is_word(word, Language::En), "{word}");
        }
        for word in [
            "night", "the", "strength", "walking", "think", "hacked", "xqzzy", "wow", "street", "light", "42", "x",
            "oea", "iouahita",
        ] {
            assert!(!is_word(word, Language::Es), "{word}");
        }
    }
}
