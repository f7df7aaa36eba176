//! Wishes of the brief, reasonable ones and others.

use crate::song::brief;
use eduai_kernel::{Language, Random};
use eduai_prosody::{
    HookBrief, LyricBrief, SectionBrief, SectionRole, Stress, ThemeChoice, hook_lines, pick_theme, scan, write_lyrics,
};
use proptest::prelude::*;
use std::collections::HashSet;

fn hooks(language: Language, style: &str, seed: u64) -> Vec<eduai_prosody::Line> {
    let wanted = HookBrief {
        language,
        style: style.into(),
        theme: ThemeChoice::Id("stars".into()),
        level: 9,
        syllables: (3, 8),
        count: 6,
    };
    hook_lines(&wanted, &Random::from_seed(seed))
}

#[test]
fn hooks_are_short_and_differ_in_rhythm() {
    for language in [Language::En, Language::Es] {
        for seed in 0..10 {
            let lines = hooks(language, "rock", seed);
            assert_eq!(lines.len(), 6);
            assert!(lines.iter().all(|l| l.hook && (3..=8).contains(&l.syllable_count())));
            let texts: HashSet<String> = lines.iter().map(eduai_prosody::Line::text).collect();
            let rhythms: HashSet<Vec<Stress>> = lines.iter().map(eduai_prosody::Line::stresses).collect();
            assert_eq!(texts.len(), 6);
            assert!(rhythms.len() >= 3, "{texts:?}");
        }
    }
}

#[test]
fn the_given_title_line_opens_or_closes_the_chorus() {
    for (seed, title) in [(1, "Jump and trust the air"), (2, "Sing my name, Ljubljana"), (3, "One more try")] {
        let mut wanted = brief(Language::En, "rock", "courage");
        wanted.title_line = Some(scan(title, Language::En));
        let song = write_lyrics(&wanted, &Random::from_seed(seed));
        let chorus = &song.sections[1].lines;
        let hooked: Vec<usize> = (0..chorus.len()).filter(|i| chorus[*i].hook).collect();
        assert!(hooked == [0] || hooked == [chorus.len() - 1], "{hooked:?}");
        assert_eq!(chorus[hooked[0]].text(), title);
        assert_eq!(song.sections[1].lines, song.sections[3].lines);
    }
}

#[test]
fn a_blend_writes_each_section_in_its_own_style() {
    let mut wanted = brief(Language::En, "hip_hop", "dance");
    wanted.sections[1].style = Some("jazz_swing".into());
    wanted.sections[1].syllables = (6, 9);
    let song = write_lyrics(&wanted, &Random::from_seed(5));
    let mean = |i: usize| {
        let lines = &song.sections[i].lines;
        lines.iter().map(eduai_prosody::Line::syllable_count).sum::<usize>() as f64 / lines.len() as f64
    };
    assert!(mean(0) > mean(1) + 1.0, "{} {}", mean(0), mean(1));
}

#[test]
fn a_blues_line_is_said_twice_and_answered() {
    let song = write_lyrics(&brief(Language::En, "blues", "travel"), &Random::from_seed(11));
    for stanza in song.sections[0].lines.chunks(3) {
        assert_eq!(stanza[0].text(), stanza[1].text());
        assert_ne!(stanza[0].text(), stanza[2].text());
    }
}

#[test]
fn lesson_words_appear_once_where_there_is_room() {
    let mut said = 0;
    for seed in 0..20 {
        let mut wanted = brief(Language::En, "rock", "dance");
        wanted.lesson_words = vec!["backbeat".into(), "Riff".into(), "quantum chromodynamics".into()];
        said += usize::from(!write_lyrics(&wanted, &Random::from_seed(seed)).report.lesson_words.is_empty());
    }
    assert!(said >= 12, "{said} of 20");
}

#[test]
fn prompts_choose_their_theme() {
    for (language, prompt, theme) in [
        (Language::En, "A song about the night in our city", "night_city"),
        (Language::En, "my grandmother and her stories", "memory"),
        (Language::En, "planets, rockets and stars!", "stars"),
        (Language::Es, "una canción sobre el río y el mar", "river"),
        (Language::Es, "mi abuela y sus CUENTOS", "memory"),
        (Language::Es, "los planetas y las estrellas", "stars"),
    ] {
        let found = pick_theme(&ThemeChoice::Prompt(prompt.into()), language, &Random::from_seed(1));
        assert_eq!(found.map(|t| t.id).as_deref(), Some(theme), "{prompt}");
    }
    let by_chance: HashSet<String> = (0..60)
        .filter_map(|s| pick_theme(&ThemeChoice::Prompt("🎵🎵".into()), Language::En, &Random::from_seed(s)))
        .map(|t| t.id)
        .collect();
    assert!(by_chance.len() >= 8, "{by_chance:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    #[test]
    fn no_brief_is_too_odd(
        style in "\\PC{0,12}", prompt in "\\PC{0,60}", scheme in "\\PC{0,6}", title in "\\PC{0,30}",
        low: u8, high: u8, lines in 0_usize..40, level: u8, spanish: bool, seed: u64, other in "[a-c]",
    ) {
        let section = |id: &str| SectionBrief::new(id, SectionRole::Chorus, lines, &scheme, (low, high));
        let language = if spanish { Language::Es } else { Language::En };
        let brief = LyricBrief {
            language,
            style,
            theme: ThemeChoice::Prompt(prompt),
            title_line: Some(scan(&title, language)),
            sections: vec![section("a").matching(&other), section("b").repeating(&other), section("c")],
            level,
            lesson_words: vec![title],
        };
        let song = write_lyrics(&brief, &Random::from_seed(seed));
        prop_assert_eq!(song.sections.len(), 3);
        for section in &song.sections {
            prop_assert_eq!(section.lines.len(), lines.clamp(1, 32));
            prop_assert!(section.lines.iter().all(|l| !l.words.is_empty()));
        }
    }
}
