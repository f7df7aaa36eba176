//! Finding the names of genres in what people write.

use crate::{GenreId, Profile};

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

pub(crate) fn mentioned(profiles: &[Profile], prompt: &str) -> Vec<GenreId> {
    let prompt = words(prompt);
    let mut names: Vec<(Vec<String>, &GenreId)> = profiles
        .iter()
        .flat_map(|p| names(p).map(move |name| (name.split(' ').map(str::to_owned).collect(), &p.id)))
        .collect();
    names.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
    let mut found: Vec<GenreId> = Vec::new();
    let mut at = 0;
    while at < prompt.len() {
        let hit = names.iter().find(|(name, _)| prompt[at..].starts_with(name));
        at += hit.map_or(1, |(name, _)| name.len());
        if let Some((_, id)) = hit.filter(|(_, id)| !found.contains(id)) {
            found.push((*id).clone());
        }
    }
    found
}

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
