//! What all readers of foreign files share: why one is refused, and what is said about one that is read.

pub(crate) mod assemble;
pub(crate) mod dynamics;

use crate::Time;

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

/// Refuses a file with nothing in it, or with more than [`MAX_BYTES`].
pub(crate) fn sized(bytes: &[u8]) -> Result<(), ReadError> {
    match bytes.len() {
        0 => Err(ReadError::Empty),
        1..=MAX_BYTES => Ok(()),
        _ => Err(ReadError::TooLarge { what: "the file", limit: MAX_BYTES }),
    }
}

/// The latest time in a file that is believed, in quarter notes: more than a day of music at any tempo. Later times can only be
/// mistakes and would overflow the arithmetic of exact time.
pub(crate) const MAX_QUARTERS: i64 = 200_000;

/// The longest bar that is read, in quarter notes. Even music without meter has shorter ones; a longer one stands in a
/// broken file and would take minutes to engrave.
pub(crate) const MAX_BAR_QUARTERS: i64 = 2_000;

/// Refuses a bar that is too long.
pub(crate) fn bar_of(length: Time) -> Result<Time, ReadError> {
    if length > Time::quarters(MAX_BAR_QUARTERS) {
        let what = "the length of a bar in quarter notes";
        return Err(ReadError::TooLarge { what, limit: MAX_BAR_QUARTERS as usize });
    }
    Ok(length)
}

/// Makes a time safe to go on calculating with: its denominator stays below a million and itself below
/// [`MAX_QUARTERS`]. Times of real music are not changed; others go to the nearest 1/40,320 quarter note.
pub(crate) fn sane(time: Time) -> Time {
    const GRID: i64 = 40_320;
    let clamped = time.clamp(Time::quarters(-MAX_QUARTERS), Time::quarters(MAX_QUARTERS));
    if clamped.denominator() <= 1_000_000 {
        return clamped;
    }
    let scaled = i128::from(clamped.numerator()) * i128::from(GRID) / i128::from(clamped.denominator());
    Time::new(scaled as i64, GRID)
}

/// A decimal number as an exact time, with at most six digits after the point: durations and divisions are whole
/// numbers in good files, but the standards allow decimals.
pub(crate) fn decimal(text: &str) -> Option<Time> {
    let text = text.trim();
    let (negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if (whole.is_empty() && fraction.is_empty()) || !all_digits(whole) || !all_digits(fraction) || whole.len() > 9 {
        return None;
    }
    let kept = &fraction[..fraction.len().min(6)];
    let scale = 10_i64.pow(kept.len() as u32);
    let number = |part: &str| if part.is_empty() { Some(0) } else { part.parse::<i64>().ok() };
    let value = number(whole)? * scale + number(kept)?;
    Some(Time::new(if negative { -value } else { value }, scale))
}
