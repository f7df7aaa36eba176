//! The lyric writer: plans what each line should say, has the lines chosen section by section, and measures the result.

use crate::bank::{Bank, Stage, StyleData, ThemeData, bank};
use crate::brief::{LyricBrief, LyricReport, LyricSection, Lyrics, SectionBrief, SectionRole, Theme};
use crate::candidate::Candidate;
use crate::hook::hooks;
use crate::metrics::measure;
use crate::model::{Line, Stress};
use crate::pool::{Pool, PoolMaker};
use crate::scan::scan;
use crate::search::{Length, Place, Search, Used};
use crate::theme;
use eduai_kernel::{Language, Random, Text};
use std::collections::BTreeMap;
use std::rc::Rc;

/// Lines of one section, at most.
const MOST_LINES: usize = 32;

/// Writes the words of a song. The same brief and seed give the same words.
///
/// Never fails: what cannot be met is said in the report's notes (a line too long, a rhyme missed).
pub fn write_lyrics(brief: &LyricBrief, random: &Random) -> Lyrics {
    let bank = bank(brief.language);
    let found = theme::find(bank, &brief.theme, random).zip(bank.style(&brief.style));
    let Some((theme, style)) = found else { return nothing() };
    let mut writer = Writer::new(brief, bank, theme, style, random);
    let sections: Vec<LyricSection> = brief.sections.iter().map(|s| writer.section(s)).collect();
    let mut report = measure(&sections, &brief.sections, &brief.lesson_words, brief.language);
    report.notes = writer.notes;
    let theme = Theme { id: theme.id.clone(), name: theme.name.clone() };
    Lyrics { theme, title: title(&writer.hook.text, brief.language), sections, report }
}

/// The lyric of a language that has no themes: the data are part of the program, so this does not happen.
fn nothing() -> Lyrics {
    let theme = Theme { id: String::new(), name: Text::default() };
    Lyrics { theme, title: String::new(), sections: Vec::new(), report: LyricReport::default() }
}

/// Words that a title in English writes small unless they begin or end it.
const SMALL_WORDS: &[&str] =
    &["a", "an", "the", "and", "or", "but", "of", "in", "on", "to", "for", "at", "by", "with", "as"];

/// The hook without the mark at its end, in capitals as titles are written in the language.
fn title(hook: &str, language: Language) -> String {
    let plain = hook.trim_end_matches(|c: char| c.is_ascii_punctuation() && c != '\'' && c != '?');
    if language == Language::Es {
        return plain.to_owned();
    }
    let words: Vec<&str> = plain.split(' ').collect();
    let capital = |(i, word): (usize, &&str)| {
        let small = SMALL_WORDS.contains(word) && i > 0 && i + 1 < words.len();
        let mut letters = word.chars();
        match letters.next() {
            Some(first) if !small => first.to_uppercase().chain(letters).collect(),
            _ => (*word).to_owned(),
        }
    };
    words.iter().enumerate().map(capital).collect::<Vec<String>>().join(" ")
}

struct Writer<'a> {
    brief: &'a LyricBrief,
    bank: &'a Bank,
    random: &'a Random,
    pools: BTreeMap<String, Rc<Pool>>,
    hook: Candidate,
    used: Used,
    done: BTreeMap<String, Vec<Line>>,
    verses: usize,
    hooked: bool,
    notes: Vec<String>,
}

impl<'a> Writer<'a> {
    fn new(
        brief: &'a LyricBrief,
        bank: &'a Bank,
        theme: &'a ThemeData,
        style: &'a StyleData,
        random: &'a Random,
    ) -> Self {
        let maker = PoolMaker { bank, language: brief.language, level: brief.level, lesson_words: &brief.lesson_words };
        let mut pools = BTreeMap::new();
        for name in [style.id.as_str()].into_iter().chain(brief.sections.iter().filter_map(|s| s.style.as_deref())) {
            let Some(style) = bank.style(name) else { continue };
            pools.entry(style.id.clone()).or_insert_with(|| Rc::new(maker.make(theme, style, random)));
        }
        let hook = Self::hook(brief, bank, theme, style, &pools, random);
        Self {
            brief,
            bank,
            random,
            pools,
            hook,
            used: Used::default(),
            done: BTreeMap::new(),
            verses: 0,
            hooked: false,
            notes: Vec::new(),
        }
    }

