//! What a piece teaches: concepts by level, claims that its notes confirm, lesson plans that fit the bell, questions
//! whose answers are computed, and the curriculum codes that exist.
//!
//! It never makes a statement about the music that the analyser has not confirmed, and it does not compose.
//!
//! Start reading at [`model`], then [`fact`]: every claim and every answer is a [`fact::Fact`] that can be recomputed.

pub mod assess;
pub mod concepts;
pub mod context;
mod detect;
pub mod fact;
pub mod model;
mod plan;
mod print;
pub mod quality;
mod request;
pub mod standards;
mod teach;
mod wording;

pub use assess::{Graded, Response, grade, verify_item};
pub use context::{EducationalContext, NEEDS, Need, RequestFacts, Setting, context};
pub use detect::{claims, found};
pub use fact::{Refutation, verify};
pub use print::{LessonFacts, lesson_document};
pub use teach::teach;
