//! What a song is about: from an id, from words of the user, or by chance.

use crate::bank::{Bank, ThemeData, bank};
use crate::brief::{Theme, ThemeChoice};
use crate::spanish::unaccented;
use eduai_kernel::{Language, Random};

/// All themes, in the order of their ids.
pub fn themes(language: Language) -> Vec<Theme> {
    bank(language).themes.iter().map(described).collect()
}

/// The theme of a choice: the one with that id, the one that most words suggest, else one by chance. The same choice and
/// seed give the same theme. None only where the language has no themes at all.
pub fn pick_theme(choice: &ThemeChoice, language: Language, random: &Random) -> Option<Theme> {
    find(bank(language), choice, random).map(described)
}

/// The theme that most words suggest; none where none of them suggests any.
pub fn suggested_theme(text: &str, language: Language) -> Option<Theme> {
    let words = words(text);
    let themes = bank(language).themes.iter().map(|theme| (suggestions(theme, &words), theme));
    themes.filter(|(count, _)| *count > 0).max_by_key(|(count, _)| *count).map(|(_, theme)| described(theme))
}

/// A word that suggests the theme with this id and no other as much.
pub fn theme_keyword(id: &str, language: Language) -> Option<&'static str> {
    let theme = bank(language).themes.iter().find(|theme| theme.id == id)?;
    let telling =
        theme.keywords.iter().find(|word| suggested_theme(word, language).is_some_and(|found| found.id == id));
    telling.map(String::as_str)
}

fn described(theme: &ThemeData) -> Theme {
    Theme { id: theme.id.clone(), name: theme.name.clone() }
}

/// The data behind [`pick_theme`].
pub fn find<'a>(bank: &'a Bank, choice: &ThemeChoice, random: &Random) -> Option<&'a ThemeData> {
    let text = match choice {
        ThemeChoice::Id(id) => {
            if let Some(theme) = bank.themes.iter().find(|t| t.id == *id) {
                return Some(theme);
            }
            id
        }
        ThemeChoice::Prompt(text) => text,
    };
    let words = words(text);
    let mut random = random.fork("theme");
    let scores: Vec<usize> = bank.themes.iter().map(|t| suggestions(t, &words)).collect();
    let best = scores.iter().copied().max().unwrap_or(0);
    let tied: Vec<&ThemeData> = bank.themes.iter().zip(&scores).filter(|(_, s)| **s == best).map(|(t, _)| t).collect();
    random.pick(&tied).copied()
}

/// Lower-case words without accents or marks.
fn words(text: &str) -> Vec<String> {
    text.to_lowercase()
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .take(400)
        .map(|w| w.chars().map(unaccented).collect())
        .collect()
}

/// How many different words suggest the theme, in the singular or the plural.
fn suggestions(theme: &ThemeData, words: &[String]) -> usize {
    let singular = |w: &str| w.strip_suffix('s').map(str::to_owned);
    let said = |key: &str| words.iter().any(|w| w == key || singular(w).as_deref() == Some(key));
    theme.keywords.iter().filter(|key| said(key)).count()
}
