//! Entity tags: answers that need not be sent again, and edits that do not overwrite another's.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, IntoResponseParts, Response, ResponseParts};
use eduai_kernel::{Failure, FailureKind};
use sha2::{Digest as _, Sha256};
use std::convert::Infallible;
use std::fmt::Write as _;

/// The tag of one state of a resource, with its quotes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ETag(String);

impl ETag {
    /// The tag of a row's version number.
    pub fn of_version(version: i64) -> Self {
        Self(format!("\"v{version}\""))
    }

    /// The tag of these bytes: the first half of their SHA-256.
    pub fn of_bytes(bytes: &[u8]) -> Self {
        Self::of_hash(&Sha256::digest(bytes))
    }

    /// The tag of content whose hash is known.
    pub fn of_hash(hash: &[u8]) -> Self {
        let mut text = String::with_capacity(34);
        text.push('"');
        for byte in hash.iter().take(16) {
            let _ = write!(text, "{byte:02x}");
        }
        text.push('"');
        Self(text)
    }

    /// As it stands in a header.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl IntoResponseParts for ETag {
    type Error = Infallible;

    fn into_response_parts(self, mut parts: ResponseParts) -> Result<ResponseParts, Infallible> {
        if let Ok(value) = HeaderValue::from_str(&self.0) {
            parts.headers_mut().insert(header::ETAG, value);
        }
        Ok(parts)
    }
}

/// The tags in a list header; `None` when the header is absent.
fn tags(headers: &HeaderMap, name: &HeaderName) -> Option<Vec<String>> {
    let values: Vec<_> = headers.get_all(name).iter().filter_map(|v| v.to_str().ok()).collect();
    let split =
        |value: &&str| value.split(',').map(|t| t.trim().to_owned()).filter(|t| !t.is_empty()).collect::<Vec<_>>();
    if values.is_empty() { None } else { Some(values.iter().flat_map(split).collect()) }
}

/// `If-Match`: change the resource only while it is as the client knows it.
#[derive(Clone, Debug, Default)]
pub struct IfMatch(Option<Vec<String>>);

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(tags(&parts.headers, &header::IF_MATCH)))
    }
}

impl IfMatch {
    /// Fails when the client named a state and `current` is another one. Compares strongly, as RFC 9110 asks.
    pub fn check(&self, current: &ETag) -> Result<(), Failure> {
        match &self.0 {
            Some(tags) if !tags.iter().any(|tag| tag == "*" || tag == current.as_str()) => Err(Failure::new(
                FailureKind::Stale,
                "changed_meanwhile",
                "This was changed meanwhile. Load it again and repeat the change.",
            )),
            _ => Ok(()),
        }
    }
}

/// `If-None-Match`: send the resource only when the client does not have it yet.
#[derive(Clone, Debug, Default)]
pub struct IfNoneMatch(Option<Vec<String>>);

impl<S: Send + Sync> FromRequestParts<S> for IfNoneMatch {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(&parts.headers))
    }
}

impl IfNoneMatch {
    /// The condition in these headers.
    pub fn of(headers: &HeaderMap) -> Self {
        Self(tags(headers, &header::IF_NONE_MATCH))
    }

    /// Whether the client has this state already. Compares weakly, as RFC 9110 asks.
    pub fn has(&self, current: &ETag) -> bool {
        let same = |tag: &String| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == current.as_str();
        self.0.as_ref().is_some_and(|tags| tags.iter().any(same))
    }

    /// `answer` with its tag, or 304 without a body when the client has it.
    pub fn answer(&self, tag: ETag, answer: impl IntoResponse) -> Response {
        if self.has(&tag) { (StatusCode::NOT_MODIFIED, tag, ()).into_response() } else { (tag, answer).into_response() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(name: HeaderName, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_static(value))])
    }

    #[test]
    fn an_edit_of_an_old_state_is_stale() {
        let if_match = |value| IfMatch(tags(&with(header::IF_MATCH, value), &header::IF_MATCH));
        let current = ETag::of_version(3);
        assert!(IfMatch::default().check(&current).is_ok());
        assert!(if_match("\"v2\", \"v3\"").check(&current).is_ok());
        assert!(if_match("*").check(&current).is_ok());
        assert_eq!(if_match("\"v2\"").check(&current).unwrap_err().kind, FailureKind::Stale);
        assert!(if_match("W/\"v3\"").check(&current).is_err(), "a weak tag never matches strongly");
    }

    #[test]
    fn what_the_client_has_is_not_sent_again() {
        let tag = ETag::of_bytes(b"score");
        assert_eq!(tag.as_str().len(), 34);
        let has = |value| IfNoneMatch::of(&with(header::IF_NONE_MATCH, value)).has(&ETag::of_version(1));
        assert!(has("\"v1\"") && has("W/\"v1\"") && has("*") && !has("\"v2\""));
        assert_eq!(IfNoneMatch::default().answer(tag, "body").status(), StatusCode::OK);
    }
}
