//! What can be wrong with a choice of genres or with a profile file, each with its remedy.

use crate::{Dimension, GenreId};
use eduai_kernel::{Failure, FailureKind, FieldFault};

/// A choice of genres that cannot be honoured, or a profile that cannot be read.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum GenreError {
    /// There is no genre of this id.
    #[error("there is no genre `{id}`{}; `eduai genre list` prints all of them", suggestion.as_ref().map(|s| format!(" (did you mean `{s}`?)")).unwrap_or_default())]
    Unknown {
        /// The path of the field that named it: `genres[1]`, `blend.harmony`.
        field: String,
        /// What was asked for.
        id: String,
        /// The nearest id.
        suggestion: Option<GenreId>,
    },
    /// Too few or too many genres.
    #[error("a blend takes one to four genres, not {count}")]
    Count {
        /// How many were asked for.
        count: usize,
    },
    /// The same genre twice.
    #[error("genre `{id}` is named twice; name each genre once")]
    Twice {
        /// The index of the second one.
        index: usize,
        /// Which.
        id: GenreId,
    },
    /// The blend names a genre that is not among the chosen ones.
    #[error("`{genre}` cannot lead the {} because it is not one of the chosen genres; add it to them or choose one of them", dimension.as_str())]
    NotChosen {
        /// The dimension.
        dimension: Dimension,
        /// The genre.
        genre: GenreId,
    },
    /// A genre has no patterns in the meter that is asked for.
    #[error("{genre} is not played in {meter} here; it can be in {carried}")]
    Meter {
        /// The meter asked for.
        meter: String,
        /// The genre that cannot carry it.
        genre: GenreId,
        /// Meters that all chosen genres share, or those of this genre when they share none.
        carried: String,
    },
    /// A profile file is wrong.
    #[error("{file}: {field}: {problem}; {remedy}")]
    File {
        /// The file's name.
        file: String,
        /// The field, with dots and indices.
        field: String,
        /// What is wrong.
        problem: String,
        /// What would be right.
        remedy: String,
    },
}

impl GenreError {
    /// The path of the field at fault in a request.
    pub fn field(&self) -> String {
        match self {
            Self::Unknown { field, .. } | Self::File { field, .. } => field.clone(),
            Self::Count { .. } => "genres".into(),
            Self::Twice { index, .. } => format!("genres[{index}]"),
            Self::NotChosen { dimension, .. } => format!("blend.{}", dimension.as_str()),
            Self::Meter { .. } => "meter".into(),
        }
    }

    /// The stable code of the fault.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unknown { .. } => "unknown_genre",
            Self::Count { .. } => "genre_count",
            Self::Twice { .. } => "genre_twice",
            Self::NotChosen { .. } => "genre_not_chosen",
            Self::Meter { .. } => "meter_not_carried",
            Self::File { .. } => "bad_profile",
        }
    }
}

impl From<GenreError> for Failure {
    fn from(error: GenreError) -> Self {
        let fields = vec![FieldFault::new(error.field(), error.code(), error.to_string())];
        match error {
            // A contradiction between two parts of the request, each fine by itself.
            GenreError::NotChosen { .. } | GenreError::Meter { .. } => Self {
                kind: FailureKind::Conflict,
                code: error.code(),
                detail: error.to_string(),
                fields,
                retry_after_seconds: None,
            },
            _ => Self::invalid(fields),
        }
    }
}
