//! All lines that a song may draw on, made from the templates of its theme and style.

use crate::bank::{Bank, Chorus, LineTemplate, Stage, Stanza, StyleData, ThemeData};
use crate::candidate::Candidate;
use crate::template::{Slots, Template};
use eduai_kernel::{Language, Random};
use std::collections::BTreeMap;

/// At most so many fillings of one line template are tried.
const FILLINGS: usize = 12;
/// At most so many fillings of one line of a stanza.
const STANZA_FILLINGS: usize = 8;

/// Lines that belong together, each with its possible wordings.
#[derive(Debug)]
pub struct StanzaOption {
    /// One letter a line.
    pub scheme: Vec<char>,
    /// The wordings of each line.
    pub lines: Vec<Vec<Candidate>>,
    /// What it is good for.
    pub stage: Stage,
    /// The story that it opens (a scene) or goes on with (a turn).
    pub thread: Option<String>,
}

/// A chorus written as one, each line with its possible wordings.
#[derive(Debug)]
pub struct ChorusOption {
    /// The title line, in lower case.
    pub hook: String,
    /// Rhymes with the title line.
    pub with: Vec<Candidate>,
    /// Rhyme with each other.
    pub pair: [Vec<Candidate>; 2],
}

/// The lines of one theme in one style.
#[derive(Debug, Default)]
pub struct Pool {
    /// Single lines.
    pub lines: Vec<Candidate>,
    /// Indices of lines by the group in which they rhyme.
    pub by_rhyme: BTreeMap<u64, Vec<usize>>,
    /// Whole stanzas.
    pub stanzas: Vec<StanzaOption>,
    /// Whole choruses.
    pub choruses: Vec<ChorusOption>,
}

/// Makes pools for one song.
pub struct PoolMaker<'a> {
    /// Where templates come from.
    pub bank: &'a Bank,
    /// The language.
    pub language: Language,
    /// The grade of the readers.
    pub level: u8,
    /// Words of the lesson.
    pub lesson_words: &'a [String],
}

/// Lines of the style itself are a little better than those that fit anywhere, and so are the theme's.
const THEME_BONUS: f32 = 0.35;
const STYLE_BONUS: f32 = 0.3;
const COMMON_BONUS: f32 = 0.0;
const LESSON_BONUS: f32 = 1.2;

impl PoolMaker<'_> {
    /// The lines of `theme` in `style`.
    pub fn make(&self, theme: &ThemeData, style: &StyleData, random: &Random) -> Pool {
        let mut slots = theme.slots.clone();
        slots.extend(style.slots.iter().map(|(k, v)| (k.clone(), v.clone())));
        let mut builder =
            Builder { maker: self, slots: &slots, random: random.fork("fillings"), pool: Pool::default(), next: 0 };
        builder.add_all(&theme.id, &theme.lines, &theme.stanzas, &theme.choruses, THEME_BONUS);
        builder.add_all(&style.id, &style.lines, &style.stanzas, &style.choruses, STYLE_BONUS + style.own);
        if let Some(common) = self.bank.common().filter(|c| c.id != style.id) {
            builder.add_all(&common.id, &common.lines, &common.stanzas, &common.choruses, COMMON_BONUS);
        }
        builder.next = crate::candidate::hash("lesson") as u32 & 0x7FFF_0000;
        for lines in self.lesson_lines() {
            // The lines of one word share a number, so that a song has one of them at most.
            let number = builder.next + 1;
            for template in lines {
                builder.next = number;
                builder.add_line(template, Stage::Lesson, LESSON_BONUS);
            }
            builder.next = number + 1;
        }
        let mut pool = builder.pool;
        for (i, line) in pool.lines.iter().enumerate() {
            pool.by_rhyme.entry(line.tail.group).or_default().push(i);
        }
        pool
    }

    fn lesson_lines(&self) -> impl Iterator<Item = &Vec<Template>> {
        let wanted: Vec<String> = self.lesson_words.iter().map(|w| w.trim().to_lowercase()).collect();
        self.bank.lessons.iter().filter(move |(word, _)| wanted.contains(word)).map(|(_, lines)| lines)
    }
}

struct Builder<'a> {
    maker: &'a PoolMaker<'a>,
    slots: &'a Slots,
    random: Random,
    pool: Pool,
    next: u32,
}

impl Builder<'_> {
    fn add_all(&mut self, source: &str, lines: &[LineTemplate], stanzas: &[Stanza], choruses: &[Chorus], bonus: f32) {
        // Numbers of templates depend on where they come from alone, so two pools of one song name them alike.
        self.next = crate::candidate::hash(source) as u32 & 0x7FFF_0000;
        for line in lines.iter().filter(|l| l.stage != Stage::Hook) {
            self.add_line(&line.template, line.stage, bonus);
        }
        for stanza in stanzas {
            let lines = stanza.lines.iter().map(|t| self.fill(t, stanza.stage, bonus, STANZA_FILLINGS)).collect();
            let (scheme, thread) = (stanza.scheme.clone(), stanza.thread.clone());
            self.pool.stanzas.push(StanzaOption { scheme, lines, stage: stanza.stage, thread });
        }
        for chorus in choruses {
            let mut fill = |t: &Template| self.fill(t, Stage::Insight, bonus, STANZA_FILLINGS);
            let (with, pair) = (fill(&chorus.with), [fill(&chorus.pair[0]), fill(&chorus.pair[1])]);
            self.pool.choruses.push(ChorusOption { hook: chorus.hook.to_lowercase(), with, pair });
        }
    }

    fn add_line(&mut self, template: &Template, stage: Stage, bonus: f32) {
        let lines = self.fill(template, stage, bonus, FILLINGS);
        self.pool.lines.extend(lines);
    }

    fn fill(&mut self, template: &Template, stage: Stage, bonus: f32, limit: usize) -> Vec<Candidate> {
        self.next += 1;
        if !template.fits(self.slots) {
            return Vec::new();
        }
        let mut texts = if template.ways(self.slots) <= limit {
            template.all(self.slots, limit)
        } else {
            (0..limit).map(|_| template.fill(self.slots, &mut self.random)).collect()
        };
        texts.sort_unstable();
        texts.dedup();
        let language = self.maker.language;
        texts
            .into_iter()
            .filter_map(|text| Candidate::new(text, self.next, stage, bonus, language))
            .map(|mut c| {
                c.merit -= self.too_hard(&c);
                c
            })
            .collect()
    }

    /// Longer words than the grade reads with ease cost merit.
    fn too_hard(&self, candidate: &Candidate) -> f32 {
        let easy = match self.maker.level {
            0..=2 => 2,
            3..=5 => 3,
            _ => 4,
        };
        0.8 * f32::from(candidate.longest.saturating_sub(easy))
    }
}
