//! Finding the names of genres in what people write.

use crate::{GenreId, Profile};
use eduai_kernel::Text;
use std::sync::LazyLock;

/// Lower case without accents; `ñ` stays a letter of its own.
pub(crate) fn fold(text: &str) -> String {
    text.chars()
        .flat_map(char::to_lowercase)
        .map(|c| match c {
            'á' | 'à' | 'ä' | 'â' => 'a',
            'é' | 'è' | 'ë' | 'ê' => 'e',
            'í' | 'ì' | 'ï' | 'î' => 'i',
            'ó' | 'ò' | 'ö' | 'ô' => 'o',
            'ú' | 'ù' | 'ü' | 'û' => 'u',
            c => c,
        })
        .collect()
}

/// Words only: everything that is no letter, digit or `&` becomes one blank, so that `hip-hop` and `hip hop` agree.
fn words(text: &str) -> Vec<String> {
    fold(text)
        .replace('&', " and ")
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Every name of a genre, folded.
pub(crate) fn names(profile: &Profile) -> impl Iterator<Item = String> {
    [profile.id.0.replace('_', " "), profile.name.en.clone(), profile.name.es.clone()]
        .into_iter()
        .chain(profile.aliases.iter().cloned())
        .map(|name| words(&name).join(" "))
}

/// What of `names` a sentence names, in the order of first mention, each once. Whole words only, the longest name first.
fn scan<'n, T: PartialEq>(names: impl Iterator<Item = (String, &'n T)>, prompt: &str) -> Vec<&'n T> {
    let prompt = words(prompt);
    let mut names: Vec<(Vec<String>, &T)> =
        names.map(|(name, what)| (name.split(' ').map(str::to_owned).collect(), what)).collect();
    names.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
    let mut found: Vec<&T> = Vec::new();
    let mut at = 0;
    while at < prompt.len() {
        let hit = names.iter().find(|(name, _)| prompt[at..].starts_with(name));
        at += hit.map_or(1, |(name, _)| name.len());
        if let Some((_, what)) = hit.filter(|(_, what)| !found.contains(what)) {
            found.push(*what);
        }
    }
    found
}

/// A genre that is named: one that we have, or one of which only the name is known.
#[derive(PartialEq)]
enum Named<'a> {
    Known(&'a GenreId),
    Other(&'a Text),
}

pub(crate) fn mentioned(profiles: &[Profile], prompt: &str) -> Vec<GenreId> {
    named(profiles, prompt, |named| match named {
        Named::Known(id) => Some((*id).clone()),
        Named::Other(_) => None,
    })
}

/// The names of the genres in a sentence that have no profile.
pub(crate) fn unknown(profiles: &[Profile], prompt: &str) -> Vec<Text> {
    named(profiles, prompt, |named| match named {
        Named::Known(_) => None,
        Named::Other(name) => Some((*name).clone()),
    })
}

fn named<T>(profiles: &[Profile], prompt: &str, of: impl Fn(&Named<'_>) -> Option<T>) -> Vec<T> {
    let known = profiles.iter().map(|p| (names(p).collect::<Vec<_>>(), Named::Known(&p.id)));
    let others = OTHERS.iter().map(|o| (o.words.iter().map(|w| words(w).join(" ")).collect(), Named::Other(&o.name)));
    let all: Vec<(Vec<String>, Named<'_>)> = known.chain(others).collect();
    let names = all.iter().flat_map(|(names, what)| names.iter().map(move |name| (name.clone(), what)));
    scan(names, prompt).into_iter().filter_map(of).collect()
}

/// A genre without a profile.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Other {
    name: Text,
    words: Vec<String>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Others {
    genre: Vec<Other>,
}

/// A file that cannot be read leaves the list empty; a test rules that out.
static OTHERS: LazyLock<Vec<Other>> = LazyLock::new(|| {
    let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../data/other_genres.toml"));
    toml::from_str::<Others>(text).map(|others| others.genre).unwrap_or_default()
});

/// The edit distance (Levenshtein 1966) between two short texts.
pub(crate) fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let cost = if x == *y { diagonal } else { 1 + diagonal.min(row[j]).min(row[j + 1]) };
            diagonal = row[j + 1];
            row[j + 1] = cost;
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::GenreBook;

    fn unknown_in(prompt: &str) -> Vec<String> {
        unknown(GenreBook::built_in().unwrap().profiles(), prompt).into_iter().map(|name| name.en).collect()
    }

    #[test]
    fn genres_without_a_profile_are_known_by_name() {
        assert_eq!(unknown_in("Flamenco, rock and bulerías about the sea"), ["Flamenco"]);
        assert_eq!(unknown_in("bossa nova con SALSA"), ["Bossa nova", "Salsa"]);
        assert!(unknown_in("jazz and hip-hop for ninth graders").is_empty());
        assert!(unknown_in("a punkish, funky mood").is_empty());
    }

    #[test]
    fn no_genre_is_both_known_and_unknown() {
        let book = GenreBook::built_in().unwrap();
        assert!(OTHERS.len() > 20);
        for other in OTHERS.iter() {
            for word in &other.words {
                assert!(book.mentioned_in(word).is_empty(), "{word}");
                assert_eq!(unknown(book.profiles(), word), std::slice::from_ref(&other.name), "{word}");
            }
        }
    }
}
