//! One set of errors for everything that can go wrong between a caller and a provider.

use bytes::Bytes;
use std::time::Duration;

/// What went wrong, in the terms by which a gateway decides: who may try again, and with whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// The request is not one that the provider understands.
    Invalid,
    /// The key is missing, wrong or revoked.
    Authentication,
    /// The key is good and may not do this.
    Permission,
    /// No such model, or no such path.
    NotFound,
    /// The body is larger than the provider takes.
    TooLarge,
    /// The question and the room for its answer are longer than the model's context.
    ContextOverflow,
    /// A safety system declined the question or its answer.
    Refused,
    /// Too many requests or tokens in too short a time.
    RateLimited,
    /// The money is spent: a quota of the provider's or a budget of the institution's.
    Budget,
    /// Nobody answered, or the answer broke off: 5xx, 529, a refused connection, a cut stream.
    Unavailable,
    /// It took longer than was allowed.
    Timeout,
    /// The caller went away.
    Cancelled,
    /// There was an answer that could not be read.
    Nonsense,
}

impl Kind {
    /// The HTTP status that says this to a caller when the provider gave none.
    #[must_use]
    pub fn status(self) -> u16 {
        match self {
            Self::Invalid | Self::ContextOverflow | Self::Refused => 400,
            Self::Authentication => 401,
            Self::Permission => 403,
            Self::NotFound => 404,
            Self::TooLarge => 413,
            Self::RateLimited | Self::Budget => 429,
            Self::Unavailable => 503,
            Self::Timeout => 504,
            Self::Cancelled => 499,
            Self::Nonsense => 502,
        }
    }

    /// What a status says by itself, without a body that says more.
    #[must_use]
    pub fn of_status(status: u16) -> Self {
        match status {
            401 => Self::Authentication,
            402 => Self::Budget,
            403 => Self::Permission,
            404 => Self::NotFound,
            408 | 504 => Self::Timeout,
            413 => Self::TooLarge,
            429 => Self::RateLimited,
            499 => Self::Cancelled,
            400..=498 => Self::Invalid,
            // A redirect or a success where an error was read leads nowhere.
            200..=399 => Self::Nonsense,
            _ => Self::Unavailable,
        }
    }
}

/// An error of a call, whoever reported it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{kind:?} ({status}): {message}")]
pub struct Failure {
    /// What went wrong.
    pub kind: Kind,
    /// The HTTP status, the provider's where it gave one.
    pub status: u16,
    /// In words, for whoever wrote the program that calls.
    pub message: String,
    /// The provider's own code, such as `context_length_exceeded` or `overloaded_error`.
    pub code: Option<String>,
    /// The field that is wrong, as `messages[2].content[0].type`.
    pub param: Option<String>,
    /// How long to wait before the next attempt.
    pub retry_after: Option<Duration>,
    /// The provider's answer as it came.
    pub raw: Option<Bytes>,
}

impl Failure {
    /// An error with the status that its kind has.
    #[must_use]
    pub fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self {
            kind,
            status: kind.status(),
            message: message.into(),
            code: None,
            param: None,
            retry_after: None,
            raw: None,
        }
    }

    /// The same, naming the field that is wrong.
    #[must_use]
    pub fn at(mut self, param: impl Into<String>) -> Self {
        let param = param.into();
        self.param = (!param.is_empty()).then_some(param);
        self
    }

    /// The same, with a code.
    #[must_use]
    pub fn coded(mut self, code: impl Into<String>) -> Self {
        self.code = Some(code.into());
        self
    }

    /// A stream that ended without its end mark.
    #[must_use]
    pub fn cut() -> Self {
        Self::new(Kind::Unavailable, "the provider's stream was cut before its end").coded("stream_cut")
    }
}

/// Reads a `Retry-After` header (RFC 9110, 10.2.3): seconds, which some send with a fraction, or a date, for which the
/// caller says what time it is in seconds since 1970. `None` for what is neither. More than a day is read as a day.
#[must_use]
pub fn retry_after(value: &str, now: u64) -> Option<Duration> {
    const DAY: f64 = 86_400.0;
    let value = value.trim();
    if let Ok(seconds) = value.parse::<f64>() {
        return (seconds >= 0.0).then(|| Duration::from_secs_f64(seconds.min(DAY)));
    }
    let then = crate::date::read_http(value)?;
    Some(Duration::from_secs(then.saturating_sub(now).min(86_400)))
}

/// Reads a `retry-after-ms` header, which `OpenAI` and Azure send beside `Retry-After` and which says it more exactly:
/// milliseconds, perhaps with a fraction. More than a day is read as a day.
#[must_use]
pub fn retry_after_ms(value: &str) -> Option<Duration> {
    const DAY: f64 = 86_400_000.0;
    let millis = value.trim().parse::<f64>().ok().filter(|millis| *millis >= 0.0)?;
    Some(Duration::from_secs_f64(millis.min(DAY) / 1_000.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_seconds_or_a_date() {
        let wait = |value: &str| retry_after(value, 784_111_777);
        assert_eq!(wait("20"), Some(Duration::from_secs(20)));
        assert_eq!(wait(" 0.5 "), Some(Duration::from_millis(500)));
        // The example of RFC 9110 is 784111777 seconds after 1970.
        assert_eq!(wait("Sun, 06 Nov 1994 08:49:37 GMT"), Some(Duration::ZERO));
        assert_eq!(wait("Sun, 06 Nov 1994 08:50:00 GMT"), Some(Duration::from_secs(23)));
        assert_eq!(wait("Sun, 06 Nov 1993 08:50:00 GMT"), Some(Duration::ZERO));
        assert_eq!(wait("9e99"), Some(Duration::from_hours(24)));
        for bad in ["", "-1", "soon", "NaN", "Sun, 99 Foo 1994 08:49:37 GMT", "Sun, 06 Nov 0000 08:49:37 GMT", ", GMT"]
        {
            assert_eq!(wait(bad), None, "{bad}");
        }
        assert_eq!(retry_after_ms("1500"), Some(Duration::from_millis(1_500)));
        assert_eq!(retry_after_ms(" 0.5"), Some(Duration::from_micros(500)));
        assert_eq!(retry_after_ms("1e300"), Some(Duration::from_hours(24)));
        for bad in ["", "-1", "soon", "NaN", "Sun, 06 Nov 1994 08:49:37 GMT"] {
            assert_eq!(retry_after_ms(bad), None, "{bad}");
        }
    }

    #[test]
    fn statuses_and_kinds_agree() {
        for kind in [Kind::Authentication, Kind::Permission, Kind::NotFound, Kind::TooLarge, Kind::Unavailable] {
            assert_eq!(Kind::of_status(kind.status()), kind);
        }
        assert_eq!(Kind::of_status(529), Kind::Unavailable);
        assert_eq!(Kind::of_status(422), Kind::Invalid);
    }
}
