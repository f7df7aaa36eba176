//! Spanish: syllables, stress, synalepha and rhyme by rule; its spelling tells all of it.
//!
//! Sources: Real Academia Española, *Ortografía de la lengua española* (2010), on syllables, diphthongs, hiatus and the
//! written accent; T. Navarro Tomás, *Métrica española* (1956), on synalepha and the end of the verse.

use crate::model::{Stress, Syllable, Word};
use crate::rhyme::Tail;
use std::sync::LazyLock;

/// Unstressed words: articles, short pronouns, prepositions, conjunctions, possessives.
const WEAK: &[&str] = &[
    "el", "la", "los", "las", "lo", "un", "unos", "unas", "me", "te", "se", "nos", "os", "le", "les", "mi", "mis",
    "tu", "tus", "su", "sus", "a", "al", "de", "del", "en", "con", "por", "sin", "para", "y", "e", "o", "u", "ni",
    "que", "si", "pero", "como", "cuando", "donde", "mientras", "porque", "sobre", "entre", "hasta", "desde", "hacia",
    "tras", "aunque", "pues", "nuestro", "nuestra", "nuestros", "nuestras", "cual", "quien", "según", "contra", "bajo",
];
/// Words that are stressed and yet carry little meaning of their own.
const SMALL: &[&str] = &[
    "una", "yo", "tú", "él", "ella", "ellos", "ellas", "nosotros", "esto", "eso", "este", "esta", "ese", "esa",
    "estos", "estas", "hay", "es", "son", "soy", "eres", "fue", "era", "está", "están", "estoy", "no", "sí", "ya",
    "más", "muy", "qué", "cómo", "quién", "dónde", "cuándo", "he", "ha", "han", "hemos", "cada", "todo", "toda",
    "todos", "todas", "mí", "ti", "aquí", "ahí", "allí", "también", "así", "tan", "algo", "nada", "nadie", "alguien",
    "otro", "otra", "mío", "tuyo",
];

static FUNCTION_WORDS: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let mut words: Vec<&str> = WEAK.iter().chain(SMALL).copied().collect();
    words.sort_unstable();
    words
});

/// Whether the lower-case word carries little meaning of its own.
pub fn is_function_word(word: &str) -> bool {
    FUNCTION_WORDS.binary_search(&word).is_ok()
}

fn is_vowel(c: char) -> bool {
    "aeiouáéíóúü".contains(c)
}

fn is_strong(c: char) -> bool {
    "aeoáéó".contains(c)
}

fn is_accented(c: char) -> bool {
    "áéíóú".contains(c)
}

/// The letter without the accent or the diaeresis that Spanish puts on it.
pub(crate) fn unaccented(c: char) -> char {
    match c {
        'á' => 'a',
        'é' => 'e',
        'í' => 'i',
        'ó' => 'o',
        'ú' | 'ü' => 'u',
        other => other,
    }
}

/// Whether the vowel letter at `i` is silent: the u of que, qui, gue, gui.
fn is_mute_u(c: &[char], i: usize) -> bool {
    c[i] == 'u'
        && i > 0
        && matches!(c[i - 1], 'q' | 'g')
        && c.get(i + 1).is_some_and(|n| matches!(n, 'e' | 'i' | 'é' | 'í'))
}

/// Whether the letter at `i` sounds as a vowel. A y does at the end of a word after a vowel, or alone.
fn sounds_as_vowel(c: &[char], i: usize) -> bool {
    let closing_y = c[i] == 'y' && i + 1 == c.len() && (i == 0 || is_vowel(c[i - 1]));
    (is_vowel(c[i]) && !is_mute_u(c, i)) || closing_y
}

/// Whether two neighbouring vowels belong to two syllables: both strong, or a stressed weak one beside a strong one, or
/// the same letter twice.
fn is_hiatus(a: char, b: char) -> bool {
    (is_strong(a) && is_strong(b))
        || (matches!(a, 'í' | 'ú') && is_strong(b))
        || (is_strong(a) && matches!(b, 'í' | 'ú'))
        || unaccented(a) == unaccented(b)
}

/// Ranges of the nuclei (in characters) of a lower-case word.
fn nuclei(c: &[char]) -> Vec<(usize, usize)> {
    let mut found: Vec<(usize, usize)> = Vec::new();
    for i in 0..c.len() {
        if !sounds_as_vowel(c, i) {
            continue;
        }
        match found.last_mut() {
            // A mute h between vowels does not part them for the rules, but print keeps it with the second: hiatus.
            Some((from, to)) if *to == i && !is_hiatus(c[i - 1], c[i]) && i - *from < 3 => *to = i + 1,
            _ => found.push((i, i + 1)),
        }
    }
    found
}

