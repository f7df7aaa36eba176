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
    /// Says something true of the music in the lesson.
    Lesson,
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
    #[serde(default)]
    thread: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ChorusFile {
    hook: String,
    with: String,
    pair: [String; 2],
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
    #[serde(default)]
    choruses: Vec<ChorusFile>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct StyleFile {
    id: String,
    genres: Vec<String>,
    /// Titles and choruses of a few words, said again and again.
    #[serde(default)]
    chants: bool,
    /// How much its own lines and stanzas are preferred to the theme's.
    #[serde(default)]
    own: f32,
    #[serde(default)]
    slots: HashMap<String, Vec<String>>,
    #[serde(default)]
    lines: StageLines,
    #[serde(default)]
    stanzas: Vec<StanzaFile>,
    #[serde(default)]
    choruses: Vec<ChorusFile>,
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
        [$(include_str!(concat!("../../../../data/lyrics/", $language, "/", $kind, "/", $name, ".toml"))),*]
    };
}

static EN: LazyLock<Bank> = LazyLock::new(|| {
    Bank::read(
        &files!("en", "themes": "courage" "dance" "future" "home" "memory" "morning" "night_city" "river" "school"
            "seasons" "stars" "travel"),
        &files!("en", "styles": "art_song" "blues" "common" "country" "folk" "hip_hop" "house" "jazz" "rock"),
        include_str!("../../../../data/lyrics/en/lesson.toml"),
    )
});

static ES: LazyLock<Bank> = LazyLock::new(|| {
    Bank::read(
        &files!("es", "themes": "courage" "dance" "future" "home" "memory" "morning" "night_city" "river" "school"
            "seasons" "stars" "travel"),
        &files!("es", "styles": "art_song" "blues" "common" "country" "folk" "hip_hop" "house" "jazz" "rock"),
        include_str!("../../../../data/lyrics/es/lesson.toml"),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rhyme::line_rhyme;
    use crate::scan::scan;
    use crate::{Line, screen_prompt};

    const LANGUAGES: [Language; 2] = [Language::En, Language::Es];

    /// Every template of a language with the slots that it may use, and where it stands.
    fn every_template(bank: &Bank) -> Vec<(String, &Template, Slots)> {
        let mut all = Vec::new();
        for theme in &bank.themes {
            let own = theme.lines.iter().map(|l| &l.template).chain(theme.stanzas.iter().flat_map(|s| &s.lines));
            let choruses = theme.choruses.iter().flat_map(|c| c.pair.iter().chain([&c.with]));
            let fillers = theme.slots.values().flatten();
            all.extend(own.chain(choruses).chain(fillers).map(|t| (theme.id.clone(), t, theme.slots.clone())));
            for style in &bank.styles {
                let mut slots = theme.slots.clone();
                slots.extend(style.slots.clone());
                let lines = style.lines.iter().map(|l| &l.template).chain(style.stanzas.iter().flat_map(|s| &s.lines));
                let choruses = style.choruses.iter().flat_map(|c| c.pair.iter().chain([&c.with]));
                all.extend(lines.chain(choruses).map(|t| (format!("{} in {}", theme.id, style.id), t, slots.clone())));
            }
        }
        all.extend(bank.lessons.iter().flat_map(|(w, l)| l.iter().map(move |t| (w.clone(), t, Slots::new()))));
        all
    }

    #[test]
    fn the_data_can_be_read_and_every_template_filled() {
        for language in LANGUAGES {
            let bank = bank(language);
            assert_eq!(bank.faults, Vec::<String>::new());
            assert_eq!((bank.themes.len(), bank.styles.len()), (12, 9), "{language:?}");
            for (place, template, slots) in every_template(bank) {
                assert!(template.fits(&slots) && template.ways(&slots) > 0, "{place}: {template:?}");
            }
        }
    }

    #[test]
    fn there_are_hundreds_of_templates() {
        for (language, least) in [(Language::En, 1200), (Language::Es, 600)] {
            let bank = bank(language);
            let own = |lines: &[LineTemplate], stanzas: &[Stanza]| {
                lines.len() + stanzas.iter().map(|s| s.lines.len()).sum::<usize>()
            };
            let count: usize = bank.themes.iter().map(|t| own(&t.lines, &t.stanzas)).sum::<usize>()
                + bank.styles.iter().map(|s| own(&s.lines, &s.stanzas)).sum::<usize>();
            assert!(count >= least, "{language:?}: {count}");
        }
    }

    #[test]
    fn nothing_that_the_writer_can_say_is_unfit_for_a_class() {
        for language in LANGUAGES {
            for (place, template, slots) in every_template(bank(language)) {
                for line in template.all(&slots, 30) {
                    assert!(screen_prompt(&line).is_clean(), "{place}: {line}");
                }
            }
        }
    }

    #[test]
    fn english_words_are_in_the_dictionary_or_made_of_its_words() {
        let mut unknown = std::collections::BTreeSet::new();
        for (_, template, slots) in every_template(bank(Language::En)) {
            for line in template.all(&slots, 30) {
                for word in scan(&line, Language::En).words {
                    let parts = word.bare();
                    for part in parts.split('-').filter(|p| !crate::english::is_pronounceable(p)) {
                        unknown.insert(part.to_owned());
                    }
                }
            }
        }
        assert_eq!(unknown.into_iter().collect::<Vec<_>>(), Vec::<String>::new());
    }

    #[test]
    fn written_stanzas_and_choruses_rhyme_as_they_claim() {
        let mut wrong = Vec::new();
        for language in LANGUAGES {
            let bank = bank(language);
            let line = |t: &Template, slots: &Slots| -> Line { scan(&t.all(slots, 1).concat(), language) };
            let mut check = |a: &Line, b: &Line| {
                if !line_rhyme(a, b, language).keeps(language) {
                    wrong.push(format!("{} / {}", a.text(), b.text()));
                }
            };
            let slots = &bank.themes[0].slots;
            let stanzas = bank.themes.iter().flat_map(|t| t.stanzas.iter().map(|s| (s, &t.slots)));
            for (stanza, slots) in stanzas.chain(bank.styles.iter().flat_map(|s| &s.stanzas).map(|s| (s, slots))) {
                for i in 0..stanza.scheme.len() {
                    for j in (0..i).filter(|j| stanza.scheme[*j] == stanza.scheme[i]) {
                        check(&line(&stanza.lines[j], slots), &line(&stanza.lines[i], slots));
                    }
                }
            }
            let choruses =
                bank.themes.iter().flat_map(|t| &t.choruses).chain(bank.styles.iter().flat_map(|s| &s.choruses));
            for chorus in choruses {
                check(&scan(&chorus.hook, language), &line(&chorus.with, slots));
                check(&line(&chorus.pair[0], slots), &line(&chorus.pair[1], slots));
            }
        }
        assert_eq!(wrong, Vec::<String>::new());
    }

    #[test]
    fn styles_are_found_by_genre_and_by_family() {
        let style = |name: &str| bank(Language::En).style(name).map(|s| s.id.as_str());
        for (name, id) in [
            ("jazz-swing", "jazz"),
            ("Hip-Hop", "hip_hop"),
            ("hip_hop_boom_bap", "hip_hop"),
            ("electronic_house", "house"),
            ("classical", "art_song"),
            ("12_bar_blues", "blues"),
            ("folk_ballad", "folk"),
            ("gamelan", "common"),
        ] {
            assert_eq!(style(name), Some(id), "{name}");
        }
    }
}
