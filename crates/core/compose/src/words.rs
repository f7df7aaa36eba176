//! What the lyric writer is asked for, and where each line of words will lie.

use crate::improve::reading_grade;
use crate::model::{Brief, Plan, SectionKind, SectionPlan};
use crate::plan::{generator, leader};
use eduai_genre::traits::{Delivery, LyricStyle};
use eduai_genre::{Dimension, GenreBook};
use eduai_kernel::{Language, Random};
use eduai_music::Time;
use eduai_music::score::Meter;
use eduai_prosody::{
    HookBrief, Line, LyricBrief, LyricSection, Lyrics, SectionBrief, SectionRole, Stress, Theme, ThemeChoice,
    pick_theme,
};

fn theme_choice(brief: &Brief) -> ThemeChoice {
    ThemeChoice::Prompt(brief.theme_words.join(" "))
}

/// The theme of the lyrics.
pub(crate) fn theme(brief: &Brief, random: &Random) -> Option<Theme> {
    pick_theme(&theme_choice(brief), brief.language, &random.fork("theme"))
}

fn style<'a>(plan: &Plan, book: &'a GenreBook) -> Option<&'a LyricStyle> {
    leader(&plan.blend, Dimension::Lyrics, book).map(|p| &p.lyrics)
}

/// Where the lines of a section lie and how they are delivered.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Layout {
    /// How many lines.
    pub lines: usize,
    /// The length of a line.
    pub line: Time,
    /// Whether words are spoken in rhythm.
    pub rapped: bool,
}

/// In three, a line takes twice the bars.
fn slow(meter: Meter) -> u32 {
    if meter.length().as_f64() <= 3.0 && !meter.is_compound() { 2 } else { 1 }
}

/// The layout of a section; none when it is not sung.
pub(crate) fn layout(plan: &Plan, section: &SectionPlan, book: &GenreBook) -> Option<Layout> {
    let style = style(plan, book)?;
    let rapped = style.verse == Delivery::Rapped && section.kind == SectionKind::Verse && slow(plan.meter) == 1;
    let wanted = match section.kind {
        SectionKind::Verse => style.line_bars,
        SectionKind::Chorus | SectionKind::Drop => style.line_bars.max(2),
        SectionKind::PreChorus | SectionKind::Bridge => 2,
        _ => return None,
    };
    // Lines of four bars make stanzas of twelve; other lengths take the common two.
    let bars = if wanted == 4 && !section.bars.is_multiple_of(12) { 2 } else { wanted } * slow(plan.meter);
    let lines = (section.bars / bars.max(1)).max(1);
    // Whole bars, so that every line begins on a first beat.
    let line = plan.meter.length() * i64::from((section.bars / lines).max(1));
    Some(Layout { lines: lines as usize, line, rapped })
}

/// What the lyric writer is asked for.
pub fn lyric_brief(plan: &Plan, title: Option<Line>, book: &GenreBook) -> LyricBrief {
    let mut sections: Vec<SectionBrief> = Vec::new();
    for section in &plan.sections {
        let (Some(layout), Some(style)) = (layout(plan, section, book), style(plan, book)) else { continue };
        let (role, scheme) = match section.kind {
            SectionKind::Verse => (SectionRole::Verse, style.verse_scheme.as_str()),
            SectionKind::PreChorus => (SectionRole::PreChorus, "AA"),
            SectionKind::Bridge => (SectionRole::Bridge, "ABAB"),
            _ => (SectionRole::Chorus, style.chorus_scheme.as_str()),
        };
        let stanza = scheme == "AAB" && !layout.lines.is_multiple_of(3);
        let scheme = match layout.lines {
            _ if stanza => "AABB",
            2 => "AA",
            _ => scheme,
        };
        let (low, high) = style.syllables;
        let syllables = if layout.rapped { (8, 11) } else { (low.min(8), high.min(9)) };
        let mut wanted = SectionBrief::new(&section.id, role, layout.lines, scheme, syllables);
        let before = sections.iter().find(|s| s.role == role && s.lines == layout.lines).map(|s| s.id.clone());
        match before {
            Some(id) if role == SectionRole::Verse => wanted = wanted.matching(&id),
            Some(id) => wanted = wanted.repeating(&id),
            None => {}
        }
        sections.push(wanted);
    }
    let style = leader(&plan.blend, Dimension::Lyrics, book).map_or_else(String::new, |p| p.id.0.clone());
    LyricBrief {
        language: plan.brief.language,
        style,
        theme: chosen_theme(plan),
        title_line: title,
        sections,
        level: reading_grade(&plan.brief),
        lesson_words: crate::vocabulary::lesson_words(plan, book, &generator(&plan.brief)),
    }
}

