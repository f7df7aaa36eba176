//! The themes, styles and lesson lines of a language, read once from the data that is part of the program.

use crate::template::{Slots, Template, TemplateFault};
use eduai_kernel::{Language, Text};
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
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct StageLines {
    scene: Vec<String>,
    feeling: Vec<String>,
    turn: Vec<String>,
    insight: Vec<String>,
    bridge: Vec<String>,
    chant: Vec<String>,
    hook: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct StanzaFile {
    stage: Stage,
    scheme: String,
    lines: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ThemeFile {
    id: String,
    name: Text,
    keywords: Vec<String>,
    slots: HashMap<String, Vec<String>>,
    #[serde(default)]
    lines: StageLines,
    #[serde(default)]
    stanzas: Vec<StanzaFile>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct StyleFile {
    id: String,
    genres: Vec<String>,
    /// Titles and choruses of a few words, said again and again.
    #[serde(default)]
    chants: bool,
    #[serde(default)]
    slots: HashMap<String, Vec<String>>,
    #[serde(default)]
    lines: StageLines,
    #[serde(default)]
    stanzas: Vec<StanzaFile>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct LessonFile {
    words: Vec<LessonWord>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct LessonWord {
    word: String,
    lines: Vec<String>,
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
    /// Lists of its own.
    pub slots: Slots,
    /// Its lines, most with slots of the theme.
    pub lines: Vec<LineTemplate>,
    /// Its stanzas.
    pub stanzas: Vec<Stanza>,
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
        [$(include_str!(concat!("../../../../data/lyrics/", $language, "/", $kind, "/", $name, ".toml"))),*]
    };
}

static EN: LazyLock<Bank> = LazyLock::new(|| {
    Bank::read(
        &files!("en", "themes": "night_city"),
        &files!("en", "styles": "common"),
        include_str!("../../../../data/lyrics/en/lesson.toml"),
    )
});

static ES: LazyLock<Bank> = LazyLock::new(|| Bank::read(&[], &[], "words = []"));

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
        self.themes.push(ThemeData { id: file.id, name: file.name, keywords: file.keywords, slots, lines, stanzas });
    }

    fn add_style(&mut self, file: StyleFile) {
        let slots = self.slots(file.slots);
        let lines = self.lines(file.lines);
        let stanzas = self.stanzas(file.stanzas);
        self.styles.push(StyleData { id: file.id, genres: file.genres, chants: file.chants, slots, lines, stanzas });
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
            stanzas.push(Stanza { stage: file.stage, scheme, lines: self.templates(file.lines) });
        }
        stanzas
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
