//! Prints songs, to be read critically: `cargo run --release -p eduai-prosody --example songs -- [language] [seeds]`.
#![expect(clippy::print_stdout, reason = "printing is what this example is for")]

use eduai_kernel::{Language, Random};
use eduai_prosody::{LyricBrief, SectionBrief, SectionRole, ThemeChoice, themes, write_lyrics};

fn brief(language: Language, style: &str, theme: &str) -> LyricBrief {
    let (verse, chorus, scheme) = match style {
        "hip_hop" => ((9, 12), (6, 9), "AABB"),
        "house" => ((5, 8), (3, 6), "ABAB"),
        "blues" => ((8, 11), (8, 11), "AAB"),
        "folk" | "country" => ((6, 8), (6, 8), "ABCB"),
        _ => ((7, 10), (5, 8), "ABAB"),
    };
    let (verse_lines, chorus_lines) = if style == "blues" { (6, 3) } else { (8, 4) };
    let sections = vec![
        SectionBrief::new("verse1", SectionRole::Verse, verse_lines, scheme, verse),
        SectionBrief::new("chorus", SectionRole::Chorus, chorus_lines, scheme, chorus),
        SectionBrief::new("verse2", SectionRole::Verse, verse_lines, scheme, verse).matching("verse1"),
        SectionBrief::new("bridge", SectionRole::Bridge, if style == "blues" { 3 } else { 4 }, scheme, verse),
    ];
    LyricBrief {
        language,
        style: style.into(),
        theme: ThemeChoice::Id(theme.into()),
        title_line: None,
        sections,
        level: 9,
        lesson_words: vec!["swing".into(), "backbeat".into()],
    }
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let language = if arguments.next().as_deref() == Some("es") { Language::Es } else { Language::En };
    let seeds: u64 = arguments.next().and_then(|s| s.parse().ok()).unwrap_or(1);
    let only = arguments.next();
    let styles = ["jazz", "hip_hop", "blues", "country", "folk", "rock", "house", "art_song"];
    for seed in 0..seeds {
        for (i, theme) in themes(language).iter().enumerate() {
            let style = styles[(i + seed as usize) % styles.len()];
            if only.as_ref().is_some_and(|o| o != style && *o != theme.id) {
                continue;
            }
            let lyrics = write_lyrics(&brief(language, style, &theme.id), &Random::from_seed(seed));
            println!("=== {} ({style}, {}, seed {seed})", lyrics.title, theme.id);
            for section in &lyrics.sections {
                println!("[{}] {}", section.id, section.scheme);
                for line in &section.lines {
                    println!("  {:2} {}{}", line.syllable_count(), line.text(), if line.hook { "  *" } else { "" });
                }
            }
            let r = &lyrics.report;
            println!(
                "-- rhymes {}/{} ({} perfect), distinct-2 {:.2}, in range {:.2}, metre {:.2}, stress {:.2}, {:?}\n",
                r.rhymes_kept,
                r.rhyme_pairs,
                r.rhymes_perfect,
                r.distinct_2,
                r.lines_in_range,
                r.metre_matched,
                r.stress_matched,
                r.notes
            );
        }
    }
}
