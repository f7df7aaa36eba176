//! Which of our media types a client wants (RFC 9110, section 12.5.1).

use crate::problem::Problem;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use std::convert::Infallible;

/// The `Accept` header; everything is accepted when there is none.
#[derive(Clone, Debug, Default)]
pub struct Accept(String);

impl<S: Send + Sync> FromRequestParts<S> for Accept {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let values = parts.headers.get_all(header::ACCEPT).iter().filter_map(|v| v.to_str().ok());
        Ok(Self(values.collect::<Vec<_>>().join(",")))
    }
}

impl Accept {
    /// The media ranges in `header`.
    pub fn new(header: impl Into<String>) -> Self {
        Self(header.into())
    }

    /// The one of `offers` that the client prefers; among equals, the first.
    pub fn choose<'a>(&self, offers: &[&'a str]) -> Option<&'a str> {
        let mut best: Option<(f32, &str)> = None;
        for offer in offers {
            let weight = self.weight(offer);
            if weight > 0.0 && best.is_none_or(|(w, _)| weight > w) {
                best = Some((weight, offer));
            }
        }
        best.map(|(_, offer)| offer)
    }

    /// The one of `offers` that the client prefers, or the problem 406.
    pub fn require<'a>(&self, offers: &[&'a str]) -> Result<&'a str, Problem> {
        self.choose(offers).ok_or_else(|| {
            let detail = format!("This address can answer with: {}.", offers.join(", "));
            Problem::new(StatusCode::NOT_ACCEPTABLE, "not_acceptable", detail).at("Accept")
        })
    }

    /// Whether the client asks for a stream of events rather than for one answer.
    pub fn wants_events(&self) -> bool {
        self.choose(&["application/json", "text/event-stream"]) == Some("text/event-stream")
    }

    /// How much the client wants `offer`, 0 to 1. The most specific range that fits decides.
    fn weight(&self, offer: &str) -> f32 {
        if self.0.trim().is_empty() {
            return 1.0;
        }
        let family = offer.split('/').next().unwrap_or_default();
        let mut best = (0_u8, 0.0_f32);
        for range in self.0.split(',') {
            let mut parts = range.split(';').map(str::trim);
            let essence = parts.next().unwrap_or_default().to_ascii_lowercase();
            let specificity = match essence.as_str() {
                e if e == offer => 3,
                e if e.strip_suffix("/*").is_some_and(|f| f == family) => 2,
                "*/*" => 1,
                _ => continue,
            };
            let weight = parts.find_map(|p| p.strip_prefix("q=")).and_then(|q| q.parse::<f32>().ok()).unwrap_or(1.0);
            if specificity > best.0 {
                best = (specificity, weight.clamp(0.0, 1.0));
            }
        }
        best.1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_specific_range_decides() {
        let offers = ["application/json", "text/event-stream"];
        let choose = |header: &str| Accept::new(header).choose(&offers);
        assert_eq!(choose(""), Some("application/json"));
        assert_eq!(choose("*/*"), Some("application/json"));
        assert_eq!(choose("text/event-stream"), Some("text/event-stream"));
        assert_eq!(choose("application/json;q=0.5, text/*"), Some("text/event-stream"));
        assert_eq!(choose("*/*, application/json;q=0"), Some("text/event-stream"));
        assert_eq!(choose("image/png"), None);
        assert_eq!(Accept::new("image/png").require(&offers).unwrap_err().status, 406);
    }

    #[test]
    fn events_only_for_those_who_ask() {
        assert!(Accept::new("text/event-stream").wants_events());
        assert!(!Accept::new("").wants_events());
        assert!(!Accept::new("*/*").wants_events());
    }
}
