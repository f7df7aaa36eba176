//! The themes, styles and lesson lines of a language, read once from the data that is part of the program.

mod file;

#[cfg(test)]
mod tests;

use crate::template::{Slots, Template, TemplateFault};
use eduai_kernel::{Language, Text};
use file::{ChorusFile, LessonFile, StageLines, StanzaFile, StyleFile, ThemeFile};
use serde::Deserialize;
use std::collections::HashMap;
use std::sync::LazyLock;

/// What a line is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Shows where we are.
    Scene,
    /// Says how it feels.
    Feeling,
    /// Moves the story on.
    Turn,
    /// Says it all: for the chorus.
    Insight,
    /// Steps back: for the bridge.
    Bridge,
    /// A few words to be shouted: for dance music.
    Chant,
    /// A title.
    Hook,
    /// Says something true of the music in the lesson.
    Lesson,
}

/// A line template and what it is good for.
#[derive(Debug)]
pub struct LineTemplate {
    /// What it is good for.
    pub stage: Stage,
    /// Its text.
    pub template: Template,
}

/// Lines that belong together and rhyme as their scheme says.
#[derive(Debug)]
pub struct Stanza {
    /// What it is good for.
    pub stage: Stage,
    /// One letter a line.
    pub scheme: Vec<char>,
    /// As many as the scheme has letters.
    pub lines: Vec<Template>,
    /// The story that it tells: one stanza of a thread opens it (a scene), another goes on with it (a turn).
    pub thread: Option<String>,
}

/// A chorus written as one: its title, a line that rhymes with the title, and a pair that rhymes with itself. Each line
/// stands alone, so that they can come in the order of any scheme.
#[derive(Debug)]
pub struct Chorus {
    /// The title line.
    pub hook: String,
    /// Rhymes with the title line.
    pub with: Template,
    /// Rhyme with each other.
    pub pair: [Template; 2],
}

/// A theme with its lexicon.
#[derive(Debug)]
pub struct ThemeData {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: Text,
    /// Words of a prompt that suggest it.
    pub keywords: Vec<String>,
    /// Its lexicon, by kind.
    pub slots: Slots,
    /// Its lines.
    pub lines: Vec<LineTemplate>,
    /// Its stanzas.
    pub stanzas: Vec<Stanza>,
    /// Its choruses.
    pub choruses: Vec<Chorus>,
}

/// A way of writing.
#[derive(Debug)]
pub struct StyleData {
    /// Its id.
    pub id: String,
    /// Ids and families of genres that are written so.
    pub genres: Vec<String>,
    /// Whether its choruses are chants.
    pub chants: bool,
    /// How much its own lines and stanzas are preferred to the theme's.
    pub own: f32,
    /// Lists of its own.
    pub slots: Slots,
    /// Its lines, most with slots of the theme.
    pub lines: Vec<LineTemplate>,
    /// Its stanzas.
    pub stanzas: Vec<Stanza>,
    /// Its choruses.
    pub choruses: Vec<Chorus>,
}

/// Everything there is in one language.
#[derive(Debug, Default)]
pub struct Bank {
    /// In the order of their ids.
    pub themes: Vec<ThemeData>,
    /// The style `common` stands in for any that is not here.
    pub styles: Vec<StyleData>,
    /// Lines for words of the lesson.
    pub lessons: Vec<(String, Vec<Template>)>,
    /// What could not be read. Empty, as a test makes sure.
    pub faults: Vec<String>,
}

macro_rules! files {
    ($language:literal, $kind:literal: $($name:literal)*) => {
        [$(include_str!(concat!("../../../../../data/lyrics/", $language, "/", $kind, "/", $name, ".toml"))),*]
    };
}

static EN: LazyLock<Bank> = LazyLock::new(|| {
    Bank::read(
        &files!("en", "themes": "courage" "dance" "future" "home" "memory" "morning" "night_city" "river" "school"
            "seasons" "stars" "travel"),
        &files!("en", "styles": "art_song" "blues" "common" "country" "folk" "hip_hop" "house" "jazz" "rock"),
        include_str!("../../../../../data/lyrics/en/lesson.toml"),
    )
});

static ES: LazyLock<Bank> = LazyLock::new(|| {
    Bank::read(
        &files!("es", "themes": "courage" "dance" "future" "home" "memory" "morning" "night_city" "river" "school"
            "seasons" "stars" "travel"),
        &files!("es", "styles": "art_song" "blues" "common" "country" "folk" "hip_hop" "house" "jazz" "rock"),
        include_str!("../../../../../data/lyrics/es/lesson.toml"),
    )
});

/// The bank of a language.
pub fn bank(language: Language) -> &'static Bank {
    match language {
        Language::En => &EN,
        Language::Es => &ES,
    }
}

