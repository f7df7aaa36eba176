//! What of a brief cannot be honoured.

use eduai_genre::GenreError;
use eduai_kernel::{Failure, FieldFault};

/// A brief that cannot be honoured; each names its field.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ComposeError {
    /// The genres or their blend.
    #[error(transparent)]
    Genre(#[from] GenreError),
    /// A number out of its range.
    #[error("{field} is {value}; use a number from {low} to {high}")]
    OutOfRange {
        /// The field.
        field: &'static str,
        /// What was given.
        value: String,
        /// The least.
        low: u32,
        /// The most.
        high: u32,
    },
    /// A key that has no chord to come home to.
    #[error(
        "a song in {key} has no stable chord to come home to; use major, minor, dorian, mixolydian, lydian or phrygian"
    )]
    Key {
        /// The key.
        key: String,
    },
    /// An arrangement with a hook that is not there.
    #[error("there is no hook {chosen}; there are {count}")]
    Hook {
        /// The index asked for.
        chosen: usize,
        /// How many there are.
        count: usize,
    },
}

impl ComposeError {
    /// The path of the field at fault.
    pub fn field(&self) -> String {
        match self {
            Self::Genre(error) => error.field(),
            Self::OutOfRange { field, .. } => (*field).to_owned(),
            Self::Key { .. } => "key".to_owned(),
            Self::Hook { .. } => "hook".to_owned(),
        }
    }

    /// The stable code of the fault.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Genre(error) => error.code(),
            Self::OutOfRange { .. } => "out_of_range",
            Self::Key { .. } => "key_without_home",
            Self::Hook { .. } => "no_such_hook",
        }
    }
}

impl From<ComposeError> for Failure {
    fn from(error: ComposeError) -> Self {
        match error {
            ComposeError::Genre(error) => error.into(),
            error => Self::invalid(vec![FieldFault::new(error.field(), error.code(), error.to_string())]),
        }
    }
}