    /// The hook of the brief, else the best of those the theme and the chorus' style offer.
    fn hook(
        brief: &LyricBrief,
        bank: &Bank,
        theme: &ThemeData,
        style: &StyleData,
        pools: &BTreeMap<String, Rc<Pool>>,
        random: &Random,
    ) -> Candidate {
        let given = brief.title_line.as_ref().map(Line::text).filter(|t| !t.is_empty());
        let from_text = |text: String| Candidate::new(text, u32::MAX, Stage::Hook, 0.0, brief.language);
        given
            .and_then(from_text)
            .or_else(|| {
                let chorus = brief.sections.iter().find(|s| takes_hook(s.role));
                let style = chorus.and_then(|s| s.style.as_deref()).and_then(|s| bank.style(s)).unwrap_or(style);
                let range = chorus.map_or((3, 8), |s| (s.syllables.0.min(3), s.syllables.1));
                hooks(bank, theme, style, brief.language, range, pools.get(&style.id)?, random).into_iter().next()
            })
            .or_else(|| from_text(theme.name.get(brief.language).to_owned()))
            .unwrap_or_else(|| Candidate {
                text: String::new(),
                template: u32::MAX,
                stage: Stage::Hook,
                count: 0,
                stresses: 0,
                tail: crate::candidate::TailKeys::default(),
                content: Vec::new(),
                longest: 0,
                merit: 0.0,
            })
    }

    fn section(&mut self, section: &SectionBrief) -> LyricSection {
        let lines = match section.repeat_of.as_ref().and_then(|id| self.done.get(id)) {
            Some(lines) => lines.clone(),
            None => self.new_lines(section),
        };
        if section.role == SectionRole::Verse {
            self.verses += 1;
        }
        self.done.insert(section.id.clone(), lines.clone());
        let scheme = scheme(&section.scheme, lines.len()).into_iter().collect();
        LyricSection { id: section.id.clone(), role: section.role, scheme, lines }
    }

    fn new_lines(&mut self, section: &SectionBrief) -> Vec<Line> {
        let count = section.lines.clamp(1, MOST_LINES);
        let style = self.bank.style(section.style.as_deref().unwrap_or(&self.brief.style));
        let random = self.random.fork(&section.id);
        let scheme = scheme(&section.scheme, count);
        let blues = is_blues_stanza(&scheme) && style.is_some_and(|s| s.id == "blues");
        let chants = style.is_some_and(|s| s.chants) && takes_hook(section.role);
        let letters = rhymes_of(&scheme, blues);
        let mut places = self.places(section, &letters, chants, &mut random.fork("lengths"));
        let Some(pool) = style.and_then(|s| self.pools.get(&s.id)).cloned() else { return Vec::new() };
        let hook_at = self.pin_hook(section, &mut places, &mut random.fork("place of the hook"));
        // The second line of a blues stanza says the first again, and a chant says its hook wherever its letter stands.
        let again = |i: usize| match hook_at {
            Some(at) if chants && i != at && scheme[i] == scheme[at] => Some(at),
            _ if blues && i % 3 == 1 => Some(i - 1),
            _ => None,
        };
        let wanted: Vec<usize> = (0..count).filter(|i| again(*i).is_none()).collect();
        if let Some(at) = hook_at {
            self.written_chorus(&pool, &mut places, at, &random);
        }
        let asked: Vec<Place> = wanted.iter().map(|i| places[*i].clone()).collect();
        self.used.verse_to_come = self.sung_again(section);
        let search = Search { pool: &pool };
        let chosen = search.section(&asked, &mut self.used, &mut random.fork("lines"));
        let mut texts: Vec<Option<String>> = vec![None; count];
        for ((at, place), line) in wanted.iter().zip(&asked).zip(chosen) {
            texts[*at] = line.map(|l| l.text).or_else(|| self.in_need(pool_nearest(&pool, place), place, section));
        }
        for i in 0..count {
            if let Some(from) = again(i) {
                let said = texts[from].clone();
                texts[i] = said;
            }
        }
        self.finished(texts, &letters, hook_at, chants)
    }