impl Bank {
    fn read(themes: &[&str], styles: &[&str], lessons: &str) -> Self {
        let mut bank = Self::default();
        for text in themes {
            match toml::from_str::<ThemeFile>(text) {
                Ok(file) => bank.add_theme(file),
                Err(error) => bank.faults.push(error.to_string()),
            }
        }
        for text in styles {
            match toml::from_str::<StyleFile>(text) {
                Ok(file) => bank.add_style(file),
                Err(error) => bank.faults.push(error.to_string()),
            }
        }
        match toml::from_str::<LessonFile>(lessons) {
            Ok(file) => {
                for entry in file.words {
                    let lines = bank.templates(entry.lines);
                    bank.lessons.push((entry.word, lines));
                }
            }
            Err(error) => bank.faults.push(error.to_string()),
        }
        bank
    }

    fn add_theme(&mut self, file: ThemeFile) {
        let slots = self.slots(file.slots);
        let lines = self.lines(file.lines);
        let stanzas = self.stanzas(file.stanzas);
        let choruses = self.choruses(file.choruses);
        let (id, name, keywords) = (file.id, file.name, file.keywords);
        self.themes.push(ThemeData { id, name, keywords, slots, lines, stanzas, choruses });
    }

    fn add_style(&mut self, file: StyleFile) {
        let slots = self.slots(file.slots);
        let lines = self.lines(file.lines);
        let stanzas = self.stanzas(file.stanzas);
        let choruses = self.choruses(file.choruses);
        let (id, genres, chants, own) = (file.id, file.genres, file.chants, file.own);
        self.styles.push(StyleData { id, genres, chants, own, slots, lines, stanzas, choruses });
    }

    fn templates(&mut self, texts: Vec<String>) -> Vec<Template> {
        let mut read = Vec::with_capacity(texts.len());
        for text in texts {
            match Template::parse(&text) {
                Ok(template) => read.push(template),
                Err(TemplateFault(fault)) => self.faults.push(fault),
            }
        }
        read
    }

    fn slots(&mut self, lists: HashMap<String, Vec<String>>) -> Slots {
        lists.into_iter().map(|(name, texts)| (name, self.templates(texts))).collect()
    }

    fn lines(&mut self, by_stage: StageLines) -> Vec<LineTemplate> {
        let StageLines { scene, feeling, turn, insight, bridge, chant, hook } = by_stage;
        let stages = [
            (Stage::Scene, scene),
            (Stage::Feeling, feeling),
            (Stage::Turn, turn),
            (Stage::Insight, insight),
            (Stage::Bridge, bridge),
            (Stage::Chant, chant),
            (Stage::Hook, hook),
        ];
        let mut lines = Vec::new();
        for (stage, texts) in stages {
            lines.extend(self.templates(texts).into_iter().map(|template| LineTemplate { stage, template }));
        }
        lines
    }

    fn stanzas(&mut self, files: Vec<StanzaFile>) -> Vec<Stanza> {
        let mut stanzas = Vec::with_capacity(files.len());
        for file in files {
            let scheme: Vec<char> = file.scheme.chars().collect();
            if scheme.len() != file.lines.len() {
                self.faults.push(format!("the scheme {} does not fit: {:?}", file.scheme, file.lines));
                continue;
            }
            stanzas.push(Stanza { stage: file.stage, scheme, lines: self.templates(file.lines), thread: file.thread });
        }
        stanzas
    }

    fn choruses(&mut self, files: Vec<ChorusFile>) -> Vec<Chorus> {
        let mut choruses = Vec::with_capacity(files.len());
        for ChorusFile { hook, with, pair: [first, second] } in files {
            let mut lines = self.templates(vec![with, first, second]).into_iter();
            if let (Some(with), Some(first), Some(second)) = (lines.next(), lines.next(), lines.next()) {
                choruses.push(Chorus { hook, with, pair: [first, second] });
            }
        }
        choruses
    }

    /// The style in which the genre or family `name` is written; `common` for one that is not known.
    pub fn style(&self, name: &str) -> Option<&StyleData> {
        let key = name.trim().to_lowercase().replace(['-', ' '], "_");
        let named = |s: &&StyleData| s.id == key || s.genres.contains(&key);
        let part = |s: &&StyleData| s.genres.iter().any(|g| g.len() > 3 && key.contains(g.as_str()));
        self.styles.iter().find(named).or_else(|| self.styles.iter().find(part)).or_else(|| self.common())
    }

    /// The style that fits everywhere.
    pub fn common(&self) -> Option<&StyleData> {
        self.styles.iter().find(|s| s.id == "common")
    }
}
