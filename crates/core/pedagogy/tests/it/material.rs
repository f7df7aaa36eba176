//! Whole material, of a piece whose truth is known and of composed pieces.

use crate::pieces::city_lights;
use eduai_compose::model::{Brief, Piece};
use eduai_genre::{GenreBook, GenreId};
use eduai_kernel::{Language, SkillLevel, Text};
use eduai_music::analysis::analyse;
use eduai_music::musicxml;
use eduai_pedagogy::model::{CulturalContext, Item, Material, Task};
use eduai_pedagogy::{
    EducationalContext, RequestFacts, Response, Setting, context, grade, quality, standards, teach, verify, verify_item,
};
use std::collections::BTreeSet;

fn cultures(ids: &[GenreId]) -> Vec<CulturalContext> {
    let book = GenreBook::built_in().unwrap();
    ids.iter().map(|id| CulturalContext::of(book.get(id).unwrap())).collect()
}

fn lesson(piece: &Piece, setting: Setting, prompt: &str) -> (Material, EducationalContext) {
    let brief = &piece.plan.brief;
    let context = context(&RequestFacts {
        prompt: prompt.to_owned(),
        level: brief.level,
        setting,
        genres: brief.genres.clone(),
        language: brief.language,
        ..RequestFacts::default()
    });
    (teach(piece, &analyse(&piece.score), &cultures(&brief.genres), &context), context)
}

fn full(text: &Text) -> bool {
    !text.en.trim().is_empty() && !text.es.trim().is_empty()
}

fn kind(task: &Task) -> &'static str {
    match task {
        Task::MultipleChoice { .. } => "choice",
        Task::MultipleSelect { .. } => "select",
        Task::TrueFalse { .. } => "truth",
        Task::Numeric { .. } => "number",
        Task::ShortText { .. } => "word",
        Task::Ordering { .. } => "order",
        Task::Matching { .. } => "match",
    }
}

fn right_answer(item: &Item) -> Response {
    match &item.task {
        Task::MultipleChoice { key, .. } => Response::Choice { index: *key },
        Task::MultipleSelect { key, .. } | Task::Ordering { key, .. } | Task::Matching { key, .. } => {
            Response::Indices { indices: key.clone() }
        }
        Task::TrueFalse { key } => Response::Truth { value: *key },
        Task::Numeric { key } => Response::Number { value: *key },
        Task::ShortText { accepted } => Response::Text { value: accepted[0].to_uppercase() },
    }
}

/// Everything that must hold for any piece.
fn judge(name: &str, piece: &Piece, material: &Material) {
    let claims = &material.claims;
    assert!((8..=20).contains(&claims.len()), "{name}: {} claims", claims.len());
    for claim in claims {
        assert_eq!(verify(claim, &piece.score), Ok(()), "{name}: {}", claim.text.en);
        assert!(full(&claim.text) && full(&claim.listen_for), "{name}: {claim:?}");
        assert!(!claim.text.es.contains(" de el ") && !claim.text.es.contains(" a el "), "{name}: {}", claim.text.es);
        assert!(claim.genre.as_ref().is_none_or(|g| piece.plan.brief.genres.contains(g)), "{name}");
    }
    let texts: BTreeSet<&str> = claims.iter().map(|c| c.text.en.as_str()).collect();
    assert_eq!(texts.len(), claims.len(), "{name}: a claim twice");
    let guide = &material.teaching_guide;
    assert_eq!(guide.sequence.iter().map(|s| s.minutes).sum::<u32>(), guide.total_minutes, "{name}");
    for step in &guide.sequence {
        assert!(full(&step.title) && full(&step.teacher) && full(&step.learners), "{name}: {step:?}");
        assert!(step.claims.iter().all(|id| claims.iter().any(|c| c.id == *id)), "{name}: {step:?}");
    }
    let items = &material.learning_assessment.items;
    assert!(items.len() >= 8, "{name}: {} questions", items.len());
    let kinds: BTreeSet<&str> = items.iter().map(|i| kind(&i.task)).collect();
    assert!(kinds.len() >= 4, "{name}: {kinds:?}");
    let prompts: BTreeSet<&str> = items.iter().map(|i| i.prompt.en.as_str()).collect();
    assert_eq!(prompts.len(), items.len(), "{name}: a question twice");
    for item in items {
        assert!(!item.proof.is_empty(), "{name}: {item:?}");
        assert_eq!(verify_item(item, &piece.score), Ok(()), "{name}: {}", item.prompt.en);
        assert!(full(&item.prompt) && full(&item.explanation), "{name}: {item:?}");
        let graded = grade(item, &right_answer(item));
        assert!(graded.correct && graded.points == f64::from(item.points), "{name}: {item:?}");
    }
    for standard in &material.educational_content.standards {
        assert!(standards::exists(&standard.framework, &standard.code), "{name}: {standard:?}");
    }
    let rubric = &material.learning_assessment.rubric;
    assert!((3..=4).contains(&rubric.len()) && rubric.iter().all(|r| r.levels.len() == 4), "{name}");
}