    /// Whether a later verse is sung to the melody of this section.
    fn sung_again(&self, section: &SectionBrief) -> bool {
        let later = self.brief.sections.iter().skip_while(|s| s.id != section.id).skip(1);
        section.role == SectionRole::Verse
            && later.filter(|s| s.role == SectionRole::Verse && s.lines == section.lines).count() > 0
    }

    /// Takes the chorus that was written for the hook, where its four lines can stand in the scheme and the length.
    fn written_chorus(&self, pool: &Pool, places: &mut [Place], hook: usize, random: &Random) {
        let title = self.hook.text.to_lowercase();
        let Some(chorus) = pool.choruses.iter().find(|c| c.hook == title) else { return };
        let mut random = random.fork("chorus");
        let first = if hook < 4 { 0 } else { places.len() - 4 };
        let Some(block) = places.get(first..first + 4) else { return };
        let letter = block[hook - first].letter;
        let with: Vec<usize> = (first..first + 4).filter(|i| *i != hook && places[*i].letter == letter).collect();
        let others: Vec<usize> = (first..first + 4).filter(|i| *i != hook && !with.contains(i)).collect();
        // In A B C B the line that rhymes with the title may stand where nothing has to rhyme.
        let (with, pair) = match (with.as_slice(), others.as_slice()) {
            ([with], [a, b]) | ([], [a, with, b]) => (*with, [*a, *b]),
            _ => return,
        };
        let mut choose = |at: usize, wordings: &[Candidate]| {
            let fitting: Vec<&Candidate> =
                wordings.iter().filter(|w| places[at].length.allows_beside(self.hook.count, w.count)).collect();
            random.pick(&fitting).map(|w| (at, (*w).clone()))
        };
        let chosen = [choose(with, &chorus.with), choose(pair[0], &chorus.pair[0]), choose(pair[1], &chorus.pair[1])];
        if chosen.iter().all(Option::is_some) {
            for (at, line) in chosen.into_iter().flatten() {
                places[at].pinned = Some(line);
            }
        }
    }

    fn finished(&self, texts: Vec<Option<String>>, scheme: &[char], hook_at: Option<usize>, chants: bool) -> Vec<Line> {
        let letter = |i: usize| Some(scheme[i]).filter(|l| scheme.iter().filter(|o| *o == l).count() > 1 && *l != 'X');
        let hook = |i: usize| hook_at.is_some_and(|at| at == i || (chants && scheme[at] == scheme[i]));
        let line = |(i, text): (usize, Option<String>)| Line {
            rhyme: letter(i),
            hook: hook(i),
            ..scan(&text.unwrap_or_default(), self.brief.language)
        };
        texts.into_iter().enumerate().map(line).collect()
    }

    /// Where the hook stands: first in the chorus, sometimes last. A song without a chorus opens with it.
    fn pin_hook(&mut self, section: &SectionBrief, places: &mut [Place], random: &mut Random) -> Option<usize> {
        let has_chorus = self.brief.sections.iter().any(|s| takes_hook(s.role));
        let here = if has_chorus { takes_hook(section.role) } else { !self.hooked };
        if !here || self.hook.count == 0 {
            return None;
        }
        self.hooked = true;
        let closes = has_chorus && places.len() > 2 && random.chance(0.25);
        let at = if closes { places.len() - 1 } else { 0 };
        places[at].pinned = Some(self.hook.clone());
        Some(at)
    }

    fn places(&self, section: &SectionBrief, letters: &[char], chants: bool, random: &mut Random) -> Vec<Place> {
        let (low, high) =
            (section.syllables.0.min(section.syllables.1).max(1), section.syllables.1.max(section.syllables.0));
        let best = f32::from(low) + f32::from(high - low) * random.between(0.35, 0.75) as f32;
        let model = section.same_metre_as.as_ref().and_then(|id| self.done.get(id));
        let length = |i: usize| match model.and_then(|m| m.get(i)) {
            Some(line) => Length::Like(line.syllable_count().min(255) as u8, bits(line)),
            None => Length::Within(low, high, best.round()),
        };
        let count = letters.len();
        let stage = |i: usize| stage(section.role, self.verses, i, count, chants);
        (0..count).map(|i| Place { letter: letters[i], stage: stage(i), length: length(i), pinned: None }).collect()
    }

