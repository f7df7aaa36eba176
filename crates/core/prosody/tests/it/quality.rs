//! Measured over hundreds of songs: rhyme (L3), variety (L7), shared metre, range, words that are fit for a class.

use crate::song::{STYLES, brief};
use eduai_kernel::{Language, Random};
use eduai_prosody::{LyricReport, Lyrics, screen_prompt, themes, write_lyrics};
use std::collections::HashSet;

/// Seeds for each style and language; `EDUAI_PROSODY_SEEDS=500` measures at length.
fn seeds() -> u64 {
    std::env::var("EDUAI_PROSODY_SEEDS").ok().and_then(|s| s.parse().ok()).unwrap_or(12)
}

fn songs(language: Language, style: &str) -> Vec<Lyrics> {
    let themes = themes(language);
    let write = |seed: u64| {
        let theme = &themes[seed as usize % themes.len()].id;
        write_lyrics(&brief(language, style, theme), &Random::from_seed(seed))
    };
    (0..seeds()).map(write).collect()
}

fn mean(songs: &[Lyrics], of: impl Fn(&LyricReport) -> f64) -> f64 {
    songs.iter().map(|s| of(&s.report)).sum::<f64>() / songs.len() as f64
}

#[test]
fn songs_keep_their_promises_in_every_style() {
    for language in [Language::En, Language::Es] {
        for style in STYLES {
            let songs = songs(language, style);
            let pairs: usize = songs.iter().map(|s| s.report.rhyme_pairs).sum();
            let kept: usize = songs.iter().map(|s| s.report.rhymes_kept).sum();
            let perfect: usize = songs.iter().map(|s| s.report.rhymes_perfect).sum();
            let rhyme = kept as f64 / pairs as f64;
            let distinct = mean(&songs, |r| r.distinct_2);
            let worst = songs.iter().map(|s| s.report.distinct_2).fold(1.0, f64::min);
            let (metre, range) = (mean(&songs, |r| r.metre_matched), mean(&songs, |r| r.lines_in_range));
            println!(
                "{language:?} {style}: rhymes {rhyme:.3} of {pairs} ({:.2} perfect), distinct-2 {distinct:.3} (worst {worst:.2}), \
                 metre {metre:.3}, stress {:.2}, in range {range:.3}, regular {:.2}, noted {}",
                perfect as f64 / pairs as f64,
                mean(&songs, |r| r.stress_matched),
                mean(&songs, |r| r.stress_regularity),
                songs.iter().filter(|s| !s.report.notes.is_empty()).count(),
            );
            assert!(rhyme >= 0.97, "{language:?} {style}: {rhyme}");
            assert!(worst >= 0.6, "{language:?} {style}: {worst}");
            assert!(metre >= 0.98, "{language:?} {style}: {metre}");
            assert!(range >= 0.85, "{language:?} {style}: {range}");
        }
    }
}

#[test]
fn the_words_of_every_song_are_fit_for_a_class_and_printed_whole() {
    for language in [Language::En, Language::Es] {
        for style in STYLES {
            for song in songs(language, style).into_iter().take(6) {
                for line in song.sections.iter().flat_map(|s| &s.lines) {
                    let text = line.text();
                    assert!(screen_prompt(&text).is_clean(), "{text}");
                    assert!(!text.is_empty() && !text.contains(['{', '}', '[', ']', '|']), "{text}");
                    assert!(text.chars().find(|c| c.is_alphabetic()).is_some_and(char::is_uppercase), "{text}");
                    for word in &line.words {
                        let joined: String = word.syllables.iter().map(|s| s.text.as_str()).collect();
                        assert_eq!(joined, word.text);
                    }
                }
            }
        }
    }
}

#[test]
fn the_same_brief_and_seed_give_the_same_words_and_others_give_others() {
    let wanted = brief(Language::En, "jazz", "river");
    let write = |seed| write_lyrics(&wanted, &Random::from_seed(seed));
    assert_eq!(write(7), write(7));
    let text = |song: &Lyrics, sections: usize| {
        let lines = song.sections[..sections].iter().flat_map(|s| &s.lines);
        lines.map(eduai_prosody::Line::text).collect::<Vec<_>>().join("\n")
    };
    let songs: Vec<Lyrics> = (0..40).map(write).collect();
    let different = |sections: usize| songs.iter().map(|s| text(s, sections)).collect::<HashSet<_>>().len();
    assert!(different(5) >= 38, "only {} of 40 songs differ", different(5));
    assert!(different(1) >= 26, "only {} of 40 first verses differ", different(1));
}

#[test]
fn samples_stay_as_they_are() {
    let mut book = String::new();
    for (language, style, theme) in [
        (Language::En, "jazz", "night_city"),
        (Language::En, "hip_hop", "school"),
        (Language::En, "blues", "home"),
        (Language::En, "folk", "memory"),
        (Language::Es, "rock", "courage"),
        (Language::Es, "folk", "river"),
    ] {
        let song = write_lyrics(&brief(language, style, theme), &Random::from_seed(2026));
        book.extend(["# ", &song.title, " (", style, ", ", theme, ")\n"]);
        for section in &song.sections {
            book.extend(["\n[", &section.id, " ", &section.scheme, "]\n"]);
            for line in &section.lines {
                let pieces =
                    |w: &eduai_prosody::Word| w.syllables.iter().map(|s| s.text.as_str()).collect::<Vec<_>>().join("-");
                book.push_str(&line.words.iter().map(pieces).collect::<Vec<_>>().join(" "));
                book.push('\n');
            }
        }
        book.push('\n');
    }
    insta::assert_snapshot!(book);
}
