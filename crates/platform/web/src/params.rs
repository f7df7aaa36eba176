//! Strict query strings and path parameters: what is wrong is named.

use crate::json;
use crate::problem::Problem;
use axum::extract::rejection::PathRejection;
use axum::extract::{FromRequestParts, path::ErrorKind};
use axum::http::StatusCode;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

/// The query string as a `T`. Give the type `#[serde(deny_unknown_fields)]`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parse_query(parts.uri.query().unwrap_or_default()).map(Self)
    }
}

fn parse_query<T: DeserializeOwned>(query: &str) -> Result<T, Problem> {
    let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query)
        .map_err(|_| Problem::new(StatusCode::BAD_REQUEST, "malformed_query", "The query string cannot be read."))?;
    for (index, (name, value)) in pairs.iter().enumerate() {
        if name.contains('\0') || value.contains('\0') {
            let detail = "A NUL character (U+0000) is not accepted.";
            return Err(
                Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "nul_character", detail).at(name.replace('\0', ""))
            );
        }
        if pairs[..index].iter().any(|(earlier, _)| earlier == name) {
            let detail = format!("The parameter \"{name}\" comes twice.");
            return Err(Problem::new(StatusCode::BAD_REQUEST, "duplicate_field", detail).at(name.clone()));
        }
    }
    let reader = serde_urlencoded::Deserializer::new(form_pairs(query));
    serde_path_to_error::deserialize(reader).map_err(|error| {
        let path = error.path().to_string();
        let mut problem = json::misfit(&path, &error.into_inner().to_string());
        // Parameters are text, so a wrong type is bad syntax rather than a broken rule.
        problem.status = StatusCode::BAD_REQUEST.as_u16();
        StatusCode::BAD_REQUEST.canonical_reason().unwrap_or_default().clone_into(&mut problem.title);
        problem
    })
}

/// The most characters of a text that is looked for.
const SHORT: usize = 100;

/// `text` of the parameter `name`, or the problem that it is too long to look for: more than 100 characters.
pub fn short_text(name: &str, text: String) -> Result<String, Problem> {
    if text.chars().nth(SHORT).is_none() {
        return Ok(text);
    }
    let detail = format!("It has more than {SHORT} characters.");
    Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "too_long", detail).at(name))
}

fn form_pairs(query: &str) -> form_urlencoded::Parse<'_> {
    form_urlencoded::parse(query.as_bytes())
}

/// The parameters in the path, as a `T`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match axum::extract::Path::<T>::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(value)) => Ok(Self(value)),
            Err(PathRejection::FailedToDeserializePathParams(error)) => Err(bad_path(&error.into_kind())),
            Err(_) => {
                Err(Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "This address is wired wrongly."))
            }
        }
    }
}

fn bad_path(kind: &ErrorKind) -> Problem {
    let (field, detail) = match kind {
        ErrorKind::ParseErrorAtKey { key, value, expected_type } => {
            (key.clone(), format!("\"{value}\" is no {expected_type}."))
        }
        ErrorKind::DeserializeError { key, value, message } => (key.clone(), format!("\"{value}\": {message}.")),
        ErrorKind::InvalidUtf8InPathParam { key } => (key.clone(), "It is not UTF-8.".to_owned()),
        ErrorKind::ParseError { value, expected_type } => {
            ("id".to_owned(), format!("\"{value}\" is no {expected_type}."))
        }
        other => ("id".to_owned(), other.to_string()),
    };
    Problem::new(StatusCode::BAD_REQUEST, "bad_path_parameter", detail).at(field)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::PageQuery;

    fn refusal(query: &str) -> (u16, String, String) {
        let problem = parse_query::<PageQuery>(query).unwrap_err();
        let field = problem.errors.first().map(|e| e.field.clone()).unwrap_or_default();
        (problem.status, problem.code, field)
    }

    #[test]
    fn parameters_are_read() {
        let page: PageQuery = parse_query("limit=5&cursor=a%20b").unwrap();
        assert_eq!((page.limit, page.cursor.as_deref()), (Some(5), Some("a b")));
        assert!(parse_query::<PageQuery>("").is_ok());
    }

    #[test]
    fn a_wrong_parameter_is_named() {
        assert_eq!(refusal("limit=many"), (400, "invalid_value".into(), "limit".into()));
        assert_eq!(refusal("limit=-1"), (400, "invalid_value".into(), "limit".into()));
        assert_eq!(refusal("limt=5"), (400, "unknown_field".into(), "limt".into()));
        assert_eq!(refusal("limit=5&limit=6"), (400, "duplicate_field".into(), "limit".into()));
        assert!(short_text("q", "ñ".repeat(100)).is_ok());
        assert_eq!(short_text("q", "ñ".repeat(101)).unwrap_err().status, 422);
        assert_eq!(refusal("cursor=%00"), (422, "nul_character".into(), "cursor".into()));
    }
}
