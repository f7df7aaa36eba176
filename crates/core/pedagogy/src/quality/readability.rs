//! How hard a text is to read: Flesch-Kincaid for English (Kincaid et al. 1975), Fernández-Huerta 1959 for Spanish with
//! the bands of INFLESZ (Barrio-Cantalejo et al. 2008).

use eduai_kernel::Language;

/// Counts of a text.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Counts {
    sentences: f64,
    words: f64,
    syllables: f64,
}

fn is_vowel(c: char) -> bool {
    "aeiouyáéíóúüàèìòù".contains(c)
}

/// Syllables by the groups of vowels; English drops a silent final e, Spanish parts strong vowels.
fn syllables(word: &str, language: Language) -> usize {
    let letters: Vec<char> = word.to_lowercase().chars().filter(|c| c.is_alphabetic()).collect();
    let strong = |c: char| "aeoáéíóú".contains(c);
    let mut count = 0;
    for (i, c) in letters.iter().enumerate() {
        let vowel = is_vowel(*c) && !(language == Language::Es && *c == 'y' && i + 1 != letters.len());
        let before = i.checked_sub(1).map(|j| letters[j]).filter(|p| is_vowel(*p));
        let parted = language == Language::Es && before.is_some_and(|p| strong(p) && strong(*c));
        if vowel && (before.is_none() || parted) {
            count += 1;
        }
    }
    let silent = language == Language::En
        && letters.len() > 2
        && letters.ends_with(&['e'])
        && !letters.ends_with(&['l', 'e'])
        && count > 1;
    (count - usize::from(silent)).max(1)
}

fn counts(text: &str, language: Language) -> Counts {
    // Bar numbers, counts and chord symbols are read at a glance; they are no prose.
    let words: Vec<&str> = text
        .split(|c: char| !(c.is_alphabetic() || c == '\''))
        .filter(|w| w.chars().filter(|c| c.is_alphabetic()).count() > 1 || ["a", "I", "y", "o", "e"].contains(w))
        .collect();
    let sentences = text
        .split(['.', '!', '?', ':', ';'])
        .filter(|s| s.split_whitespace().filter(|w| w.chars().any(char::is_alphabetic)).count() > 1)
        .count();
    Counts {
        sentences: sentences.max(1) as f64,
        words: words.len() as f64,
        syllables: words.iter().map(|w| syllables(w, language)).sum::<usize>() as f64,
    }
}

/// The school grade (0 and up) that reads the text with ease. Spanish ease is turned into a grade by the bands of
/// INFLESZ (very easy 80: grade 4, fairly easy 65: grade 6, normal 55: grade 8, somewhat hard 40: grade 11).
pub fn grade_level(text: &str, language: Language) -> f64 {
    let c = counts(text, language);
    if c.words < 1.0 {
        return 0.0;
    }
    let (length, weight) = (c.words / c.sentences, c.syllables / c.words);
    match language {
        Language::En => (0.39 * length + 11.8 * weight - 15.59).max(0.0),
        Language::Es => {
            let ease = 206.84 - 60.0 * weight - 1.02 * length;
            [(100.0, 1.0), (80.0, 4.0), (65.0, 6.0), (55.0, 8.0), (40.0, 11.0), (0.0, 18.0)]
                .windows(2)
                .find(|w| ease >= w[1].0)
                .map_or(18.0, |w| {
                    let share = ((w[0].0 - ease) / (w[0].0 - w[1].0)).clamp(0.0, 1.0);
                    w[0].1 + share * (w[1].1 - w[0].1)
                })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn syllables_are_counted_as_spoken() {
        for (word, n) in [("music", 2), ("make", 1), ("little", 2), ("harmony", 3), ("beat", 1), ("the", 1)] {
            assert_eq!(syllables(word, Language::En), n, "{word}");
        }
        for (word, n) in [("música", 3), ("armonía", 4), ("bueno", 2), ("caos", 2), ("guitarra", 3), ("voy", 1)] {
            assert_eq!(syllables(word, Language::Es), n, "{word}");
        }
    }

    #[test]
    fn longer_words_and_sentences_are_harder() {
        let easy = grade_level("The beat is strong. You can clap it. Try it now.", Language::En);
        let hard = grade_level(
            "Secondary dominants momentarily tonicise diatonic degrees by supplying individual leading notes.",
            Language::En,
        );
        assert!(easy < 4.0 && hard > 12.0, "{easy} {hard}");
        let easy = grade_level("El pulso es fuerte. Da una palmada. Canta con el bajo.", Language::Es);
        let hard = grade_level(
            "Las dominantes secundarias tonicalizan momentáneamente determinados grados diatónicos proporcionándoles sensibles individuales.",
            Language::Es,
        );
        assert!(easy < 7.0 && hard > 11.0, "{easy} {hard}");
        assert_eq!(grade_level("", Language::En), 0.0);
    }
}