    /// A line that fits least badly where nothing fitted, with a note.
    fn in_need(&mut self, nearest: Option<Candidate>, place: &Place, section: &SectionBrief) -> Option<String> {
        let line = nearest?;
        self.used.add(&line);
        self.notes.push(format!(
            "{}: no line rhymes on {} in the asked length; the nearest was taken.",
            section.id, place.letter
        ));
        Some(line.text)
    }
}

/// The line whose length is nearest, for a place that nothing fits. Missing syllables are sung on "oh".
fn pool_nearest(pool: &Pool, place: &Place) -> Option<Candidate> {
    let distance = |line: &Candidate| match place.length {
        Length::Within(low, high, _) => low.saturating_sub(line.count) + line.count.saturating_sub(high),
        Length::Like(count, _) => line.count.abs_diff(count),
    };
    pool.lines.iter().min_by(|a, b| distance(a).cmp(&distance(b)).then(b.merit.total_cmp(&a.merit))).cloned()
}

/// Whether the hook belongs into sections of this role.
fn takes_hook(role: SectionRole) -> bool {
    matches!(role, SectionRole::Chorus | SectionRole::Refrain)
}

fn bits(line: &Line) -> u32 {
    line.stresses().iter().take(32).enumerate().fold(0, |b, (i, s)| b | (u32::from(*s == Stress::Primary) << i))
}

/// The arc: scene, feeling, insight; later verses move the story on.
fn stage(role: SectionRole, verses_before: usize, line: usize, lines: usize, chants: bool) -> Stage {
    let late = line * 4 >= lines * 3;
    match role {
        SectionRole::Chorus | SectionRole::Refrain if chants => Stage::Chant,
        SectionRole::Chorus | SectionRole::Refrain | SectionRole::Outro => Stage::Insight,
        SectionRole::Bridge => Stage::Bridge,
        SectionRole::PreChorus => Stage::Feeling,
        SectionRole::Intro => Stage::Scene,
        SectionRole::Verse if late => Stage::Feeling,
        SectionRole::Verse if verses_before == 0 => Stage::Scene,
        SectionRole::Verse => Stage::Turn,
    }
}

/// One letter a line: a scheme shorter than the section goes on with new letters, none means pairs.
fn scheme(asked: &str, lines: usize) -> Vec<char> {
    let letters: Vec<char> = asked.chars().filter(|c| c.is_alphabetic()).map(|c| c.to_ascii_uppercase()).collect();
    let pattern = if letters.is_empty() { vec!['A', 'A'] } else { letters };
    let mut kinds: Vec<char> = pattern.clone();
    kinds.sort_unstable();
    kinds.dedup();
    kinds.retain(|c| *c != 'X');
    let name = |round: usize, letter: char| match kinds.iter().position(|k| *k == letter) {
        Some(_) if round == 0 => letter,
        // New letters follow on; the alphabet is long enough for 32 lines of pairs, beyond it nothing rhymes.
        Some(i) => (b'A'..=b'Z')
            .map(char::from)
            .filter(|c| *c != 'X' && !kinds.contains(c))
            .nth((round - 1) * kinds.len() + i)
            .unwrap_or('X'),
        None => 'X',
    };
    (0..lines).map(|i| name(i / pattern.len(), pattern[i % pattern.len()])).collect()
}

/// Whether every three lines are said as the blues says them: a line, the same line, an answer.
fn is_blues_stanza(scheme: &[char]) -> bool {
    scheme.len().is_multiple_of(3) && scheme.chunks(3).all(|c| c[0] == c[1] && c[1] != c[2])
}

/// The letters by which lines are chosen: in a blues stanza the answer rhymes with the line that it answers.
fn rhymes_of(scheme: &[char], blues: bool) -> Vec<char> {
    if blues { scheme.chunks(3).flat_map(|c| [c[0]; 3]).collect() } else { scheme.to_vec() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schemes_are_stretched_with_new_letters() {
        let text = |s: &str, n| scheme(s, n).into_iter().collect::<String>();
        assert_eq!(text("ABAB", 8), "ABABCDCD");
        assert_eq!(text("", 4), "AABB");
        assert_eq!(text("xaxa", 8), "XAXAXBXB");
        assert_eq!(text("A B!", 3), "ABC");
        assert_eq!(text("AAB", 6), "AABCCD");
    }
}
