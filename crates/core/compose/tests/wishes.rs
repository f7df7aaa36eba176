//! What the quality check wishes for is heard by the next attempt: each wish against the same round without it.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use eduai_compose::check::{Group, check, mean};
use eduai_compose::{Brief, Piece, compose, plan};
use eduai_genre::{GenreBook, GenreId};
use eduai_kernel::{Language, SkillLevel};
use std::collections::BTreeSet;

fn book() -> &'static GenreBook {
    GenreBook::built_in().unwrap()
}

/// Second rounds of all pairs of neighbouring genres at all levels.
fn briefs() -> Vec<Brief> {
    let ids = book().ids();
    (0..24)
        .map(|n| Brief {
            round: 1,
            ..Brief::new(
                vec![ids[n % 8].clone(), ids[(n + 1 + n / 8) % 8].clone()],
                SkillLevel::ALL[n % 3],
                if n % 4 == 3 { Language::Es } else { Language::En },
                9,
                300 + n as u64,
            )
        })
        .collect()
}

fn wishing(brief: &Brief, wish: &str) -> Brief {
    Brief { improve: vec![wish.to_owned()], ..brief.clone() }
}

fn group(piece: &Piece, group: Group) -> f64 {
    mean(&check(&piece.score, &piece.plan, &piece.hooks[piece.hook], &piece.lyrics, book()), group)
}

#[test]
fn singing_and_craft_rise() {
    let ids = book().ids();
    let pairs: Vec<[&GenreId; 2]> =
        ids.iter().enumerate().flat_map(|(i, a)| ids[i + 1..].iter().map(move |b| [a, b])).collect();
    for (wish, of) in [("singability", Group::Singing), ("musical_craft", Group::Craft)] {
        let (mut room, mut risen, mut before, mut after) = (0, 0, 0.0, 0.0);
        for (n, pair) in pairs.iter().cycle().take(140).enumerate() {
            let genres = pair.iter().map(|g| (*g).clone()).collect();
            let brief =
                Brief { genres, seed: n as u64, level: SkillLevel::ALL[n / 28 % 3], round: 0, ..briefs()[0].clone() };
            let plain = group(&compose(&brief, book()).unwrap(), of);
            // Most pieces leave nothing to be wished for.
            if plain > 0.999 {
                continue;
            }
            let better = group(&compose(&wishing(&brief, wish), book()).unwrap(), of);
            room += 1;
            risen += usize::from(better > plain);
            before += plain;
            after += better;
        }
        let mean = |sum: f64| sum / f64::from(room.max(1));
        println!("{wish}: {:.4} became {:.4}; {risen} of {room} rose", mean(before), mean(after));
        // Craft is whole in almost every piece; where it is not, the best take is nearer to it.
        assert!(of == Group::Craft || room > 0);
        assert!(after >= before, "{wish}: {before} became {after}");
        assert!(risen * 10 >= room as usize * 6, "{wish}: {risen} of {room} rose");
    }
}

#[test]
fn words_become_shorter() {
    let syllables = |piece: &Piece| {
        let (mut words, mut count) = (0.0, 0.0);
        for line in piece.lyrics.iter().flat_map(|s| &s.lines) {
            words += line.text.split_whitespace().count() as f64;
            count += line.syllables.len() as f64;
        }
        count / words
    };
    let all = |wish: &[String]| {
        let of = |b: Brief| syllables(&compose(&Brief { improve: wish.to_vec(), ..b }, book()).unwrap());
        briefs().into_iter().map(of).sum::<f64>() / 24.0
    };
    let (plain, easy) = (all(&[]), all(&["age_appropriateness".to_owned()]));
    println!("syllables a word: {plain:.3} became {easy:.3}");
    assert!(easy < plain, "{plain} became {easy}");
}

#[test]
fn chords_become_plainer_and_forms_longer() {
    let tones = |brief: &Brief| {
        let plan = plan(brief, book()).unwrap();
        let chords: Vec<usize> = plan
            .sections
            .iter()
            .flat_map(|s| &s.harmony)
            .map(|(roman, _)| roman.chord(plan.key).names().count())
            .collect();
        chords.iter().sum::<usize>() as f64 / chords.len() as f64
    };
    let sections = |brief: &Brief| {
        let sections = plan(brief, book()).unwrap().sections;
        (sections.iter().map(|s| s.kind).collect::<BTreeSet<_>>().len(), sections.iter().map(|s| s.bars).sum::<u32>())
    };
    let (mut plainer, mut richer) = (0, 0);
    for brief in briefs() {
        for wish in ["theory_accuracy", "exports_agree"] {
            let (before, after) = (tones(&brief), tones(&wishing(&brief, wish)));
            assert!(after <= before, "{before} became {after}");
            plainer += usize::from(after < before);
        }
        let (before, after) = (sections(&brief), sections(&wishing(&brief, "educational_quality")));
        assert!(after.0 >= before.0 && after.1 >= before.1, "{before:?} became {after:?}");
        richer += usize::from(after > before);
    }
    println!("plainer: {plainer} of 48, richer: {richer} of 24");
    assert!(plainer >= 20 && richer >= 8, "{plainer} {richer}");
}

#[test]
fn lessons_are_sung_only_where_they_are_true() {
    let ids = book().ids();
    let mut said = 0;
    for n in 0..48 {
        let brief = Brief {
            genres: vec![ids[n % 8].clone(), GenreId("hip_hop_boom_bap".into())],
            theme_words: vec![if n % 2 == 0 { "dance" } else { "river" }.into()],
            language: if n % 6 == 5 { Language::Es } else { Language::En },
            ..briefs()[n % 24].clone()
        };
        let Ok(piece) = compose(&Brief { round: 0, ..brief }, book()) else { continue };
        let lines = || piece.lyrics.iter().flat_map(|s| &s.lines).map(|l| l.text.to_lowercase());
        let says = |words: &str| lines().any(|l| l.contains(words));
        let beats = |key: u8| -> BTreeSet<i64> {
            let drums = piece.score.part("drums").into_iter().flat_map(eduai_music::Part::notes);
            let struck = drums.filter(|n| matches!(&n.sound, eduai_music::score::Sound::Drums(k) if k.contains(&key)));
            struck.map(|n| n.onset.modulo(eduai_music::Time::WHOLE).ticks(1)).collect()
        };
        if says("two and four") || says("backbeat") {
            said += 1;
            assert!([38, 39, 40].iter().any(|k| beats(*k).is_superset(&BTreeSet::from([1, 3]))), "{n}");
        }
        if says("four on the floor") {
            said += 1;
            assert!(beats(36).is_superset(&BTreeSet::from([0, 1, 2, 3])), "{n}");
        }
        if says("swing") || says("eighth notes lean") {
            said += 1;
            assert!(piece.score.swing.is_some(), "{n}");
        }
    }
    println!("terms sung in {said} of 48 songs");
    assert!(said >= 4, "{said}");
}
