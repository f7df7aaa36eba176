//! The lesson as a document to print.

use eduai_kernel::{Failure, FailureKind, Language};
use eduai_pdf::Paper;
use eduai_pedagogy::{LessonFacts, lesson_document};

use crate::content::Content;

/// The lesson as PDF: A4 in Spanish, Letter in English, as schools that speak them print.
pub fn lesson_pdf(content: &Content, title: &str, language: Language) -> Result<Vec<u8>, Failure> {
    let facts = LessonFacts::of(&content.piece, &content.context, &content.material.cultural_context);
    let document = lesson_document(&content.material, title, &facts, language);
    let paper = match language {
        Language::En => Paper::Letter,
        Language::Es => Paper::A4,
    };
    eduai_pdf::render(&document, paper).map_err(|e| Failure::new(FailureKind::Internal, "unwritable", e.to_string()))
}
