//! How far a learner is.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The level of a piece, a concept, a lesson.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum SkillLevel {
    Beginner,
    #[default]
    Intermediate,
    Advanced,
}

impl SkillLevel {
    /// All levels, the easiest first.
    pub const ALL: [Self; 3] = [Self::Beginner, Self::Intermediate, Self::Advanced];

    /// The name in JSON, in data files and on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Beginner => "beginner",
            Self::Intermediate => "intermediate",
            Self::Advanced => "advanced",
        }
    }
}