/// How many of the consonants between two nuclei go with the second.
fn onset_length(cluster: &[char]) -> usize {
    let n = cluster.len();
    if n <= 1 {
        return n;
    }
    let pair = (cluster[n - 2], cluster[n - 1]);
    let inseparable = matches!(pair, ('c', 'h') | ('l', 'l') | ('r', 'r') | ('q' | 'g', 'u'))
        || (matches!(pair.0, 'p' | 'b' | 'f' | 'c' | 'g') && matches!(pair.1, 'l' | 'r'))
        || (matches!(pair.0, 't' | 'd' | 'k') && pair.1 == 'r');
    if inseparable { 2 } else { 1 }
}

/// Starts of the syllables, in characters.
fn borders(c: &[char], nuclei: &[(usize, usize)]) -> Vec<usize> {
    let inner = nuclei.windows(2).map(|p| p[1].0 - onset_length(&c[p[0].1..p[1].0]));
    [0].into_iter().chain(inner).collect()
}

/// Which syllable is stressed: the written accent, else the last but one after a vowel, n or s, else the last.
fn stressed(c: &[char], nuclei: &[(usize, usize)]) -> usize {
    if let Some(i) = nuclei.iter().position(|(from, to)| c[*from..*to].iter().any(|v| is_accented(*v))) {
        return i;
    }
    let light = c.iter().rev().find(|l| l.is_alphabetic()).is_some_and(|l| is_vowel(*l) || matches!(l, 'n' | 's'));
    if light { nuclei.len().saturating_sub(2) } else { nuclei.len().saturating_sub(1) }
}

/// The syllables of a word or part of a word, as printed.
pub fn syllables(part: &str) -> Vec<Syllable> {
    let lower: Vec<char> = part.chars().map(|c| c.to_lowercase().next().unwrap_or(c)).collect();
    let nuclei = nuclei(&lower);
    let printed: Vec<char> = part.chars().collect();
    if nuclei.is_empty() {
        return vec![Syllable {
            text: part.to_owned(),
            stress: Stress::Primary,
            vowel: "e".into(),
            open: false,
            reduced: false,
            onset_consonants: 1,
            coda_consonants: 0,
        }];
    }
    let starts = borders(&lower, &nuclei);
    let word: String = lower.iter().filter(|c| c.is_alphabetic()).collect();
    let weak = WEAK.contains(&word.as_str());
    let stressed = stressed(&lower, &nuclei);
    (0..nuclei.len())
        .map(|i| {
            let end = starts.get(i + 1).copied().unwrap_or(printed.len());
            let (from, to) = nuclei[i];
            let coda = lower[to..end].iter().filter(|c| c.is_alphabetic()).count();
            Syllable {
                text: printed[starts[i]..end].iter().collect(),
                stress: if i == stressed && !weak { Stress::Primary } else { Stress::None },
                vowel: lower[from..to].iter().collect(),
                open: coda == 0,
                reduced: false,
                onset_consonants: lower[starts[i]..from].iter().filter(|c| c.is_alphabetic() && **c != 'h').count()
                    as u8,
                coda_consonants: coda as u8,
            }
        })
        .collect()
}

/// Joins words by synalepha: a word that ends in a vowel and one that begins with a vowel (or h) share a note, "la una"
/// gives `la u`, `na`. Not across punctuation, not where both syllables are stressed, and never three notes into one.
pub fn join_vowels(words: Vec<Word>) -> Vec<Word> {
    let mut joined: Vec<Word> = Vec::with_capacity(words.len());
    for word in words {
        match joined.last_mut() {
            Some(before) if meets(before, &word) => merge(before, word),
            _ => joined.push(word),
        }
    }
    joined
}

/// Whether two neighbouring words share a note.
pub fn meets(before: &Word, next: &Word) -> bool {
    let (Some(last), Some(first)) = (before.syllables.last(), next.syllables.first()) else { return false };
    let ends = last.text.chars().last().map(|c| c.to_lowercase().next().unwrap_or(c));
    let mut start = first.text.chars().map(|c| c.to_lowercase().next().unwrap_or(c));
    let (head, second) = (start.next(), start.next());
    let begins = match head {
        // hie- and hue- begin with a consonant sound.
        Some('h') => second.filter(|_| !first.vowel.starts_with("ie") && !first.vowel.starts_with("ue")),
        // The conjunction "y" before a consonant is a vowel; "ya" and "yo" begin with a consonant.
        Some('y') if second.is_none() => Some('i'),
        other => other,
    };
    let vowels = ends.is_some_and(|c| is_vowel(c) || c == 'y') && begins.is_some_and(is_vowel);
    let both_stressed = last.stress != Stress::None && first.stress != Stress::None;
    vowels && !both_stressed && !last.text.contains(' ')
}

fn merge(before: &mut Word, next: Word) {
    let mut following = next.syllables.into_iter();
    if let (Some(last), Some(first)) = (before.syllables.last_mut(), following.next()) {
        last.text = format!("{} {}", last.text, first.text);
        last.vowel = format!("{}{}", last.vowel, first.vowel);
        last.stress = last.stress.max(first.stress);
        last.open = first.open;
        last.coda_consonants = first.coda_consonants;
    }
    before.syllables.extend(following);
    before.text = format!("{} {}", before.text, next.text);
    before.content |= next.content;
}

