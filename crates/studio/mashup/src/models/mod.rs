//! Language models as helpers of the agents: what they may be asked, how their answers are checked, and what is said of
//! who made what.
//!
//! The rule is that a piece is better with a model or the same: whatever a model gives is JSON by a schema, checked by
//! the engine that would have made it (genres by the profiles, words by prosody, wording by the claim it words), asked
//! for once more with what was wrong, and else the program's own stands. At the end [`gate`] compares with the piece that
//! the program makes alone. A model that is slow, down or silly costs time up to [`Limits`] and nothing else.
//!
//! It reaches no model itself: [`Models`] is implemented by whoever can. Start reading at [`seam`], then [`desk`].

pub mod answer;
pub mod desk;
pub mod gate;
pub mod genres;
pub mod hooks;
pub mod lyrics;
pub mod opinion;
pub mod prompt;
pub mod reading;
pub mod schema;
pub mod screen;
pub mod seam;
pub mod wording;

use std::sync::Arc;

pub use seam::{Answered, Limits, Models, Offer, PromptVersion, Question, Reach, Refusal, RefusalKind};

/// Models, plugged in.
#[derive(Clone)]
pub struct Plugged {
    /// Reaches them.
    pub models: Arc<dyn Models>,
    /// How long they may take.
    pub limits: Limits,
}

#[cfg(test)]
mod tests {
    use super::*;
    use eduai_genre::GenreBook;
    use eduai_kernel::{Language, SkillLevel};

    #[test]
    fn every_schema_is_written_in_what_the_check_knows() {
        let book = GenreBook::built_in().unwrap();
        for schema in [
            lyrics::schema(8),
            hooks::schema(),
            genres::schema(book),
            reading::schema(Language::En, SkillLevel::Beginner),
            reading::schema(Language::Es, SkillLevel::Advanced),
            wording::schema(&[]),
            opinion::schema(12),
        ] {
            assert_eq!(schema::unknown_keywords(&schema), Vec::<String>::new());
        }
    }
}
