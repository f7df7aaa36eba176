//! A whole lesson on paper, in both languages and on both papers.

use eduai_compose::{Brief, compose};
use eduai_document::Document;
use eduai_genre::{GenreBook, GenreId};
use eduai_kernel::{Language, SkillLevel};
use eduai_music::analysis::analyse;
use eduai_pdf::{Paper, render};
use eduai_pedagogy::model::CulturalContext;
use eduai_pedagogy::{LessonFacts, RequestFacts, context, lesson_document, teach};
use std::time::Instant;

fn lesson(genres: &[&str], language: Language) -> Document {
    let book = GenreBook::built_in().unwrap();
    let genres: Vec<GenreId> = genres.iter().map(|g| GenreId((*g).to_owned())).collect();
    let brief = Brief::new(genres.clone(), SkillLevel::Intermediate, language, 9, 11);
    let piece = compose(&brief, book).unwrap();
    let cultures: Vec<CulturalContext> = genres.iter().map(|g| CulturalContext::of(book.get(g).unwrap())).collect();
    let context = context(&RequestFacts {
        prompt: "for ninth graders, 45 minutes".into(),
        level: SkillLevel::Intermediate,
        genres,
        language,
        ..RequestFacts::default()
    });
    let material = teach(&piece, &analyse(&piece.score), &cultures, &context);
    let facts = LessonFacts::of(&piece, &context, &cultures);
    lesson_document(&material, &piece.score.title, &facts, language)
}

#[test]
fn a_lesson_is_typeset_in_both_languages_on_both_papers_with_the_same_bytes_each_time() {
    for (language, paper) in [(Language::En, Paper::Letter), (Language::Es, Paper::A4)] {
        let document = lesson(&["jazz_swing", "hip_hop_boom_bap"], language);
        let one = render(&document, paper).unwrap();
        let start = Instant::now();
        let two = render(&document, paper).unwrap();
        println!("{language:?} {paper:?}: {} bytes in {:?}", two.len(), start.elapsed());
        assert_eq!(one, two);
        assert!(one.starts_with(b"%PDF-1."));
        let has = |needle: &[u8]| one.windows(needle.len()).any(|w| w == needle);
        assert!(has(b"/StructTreeRoot") && has(b"/Outlines") && has(b"/MarkInfo"));
        assert!(!has(b"/CreationDate") && !has(b"CreateDate"));
        if let Ok(folder) = std::env::var("EDUAI_KEEP_PDF") {
            std::fs::write(format!("{folder}/lesson-{}.pdf", language.code()), &one).unwrap();
        }
    }
}
