//! A model that writes well: it reads from the prompt what is wanted and takes lines that fit from other songs of the
//! program's own lyric writer.

use eduai_kernel::{Language, Random};
use eduai_mashup::models::Question;
use eduai_prosody::{Line, LyricBrief, SectionBrief, SectionRole, ThemeChoice, line_rhyme, scan, themes, write_lyrics};
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// Lines of many songs.
fn pool(language: Language) -> &'static [Line] {
    static POOLS: [OnceLock<Vec<Line>>; 2] = [OnceLock::new(), OnceLock::new()];
    POOLS[usize::from(language == Language::Es)].get_or_init(|| {
        let mut lines: BTreeMap<String, Line> = BTreeMap::new();
        for (number, theme) in themes(language).iter().cycle().take(60).enumerate() {
            let sections =
                [(SectionRole::Verse, 4 + number as u8 % 5), (SectionRole::Chorus, 5), (SectionRole::Bridge, 6)];
            let sections = sections.into_iter().enumerate();
            let brief = LyricBrief {
                language,
                style: "pop".to_owned(),
                theme: ThemeChoice::Id(theme.id.clone()),
                title_line: None,
                sections: sections
                    .map(|(i, (role, low))| SectionBrief::new(&format!("s{i}"), role, 8, "AABB", (low, low + 4)))
                    .collect(),
                level: 8,
                lesson_words: Vec::new(),
            };
            let song = write_lyrics(&brief, &Random::from_seed(900 + number as u64));
            lines.extend(song.sections.into_iter().flat_map(|s| s.lines).map(|line| (line.text(), line)));
        }
        lines.into_values().collect()
    })
}

struct Wanted {
    number: usize,
    counts: (usize, usize),
    pattern: String,
    letter: char,
    fixed: Option<Line>,
}

/// `3. 7-9 syllables, ./././., A`, or `1. fixed, A: We ride`.
fn wanted(text: &str, language: Language) -> Vec<Wanted> {
    let row = |line: &str| {
        let (number, rest) = line.split_once(". ")?;
        let number = number.parse().ok()?;
        if let Some(rest) = rest.strip_prefix("fixed, ").or_else(|| rest.strip_prefix("fijo, ")) {
            let (letter, words) = rest.split_once(": ")?;
            let fixed = Some(scan(words, language));
            return Some(Wanted {
                number,
                counts: (0, 0),
                pattern: String::new(),
                letter: letter.chars().next()?,
                fixed,
            });
        }
        let mut parts = rest.split(", ");
        let count = parts.next()?.split(' ').next()?;
        let (low, high) = count.split_once('-').unwrap_or((count, count));
        let counts = (low.parse().ok()?, high.parse().ok()?);
        let pattern = parts.next()?.to_owned();
        Some(Wanted { number, counts, pattern, letter: parts.next()?.chars().next()?, fixed: None })
    };
    text.lines().filter_map(row).collect()
}

/// The lines that the prompt asks for.
pub fn lines(question: &Question, salt: u64) -> String {
    let language = if question.system.starts_with("You") { Language::En } else { Language::Es };
    let mut random = Random::from_seed(salt ^ question.user.len() as u64);
    let mut chosen: BTreeMap<usize, Line> = BTreeMap::new();
    let mut standing: BTreeMap<char, Vec<Line>> = BTreeMap::new();
    let places = wanted(&question.user, language);
    for place in &places {
        if let Some(fixed) = &place.fixed {
            standing.entry(place.letter).or_default().push(fixed.clone());
        }
    }
    for place in places.iter().filter(|p| p.fixed.is_none()) {
        let others = standing.entry(place.letter).or_default();
        let alike = |line: &Line| {
            let strong = line
                .stresses()
                .iter()
                .map(|s| if *s == eduai_prosody::Stress::Primary { '/' } else { '.' })
                .collect::<String>();
            strong.chars().zip(place.pattern.chars()).filter(|(a, b)| a == b).count() * 10 >= place.pattern.len() * 7
        };
        let fits: Vec<&Line> = pool(language)
            .iter()
            .filter(|line| (place.counts.0..=place.counts.1).contains(&line.syllable_count()) && alike(line))
            .filter(|line| !chosen.values().any(|c| c.text() == line.text()))
            .filter(|line| place.letter == '-' || others.iter().all(|o| line_rhyme(o, line, language).keeps(language)))
            .collect();
        if let Some(line) = random.pick(&fits) {
            others.push((*line).clone());
            chosen.insert(place.number, (*line).clone());
        }
    }
    let lines: Vec<_> = chosen.iter().map(|(number, line)| json!({"number": number, "text": line.text()})).collect();
    json!({"lines": lines}).to_string()
}