#[test]
fn a_known_piece_is_taught_at_every_level_in_every_setting_and_period() {
    for level in SkillLevel::ALL {
        let piece = city_lights(level);
        for setting in Setting::ALL {
            for minutes in [15, 30, 45, 50, 90, 180] {
                let (material, context) = lesson(&piece, setting, &format!("jazz and hip-hop, {minutes} minutes"));
                judge(&format!("{level:?} {setting:?} {minutes}"), &piece, &material);
                assert_eq!(material.teaching_guide.total_minutes, minutes);
                assert_eq!(context.minutes, minutes);
            }
        }
    }
}

#[test]
fn what_is_known_of_the_piece_is_found() {
    let piece = city_lights(SkillLevel::Advanced);
    let (material, _) = lesson(&piece, Setting::Classroom, "jazz and hip-hop");
    let said: BTreeSet<&str> = material.claims.iter().map(|c| c.concept.0.as_str()).collect();
    for concept in ["walking_bass", "ii_v_i", "syncopation", "hook", "swing_sixteenths"] {
        assert!(said.contains(concept), "{concept} is missing: {said:?}");
    }
    for never in ["triplet", "power_chord", "four_on_the_floor", "borrowed_chord", "pedal", "twelve_bar_blues"] {
        assert!(!said.contains(never), "{never} is not in the piece");
    }
    let genres: BTreeSet<_> = material.claims.iter().filter_map(|c| c.genre.clone()).collect();
    assert_eq!(genres.len(), 2);
    let hook = material.claims.iter().find(|c| c.concept.0 == "hook").unwrap();
    assert!(hook.text.en.contains("four times") && hook.text.en.contains("13, 15, 25 and 27"), "{}", hook.text.en);
}

#[test]
fn the_same_piece_gives_the_same_material() {
    let piece = city_lights(SkillLevel::Intermediate);
    let make = || serde_json::to_string(&lesson(&piece, Setting::Classroom, "for grade 9").0).unwrap();
    assert_eq!(make(), make());
}

fn composed(i: usize) -> Piece {
    let book = GenreBook::built_in().unwrap();
    let ids = book.ids();
    let pairs: Vec<(usize, usize)> =
        (0..ids.len()).flat_map(|a| (0..ids.len()).map(move |b| (a, b))).filter(|(a, b)| a != b).collect();
    let (a, b) = pairs[(i * 5) % pairs.len()];
    let brief = Brief::new(
        vec![ids[a].clone(), ids[b].clone()],
        SkillLevel::ALL[i % 3],
        if i % 4 == 3 { Language::Es } else { Language::En },
        9,
        i as u64,
    );
    eduai_compose::compose(&brief, book).unwrap()
}

#[test]
fn a_hundred_composed_pieces_are_taught_truly_and_their_exports_confirm_it() {
    let mut claims = 0;
    let mut concepts = BTreeSet::new();
    let mut lowest: std::collections::BTreeMap<String, f64> = std::collections::BTreeMap::new();
    let mut both = 0;
    for i in 0..100 {
        let piece = composed(i);
        let name = format!("{i} {:?} {:?}", piece.plan.brief.genres, piece.plan.brief.level);
        let (material, context) = lesson(&piece, Setting::ALL[i % 4], "for ninth graders");
        judge(&name, &piece, &material);
        claims += material.claims.len();
        concepts.extend(material.claims.iter().map(|c| c.concept.0.clone()));
        both +=
            usize::from(material.claims.iter().filter_map(|c| c.genre.as_ref()).collect::<BTreeSet<_>>().len() >= 2);
        let (read_back, _) = musicxml::read(musicxml::write(&piece.score).as_bytes()).unwrap();
        let sung: Vec<&str> = piece.lyrics.iter().flat_map(|s| &s.lines).map(|l| l.text.as_str()).collect();
        for score in quality::measure(&material, Some(&read_back), &sung, &context).scores {
            assert!(score.passes(), "{name}: {} {} {}", score.name, score.value, score.measured.en);
            let low = lowest.entry(score.name.clone()).or_insert(1.0);
            *low = low.min(score.value);
        }
    }
    println!(
        "{claims} claims, {} concepts, both genres named in {both} pieces, lowest scores {lowest:?}",
        concepts.len()
    );
    assert!(concepts.len() >= 35, "{concepts:?}");
    assert!(both >= 90, "both genres are named in {both} of 100");
}
