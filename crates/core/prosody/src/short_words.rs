//! Words of up to three letters that people say: the file `data/pronunciation/short_words.toml`.

use eduai_kernel::Language;
use serde::Deserialize;
use std::collections::HashSet;
use std::sync::LazyLock;

/// The longest word that must be in the list to be one, in letters.
pub const LONGEST: usize = 3;

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    en: String,
    es: String,
}

/// The file is part of the program and a test reads it, so a fault in it cannot reach a user.
static FILE: LazyLock<File> = LazyLock::new(|| {
    toml::from_str(include_str!("../../../../data/pronunciation/short_words.toml")).unwrap_or_default()
});

static EN: LazyLock<HashSet<&str>> = LazyLock::new(|| FILE.en.split_whitespace().collect());
static ES: LazyLock<HashSet<&str>> = LazyLock::new(|| FILE.es.split_whitespace().collect());

/// Whether the list has `word`, in lower case.
pub fn has(word: &str, language: Language) -> bool {
    match language {
        Language::En => EN.contains(word),
        Language::Es => ES.contains(word),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_read_in_order_and_holds_short_words_alone() {
        for (list, least) in [(&FILE.en, 300), (&FILE.es, 120)] {
            let words: Vec<&str> = list.split_whitespace().collect();
            assert!(words.len() >= least, "{}", words.len());
            for word in words {
                assert!(word.chars().count() <= LONGEST && word.chars().all(char::is_lowercase), "{word}");
            }
        }
        assert!(has("sea", Language::En) && has("mar", Language::Es) && !has("tb", Language::En));
    }
}
