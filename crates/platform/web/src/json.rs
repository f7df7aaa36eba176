//! Strict JSON: what is not understood completely is refused, and the refusal names the field and the remedy.
//!
//! A body is read in two steps. The first knows JSON alone: it finds broken syntax (with line and column), nesting that
//! is too deep, NUL characters, halves of surrogate pairs, names that come twice and numbers beyond all bounds. The
//! second fits the value to the handler's type: unknown and missing fields, wrong types, numbers out of range.

use crate::body;
use crate::problem::Problem;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use eduai_kernel::FieldFault;
use serde::Serialize;
use serde::de::{DeserializeOwned, DeserializeSeed, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use std::fmt::{self, Write as _};

/// The largest JSON body, in bytes. The application's own limit, if smaller, comes first.
pub const JSON_LIMIT: usize = 1 << 20;

/// A JSON body, read strictly; or, as an answer, a value written as JSON.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Json<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        require_json(&parts.headers)?;
        parse(&body::read(body, JSON_LIMIT).await?).map(Self)
    }
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        match serde_json::to_vec(&self.0) {
            Ok(body) => ([(header::CONTENT_TYPE, "application/json")], body).into_response(),
            Err(error) => {
                tracing::error!(%error, "an answer could not be written as JSON");
                StatusCode::INTERNAL_SERVER_ERROR.into_response()
            }
        }
    }
}

fn require_json(headers: &HeaderMap) -> Result<(), Problem> {
    let given = headers.get(header::CONTENT_TYPE).map(|v| v.to_str().unwrap_or_default());
    let essence = given.unwrap_or_default().split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json")) {
        return Ok(());
    }
    let problem = Problem::new(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "not_json",
        "Send the body as JSON, with the header Content-Type: application/json.",
    );
    Err(problem.at("Content-Type"))
}

/// `bytes` as a `T`, or the problem with them. A body is always an object.
pub fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let detail = format!("The body is not UTF-8: byte {} is wrong.", error.valid_up_to());
        Problem::new(StatusCode::BAD_REQUEST, "not_utf8", detail)
    })?;
    let value = read_value(text)?;
    // Serde would take a list for a struct, field by field; nobody means that.
    if !value.is_object() {
        let detail = "The body does not fit: a JSON object is expected.";
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "wrong_type", detail));
    }
    fit(value)
}

/// The JSON value in `text`, checked for all that no field may have.
fn read_value(text: &str) -> Result<Value, Problem> {
    let mut reader = serde_json::Deserializer::from_str(text);
    let mut path = Vec::new();
    let value = Checked { path: &mut path }.deserialize(&mut reader).and_then(|value| reader.end().map(|()| value));
    value.map_err(|error| broken(&error, &path))
}

/// The first step's problem. `path` is where the reader stood.
fn broken(error: &serde_json::Error, path: &[Step]) -> Problem {
    let text = error.to_string();
    let message = text.split(" at line ").next().unwrap_or(&text).to_owned();
    let place = format!("line {}, column {}", error.line(), error.column());
    let (code, detail) = match message.as_str() {
        m if m.starts_with("recursion limit") => {
            ("too_deep", format!("The body is nested too deeply (more than 127 levels, at {place})."))
        }
        m if m.contains("surrogate") || m.contains("unexpected end of hex escape") => {
            ("lone_surrogate", format!("Half of a surrogate pair stands alone at {place}; it is no character."))
        }
        m if m.starts_with("number out of range") => {
            ("number_out_of_range", format!("The number at {place} is beyond all bounds."))
        }
        m if m == NUL => ("nul_character", format!("The text at {place} contains a NUL character (U+0000).")),
        m if m.starts_with(TWICE) => ("duplicate_field", format!("{m} at {place}.")),
        "EOF while parsing a value" if error.line() <= 1 && error.column() == 0 => {
            ("empty_body", "The body is empty; a JSON object is expected.".to_owned())
        }
        m => ("malformed_json", format!("The body is not JSON: {m} at {place}.")),
    };
    // The syntax is good and the text is not.
    let status = if code == "nul_character" { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::BAD_REQUEST };
    let problem = Problem::new(status, code, detail);
    // Deeply nested bodies would repeat themselves in their own path.
    if path.is_empty() || code == "too_deep" { problem } else { problem.at(write_path(path)) }
}

/// Up to here every whole number has a floating-point number of its own (2^53).
const EXACT: f64 = 9_007_199_254_740_992.0;
const NUL: &str = "a NUL character";
const TWICE: &str = "The field ";

enum Step {
    Field(String),
    Index(usize),
}

fn write_path(path: &[Step]) -> String {
    let mut text = String::new();
    for step in path {
        match step {
            Step::Field(name) if text.is_empty() => text.push_str(name),
            Step::Field(name) => {
                text.push('.');
                text.push_str(name);
            }
            Step::Index(index) => {
                let _ = write!(text, "[{index}]");
            }
        }
    }
    text.chars().take(200).collect()
}

