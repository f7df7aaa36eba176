//! What a line of lyrics is made of: words, syllables, stresses.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How strongly a syllable is spoken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Stress {
    /// Weak, as in the article "the".
    #[default]
    None,
    /// In between, as in the last syllable of "sunlight".
    Secondary,
    /// The strongest of its word.
    Primary,
}

/// One syllable: the piece that is printed under one note.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Syllable {
    /// The printed piece. The pieces of a word, joined, are its text to the letter. Empty only in figures ("7").
    pub text: String,
    /// How strongly it is spoken.
    pub stress: Stress,
    /// Its vowel: an ARPAbet name (`AY`) in English, the letters of the nucleus (`ue`) in Spanish.
    pub vowel: String,
    /// It ends in a vowel sound, so a singer can hold it as long as wanted.
    pub open: bool,
    /// Its vowel is reduced (schwa and the like): not one to hold.
    pub reduced: bool,
    /// Consonant sounds before the vowel.
    pub onset_consonants: u8,
    /// Consonant sounds after it.
    pub coda_consonants: u8,
}

/// A word as printed, with its punctuation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Word {
    /// With its punctuation. In Spanish, words sung on one note by synalepha are one `Word` with a blank inside.
    pub text: String,
    /// At least one.
    pub syllables: Vec<Syllable>,
    /// It carries meaning (noun, verb, adjective …), unlike articles, prepositions, pronouns.
    pub content: bool,
}

impl Word {
    /// The word in lower case without the punctuation around it: `Don't,` gives `don't`.
    pub fn bare(&self) -> String {
        crate::scan::bare(&self.text)
    }
}

/// One line of a lyric.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Line {
    /// Its words in order.
    pub words: Vec<Word>,
    /// Its letter in the section's rhyme scheme; none for a line that rhymes with no other.
    #[schema(value_type = Option<String>)]
    pub rhyme: Option<char>,
    /// It is the hook (title line) of the song.
    pub hook: bool,
}

impl Line {
    /// All syllables in order.
    pub fn syllables(&self) -> impl Iterator<Item = &Syllable> {
        self.words.iter().flat_map(|w| &w.syllables)
    }

    /// How many syllables it has, so how many notes it needs.
    pub fn syllable_count(&self) -> usize {
        self.words.iter().map(|w| w.syllables.len()).sum()
    }

    /// The stress of each syllable.
    pub fn stresses(&self) -> Vec<Stress> {
        self.syllables().map(|s| s.stress).collect()
    }

    /// The line as printed.
    pub fn text(&self) -> String {
        self.words.iter().map(|w| w.text.as_str()).collect::<Vec<_>>().join(" ")
    }
}
