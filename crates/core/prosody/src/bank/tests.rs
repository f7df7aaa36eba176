//! The data can be read, filled, pronounced and sung in a class.

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
        let choruses = bank.themes.iter().flat_map(|t| &t.choruses).chain(bank.styles.iter().flat_map(|s| &s.choruses));
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