fn chosen_theme(plan: &Plan) -> ThemeChoice {
    if plan.theme.is_empty() { theme_choice(&plan.brief) } else { ThemeChoice::Id(plan.theme.clone()) }
}

/// What the hook writer is asked for.
pub(crate) fn hook_brief(plan: &Plan, book: &GenreBook, count: usize) -> HookBrief {
    let style = leader(&plan.blend, Dimension::Lyrics, book).map_or_else(String::new, |p| p.id.0.clone());
    HookBrief {
        language: plan.brief.language,
        style,
        theme: chosen_theme(plan),
        level: reading_grade(&plan.brief),
        syllables: (4, 8),
        count,
    }
}

/// Writes the words of the piece, its chorus opened by the title line.
pub fn write_words(plan: &Plan, title: Option<Line>, book: &GenreBook) -> Lyrics {
    take(plan, title, book, &generator(&plan.brief))
}

/// The same from a generator of one's own.
pub(crate) fn take(plan: &Plan, title: Option<Line>, book: &GenreBook, random: &Random) -> Lyrics {
    let brief = lyric_brief(plan, title, book);
    // The chorus opens with the hook, over the chords for which the hook was made; a lyric that closes with it is written
    // anew, a few times at most.
    let mut lyrics = eduai_prosody::write_lyrics(&brief, &random.fork("words"));
    for attempt in 1..6 {
        if opens_with_hook(&lyrics) {
            break;
        }
        lyrics = eduai_prosody::write_lyrics(&brief, &random.fork(&format!("words {attempt}")));
    }
    // Where no words can be had, the tune is sung on one syllable: a piece is never without its melody.
    for wanted in &brief.sections {
        if lyrics.sections.iter().all(|s| s.id != wanted.id || s.lines.is_empty()) {
            let count = usize::from(u8::midpoint(wanted.syllables.0, wanted.syllables.1));
            lyrics.sections.retain(|s| s.id != wanted.id);
            let mut lines = vec![vocalise(count, plan.brief.language); wanted.lines];
            if let (SectionRole::Chorus, Some(title), Some(first)) = (wanted.role, &brief.title_line, lines.first_mut())
            {
                *first = title.clone();
            }
            let scheme = "X".repeat(wanted.lines);
            lyrics.sections.push(LyricSection { id: wanted.id.clone(), role: wanted.role, scheme, lines });
        }
    }
    lyrics
}

fn opens_with_hook(lyrics: &Lyrics) -> bool {
    let chorus = lyrics.sections.iter().find(|s| s.role == SectionRole::Chorus);
    chorus.is_none_or(|c| c.lines.first().is_none_or(|l| l.hook) || c.lines.iter().all(|l| !l.hook))
}

/// A line on "la".
pub(crate) fn vocalise(syllables: usize, language: Language) -> Line {
    eduai_prosody::scan(&["la"; 12][..syllables.clamp(1, 12)].join(", "), language)
}

/// One syllable with what its setting must know.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "they are independent marks of one syllable")]
pub(crate) struct Syl {
    pub text: String,
    /// The index of its word in the line.
    pub word: usize,
    /// It bears the main stress of a content word.
    pub stressed: bool,
    /// It bears the main stress of its word, whatever the word.
    pub primary: bool,
    /// Its word has no meaning of its own: article, preposition, pronoun.
    pub function: bool,
    /// Its vowel is reduced.
    pub reduced: bool,
    pub ends_word: bool,
    pub begins_word: bool,
}

/// The syllables of a line.
pub(crate) fn syllables(line: &Line) -> Vec<Syl> {
    let mut all = Vec::new();
    for (word, w) in line.words.iter().enumerate() {
        let strongest = w.syllables.iter().map(|s| s.stress).max().unwrap_or(Stress::None);
        let count = w.syllables.len();
        for (i, s) in w.syllables.iter().enumerate() {
            let primary = s.stress == strongest && (strongest != Stress::None || count == 1);
            all.push(Syl {
                text: s.text.clone(),
                word,
                stressed: w.content && primary,
                primary,
                function: !w.content,
                reduced: s.reduced,
                ends_word: i + 1 == count,
                begins_word: i == 0,
            });
        }
    }
    all
}
