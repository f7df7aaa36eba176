//! What all readers of foreign files share: why one is refused, and what is said about one that is read.

/// Something in a file that was repaired, approximated or left out. A reader never changes notes in silence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnosis {
    /// Where: `bar 7 of part Piano`, `track 2`, `line 14`.
    pub place: String,
    /// What was found and what was done about it, as a sentence.
    pub message: String,
}

/// Why a file is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// There is nothing in it.
    #[error("the file is empty")]
    Empty,
    /// It is larger than any score, or unpacks to more.
    #[error("the file is too large: {what} is more than the limit of {limit}")]
    TooLarge {
        /// What is too large.
        what: &'static str,
        /// The limit, in bytes or elements.
        limit: usize,
    },
    /// It is of another kind.
    #[error("this is not {expected}: {found}")]
    Foreign {
        /// What was expected.
        expected: &'static str,
        /// What speaks against it.
        found: String,
    },
    /// It breaks the rules of its format so that its notes cannot be known.
    #[error("{place}: {message}")]
    Broken {
        /// Where.
        place: String,
        /// What is wrong.
        message: String,
    },
}

impl ReadError {
    /// A broken file.
    pub(crate) fn broken(place: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Broken { place: place.into(), message: message.into() }
    }
}

/// The diagnoses of one file. Beyond a hundred the rest is counted, not kept: a broken file must not fill the memory.
#[derive(Debug, Default)]
pub(crate) struct Diagnoses {
    kept: Vec<Diagnosis>,
    more: usize,
}

impl Diagnoses {
    const KEPT: usize = 100;

    /// Notes something.
    pub fn note(&mut self, place: impl Into<String>, message: impl Into<String>) {
        if self.kept.len() < Self::KEPT {
            self.kept.push(Diagnosis { place: place.into(), message: message.into() });
        } else {
            self.more += 1;
        }
    }

    /// All that was noted.
    pub fn finish(mut self) -> Vec<Diagnosis> {
        if self.more > 0 {
            let message = format!("{} more remarks were left out.", self.more);
            self.kept.push(Diagnosis { place: "file".to_owned(), message });
        }
        self.kept
    }
}

/// The longest file that is read, and the most that a compressed one may unpack to, in bytes.
pub const MAX_BYTES: usize = 16 << 20;

/// The latest time in a file that is believed, in quarter notes: about a week of music. Later times can only be
/// mistakes and would overflow the arithmetic of exact time.
pub(crate) const MAX_QUARTERS: i64 = 1_000_000;
