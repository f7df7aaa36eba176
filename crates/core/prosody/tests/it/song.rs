//! A song as the composer asks for it: two verses to one melody, a chorus, a bridge.

use eduai_kernel::Language;
use eduai_prosody::{LyricBrief, SectionBrief, SectionRole, ThemeChoice};

/// Every style that has lines of its own.
pub const STYLES: [&str; 8] = ["jazz", "hip_hop", "blues", "country", "folk", "rock", "house", "art_song"];

/// Scheme of the verse, of the chorus, syllables of the verse and of the chorus.
type Shape = (&'static str, &'static str, (u8, u8), (u8, u8));

fn shape(style: &str) -> Shape {
    match style {
        "hip_hop" => ("AABB", "AABB", (8, 11), (6, 9)),
        "house" => ("AABB", "AABB", (5, 8), (4, 8)),
        "blues" => ("AAB", "AAB", (7, 10), (7, 10)),
        "folk" => ("ABCB", "ABCB", (6, 8), (6, 8)),
        "country" => ("ABCB", "AABB", (6, 9), (6, 9)),
        "art_song" => ("ABAB", "ABAB", (6, 8), (6, 8)),
        _ => ("ABAB", "AABB", (6, 9), (6, 9)),
    }
}

/// The brief of a whole song.
pub fn brief(language: Language, style: &str, theme: &str) -> LyricBrief {
    let (verse, chorus, verse_range, chorus_range) = shape(style);
    let (verse_lines, chorus_lines) = if style == "blues" { (6, 3) } else { (8, 4) };
    let sections = vec![
        SectionBrief::new("verse1", SectionRole::Verse, verse_lines, verse, verse_range),
        SectionBrief::new("chorus", SectionRole::Chorus, chorus_lines, chorus, chorus_range),
        SectionBrief::new("verse2", SectionRole::Verse, verse_lines, verse, verse_range).matching("verse1"),
        SectionBrief::new("chorus2", SectionRole::Chorus, chorus_lines, chorus, chorus_range).repeating("chorus"),
        SectionBrief::new("bridge", SectionRole::Bridge, 4, "ABAB", verse_range),
    ];
    LyricBrief {
        language,
        style: style.into(),
        theme: ThemeChoice::Id(theme.into()),
        title_line: None,
        sections,
        level: 9,
        lesson_words: Vec::new(),
    }
}
