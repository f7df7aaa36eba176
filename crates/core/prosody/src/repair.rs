//! Mends one line that someone else wrote, a language model or a pupil, so that it can be sung where it must stand.

use crate::english;
use crate::model::{Line, Word};
use crate::rhyme::rhyme;
use crate::scan::scan;
use crate::screen::screen_prompt;
use eduai_kernel::Language;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What is still wrong with a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LineFault {
    /// It has no words.
    Empty,
    /// It says what a class should not sing.
    Unsuitable,
    /// It has too few syllables.
    TooShort,
    /// It has too many syllables.
    TooLong,
    /// It does not rhyme where it should.
    NoRhyme,
}

/// A mended line, and what could not be mended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Repair {
    /// The line. It says nothing that the given one did not say.
    pub line: Line,
    /// What is still wrong; empty when the line can be sung.
    pub faults: Vec<LineFault>,
}

/// Long forms and the short ones that take a syllable less.
const CONTRACTIONS: &[(&str, &str)] = &[
    ("i am", "I'm"),
    ("you are", "you're"),
    ("we are", "we're"),
    ("they are", "they're"),
    ("it is", "it's"),
    ("that is", "that's"),
    ("there is", "there's"),
    ("i will", "I'll"),
    ("you will", "you'll"),
    ("we will", "we'll"),
    ("i have", "I've"),
    ("we have", "we've"),
    ("do not", "don't"),
    ("can not", "can't"),
    ("let us", "let's"),
];
/// Words whose loss changes neither grammar nor sense, at the head of a line or inside it.
const SPARE: &[&str] = &["and", "but", "so", "oh", "just", "yeah", "well", "very", "really"];
const SPARE_ES: &[&str] = &["y", "oh", "pues", "ya", "muy"];

/// Brings `text` to between `low` and `high` syllables with contractions, lost filler words or an opening "oh", and says
/// what is still wrong. With `rhyme_with`, its last word must rhyme with that word. Words that carry meaning never change.
pub fn repair_line(text: &str, (low, high): (usize, usize), rhyme_with: Option<&Word>, language: Language) -> Repair {
    let mut line = scan(text.trim(), language);
    while line.syllable_count() > high {
        let Some(shorter) = contracted(&line, language).or_else(|| without_spare(&line, language)) else { break };
        line = shorter;
    }
    if !line.words.is_empty() && line.syllable_count() + 1 == low {
        line = scan(&format!("Oh, {}", lower_head(&line.text())), language);
    }
    let count = line.syllable_count();
    let rhymes = |with: &Word| line.words.last().is_some_and(|w| rhyme(with, w, language).keeps(language));
    let found = [
        (line.words.is_empty(), LineFault::Empty),
        (screen_prompt(&line.text()).is_refused(), LineFault::Unsuitable),
        (count > 0 && count < low, LineFault::TooShort),
        (count > high, LineFault::TooLong),
        (!rhyme_with.is_none_or(rhymes), LineFault::NoRhyme),
    ];
    let faults = found.into_iter().filter_map(|(is, fault)| is.then_some(fault)).collect();
    Repair { line, faults }
}

/// The first long form replaced by its short one, where that saves a syllable.
fn contracted(line: &Line, language: Language) -> Option<Line> {
    if language != Language::En {
        return None;
    }
    let words: Vec<&str> = line.words.iter().map(|w| w.text.as_str()).collect();
    (0..words.len().saturating_sub(1)).find_map(|i| {
        let pair = format!("{} {}", words[i].to_lowercase(), words[i + 1].to_lowercase());
        let short = CONTRACTIONS.iter().find(|(long, _)| *long == pair)?.1;
        // "Yes, I am" cannot end in "I'm": a short form needs a word after it.
        words.get(i + 2)?;
        let short = if i == 0 { upper_head(short) } else { short.to_owned() };
        let text = [&words[..i], &[short.as_str()], &words[i + 2..]].concat().join(" ");
        Some(scan(&text, language)).filter(|l| l.syllable_count() < line.syllable_count())
    })
}

/// The line without its first filler word; never without its last word.
fn without_spare(line: &Line, language: Language) -> Option<Line> {
    let spare = if language == Language::Es { SPARE_ES } else { SPARE };
    let text = line.text();
    let words: Vec<&str> = text.split_whitespace().collect();
    let last = words.len().checked_sub(1)?;
    let at = words[..last].iter().position(|w| spare.contains(&crate::scan::bare(w).as_str()))?;
    let rest = [&words[..at], &words[at + 1..]].concat().join(" ");
    Some(scan(&if at == 0 { upper_head(&rest) } else { rest }, language))
}

fn upper_head(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |c| c.to_uppercase().chain(letters).collect())
}

/// The text with a small first letter, unless its first word is "I" or one of its short forms, or a name unknown here.
fn lower_head(text: &str) -> String {
    let first = text.split_whitespace().next().unwrap_or_default();
    if !english::is_function_word(&crate::scan::bare(first)) || first == "I" || first.starts_with("I'") {
        return text.to_owned();
    }
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |c| c.to_lowercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_shortened_lengthened_and_judged() {
        let mend = |text: &str, low, high| repair_line(text, (low, high), None, Language::En);
        assert_eq!(
            mend("And I am walking down the street tonight", 8, 8).line.text(),
            "I'm walking down the street tonight"
        );
        assert_eq!(mend("The river runs along", 7, 8).line.text(), "Oh, the river runs along");
        assert_eq!(mend("Extraordinary constellations", 2, 4).faults, [LineFault::TooLong]);
        assert_eq!(mend("", 2, 4).faults, [LineFault::Empty]);
        assert_eq!(mend("What the f*ck, my friend", 3, 9).faults, [LineFault::Unsuitable]);
        assert_eq!(repair_line("Y la luna sale ya", (6, 6), None, Language::Es).faults, []);
    }

    #[test]
    fn the_rhyme_is_asked_for() {
        let with = scan("night", Language::En).words.remove(0);
        let faults = |text: &str| repair_line(text, (1, 9), Some(&with), Language::En).faults;
        assert_eq!(faults("We follow the light"), []);
        assert_eq!(faults("We follow the sun"), [LineFault::NoRhyme]);
    }
}