/// What of the lower-case word takes part in rhyme: everything from the stressed vowel on, letters that sound alike
/// written alike.
pub fn tail(word: &str) -> Tail {
    let c: Vec<char> = word.chars().filter(|c| c.is_alphabetic()).collect();
    let nuclei = nuclei(&c);
    if nuclei.is_empty() {
        return Tail::default();
    }
    let (from, to) = nuclei[stressed(&c, &nuclei)];
    // In a diphthong the rhyme begins at its strong or accented vowel: "tiempo" rhymes from the e.
    let start =
        (from..to).find(|i| is_accented(c[*i])).or_else(|| (from..to).find(|i| is_strong(c[*i]))).unwrap_or(to - 1);
    let onset: String =
        c[..start].iter().rev().take_while(|l| !is_strong(**l)).collect::<String>().chars().rev().collect();
    let sounds = sound(&c[start..]);
    let end = (start..c.len()).filter(|i| sounds_as_vowel(&c, *i)).collect::<Vec<_>>();
    let later = nuclei.iter().filter(|(f, _)| *f > start).map(|(f, t)| {
        // Of a diphthong after the stress only the strong vowel counts.
        let strong = (*f..*t).find(|i| is_strong(c[*i])).unwrap_or(*t - 1);
        unaccented(c[strong])
    });
    let vowels: String = [end.first().map_or(' ', |i| unaccented(c[*i]))].into_iter().chain(later).collect();
    // In a word stressed on the third syllable from the end the middle vowel does not count.
    let vowels = if vowels.chars().count() == 3 {
        vowels.chars().enumerate().filter(|(i, _)| *i != 1).map(|(_, v)| v).collect()
    } else {
        vowels
    };
    Tail { onset: sound(&onset.chars().collect::<Vec<_>>()), family: sounds.clone(), sounds, vowels }
}

/// Spelling reduced to sound: b = v, ll = y, h mute, c and z = s (as most speakers have it), g before e and i = j.
fn sound(c: &[char]) -> String {
    let mut out = String::new();
    for i in 0..c.len() {
        let next = c.get(i + 1).copied().unwrap_or(' ');
        let soft = matches!(next, 'e' | 'i' | 'é' | 'í');
        out.push(match c[i] {
            'v' => 'b',
            'h' if i > 0 && c[i - 1] == 'c' => 'h',
            'h' => continue,
            'z' => 's',
            'c' if soft => 's',
            'c' if next == 'h' => 'c',
            'c' | 'q' | 'k' => 'k',
            'g' if soft => 'j',
            'l' if next == 'l' => continue,
            'l' if i > 0 && c[i - 1] == 'l' => 'y',
            'u' if is_mute_u(c, i) => continue,
            'y' if next == ' ' => 'i',
            other => unaccented(other),
        });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scan;
    use eduai_kernel::Language;

    fn divided(word: &str) -> String {
        syllables(word).iter().map(|s| s.text.clone()).collect::<Vec<_>>().join("-")
    }

    #[test]
    fn words_are_divided_by_the_academys_rules() {
        for printed in [
            "ca-sa",
            "ciu-dad",
            "can-ción",
            "rí-o",
            "ma-es-tro",
            "po-e-ta",
            "cuen-to",
            "a-brir",
            "ins-tru-men-to",
            "pe-rro",
            "ca-lle",
            "no-che",
            "gui-ta-rra",
            "que-rer",
            "a-gua",
            "len-gua",
            "pin-güi-no",
            "hoy",
            "ley",
            "rit-mo",
            "trans-por-te",
            "at-las",
            "al-co-hol",
            "a-é-re-o",
            "ba-úl",
            "Ra-úl",
            "mú-si-ca",
            "es-tre-lla",
            "a-diós",
            "lluvia",
            "ciu-da-des",
        ] {
            let printed = if printed == "lluvia" { "llu-via" } else { printed };
            assert_eq!(divided(&printed.replace('-', "")), printed);
        }
    }

    #[test]
    fn stress_follows_accent_and_ending() {
        let strong = |w: &str| syllables(w).iter().position(|s| s.stress == Stress::Primary);
        for (word, index) in
            [("canta", 0), ("cantar", 1), ("canción", 1), ("música", 0), ("reloj", 1), ("jóvenes", 0), ("cantan", 0)]
        {
            assert_eq!(strong(word), Some(index), "{word}");
        }
        assert_eq!(strong("para"), None);
    }

    #[test]
    fn vowels_that_meet_share_a_note() {
        let count = |t: &str| scan(t, Language::Es).syllable_count();
        assert_eq!(count("la una"), 2);
        assert_eq!(count("esta noche hay estrellas"), 7);
        assert_eq!(count("mi casa, alta y clara"), 7);
        assert_eq!(count("el río y el mar"), 5);
        assert_eq!(count("la hierba"), 3);
    }
}