/// Reads any JSON value and remembers where it stands. The path is left standing where an error arose.
struct Checked<'a> {
    path: &'a mut Vec<Step>,
}

impl<'de> DeserializeSeed<'de> for Checked<'_> {
    type Value = Value;

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Checked<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    /// A whole number is one however it is written: `5.0` is an integer, as JSON Schema has it. Nobody means a negative
    /// zero.
    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        let whole = value.fract() == 0.0 && value.abs() <= EXACT && !(value == 0.0 && value.is_sign_negative());
        #[expect(clippy::cast_possible_truncation, reason = "it is whole, and below the bound")]
        Ok(if whole { (value as i64).into() } else { value.into() })
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<Value, E> {
        if value.contains('\0') { Err(E::custom(NUL)) } else { Ok(value.into()) }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        loop {
            self.path.push(Step::Index(list.len()));
            let Some(item) = items.next_element_seed(Checked { path: self.path })? else { break };
            self.path.pop();
            list.push(item);
        }
        self.path.pop();
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Value, A::Error> {
        let mut object = serde_json::Map::new();
        while let Some(name) = fields.next_key::<String>()? {
            self.path.push(Step::Field(name.clone()));
            if name.contains('\0') {
                return Err(A::Error::custom(NUL));
            }
            if object.contains_key(&name) {
                return Err(A::Error::custom(format!("{TWICE}\"{name}\" comes twice")));
            }
            let value = fields.next_value_seed(Checked { path: self.path })?;
            self.path.pop();
            object.insert(name, value);
        }
        Ok(Value::Object(object))
    }
}

/// Fits a value to a type, or says which field does not fit.
pub fn fit<T: DeserializeOwned>(value: Value) -> Result<T, Problem> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let path = error.path().to_string();
        misfit(&path, &error.into_inner().to_string())
    })
}

/// The second step's problem, read from the words of serde, which are part of what it promises.
pub(crate) fn misfit(path: &str, message: &str) -> Problem {
    let path = if path == "." { "" } else { path };
    let quoted: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    let (field, code, detail) = if message.starts_with("unknown field") {
        let unknown = quoted.first().copied().unwrap_or_default();
        // The path ends in the unknown name itself when serde had already descended to it.
        let field = if path == unknown || path.ends_with(&format!(".{unknown}")) {
            path.to_owned()
        } else {
            join(path, unknown)
        };
        (field, "unknown_field", format!("There is no field \"{unknown}\" here.{}", nearest(unknown, &quoted[1..])))
    } else if message.starts_with("missing field") {
        let missing = quoted.first().copied().unwrap_or_default();
        (join(path, missing), "missing_field", format!("The field \"{missing}\" is required."))
    } else if message.starts_with("unknown variant") {
        let given = quoted.first().copied().unwrap_or_default();
        // A name that is itself the unknown value, as in a map, stands in the path as a question mark.
        let field = if path == "?" {
            given.to_owned()
        } else {
            path.strip_suffix(".?").map_or_else(|| path.to_owned(), |p| join(p, given))
        };
        (field, "unknown_value", format!("\"{given}\" is not among the values.{}", nearest(given, &quoted[1..])))
    } else if message.starts_with("invalid type") {
        (path.to_owned(), "wrong_type", sentence(message))
    } else if message.starts_with("invalid value") {
        (path.to_owned(), "out_of_range", sentence(message))
    } else {
        (path.to_owned(), "invalid_value", sentence(message))
    };
    let mut problem = Problem::new(StatusCode::UNPROCESSABLE_ENTITY, code, detail.clone());
    if field.is_empty() {
        problem.detail = format!("The body does not fit: {detail}");
    } else {
        problem.detail = format!("{field}: {detail}");
        problem.errors.push(FieldFault::new(field, code, detail));
    }
    problem
}

fn join(path: &str, field: &str) -> String {
    if path.is_empty() { field.to_owned() } else { format!("{path}.{field}") }
}

fn sentence(message: &str) -> String {
    let mut letters = message.chars();
    let capital: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    let text = format!("{capital}{}", letters.as_str());
    if text.ends_with('.') { text } else { format!("{text}.") }
}

/// " Did you mean …?" when a known name is near, otherwise the list of known names while it is short.
fn nearest(given: &str, known: &[&str]) -> String {
    let near = known.iter().map(|name| (strsim::damerau_levenshtein(given, name), name)).min();
    match near {
        Some((distance, name)) if distance <= 1 + name.len() / 4 => format!(" Did you mean \"{name}\"?"),
        Some(_) if known.len() <= 24 => format!(" Known are: {}.", known.join(", ")),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests;
