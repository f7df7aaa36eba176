//! What can go wrong in a use case, in kinds that every transport (HTTP, MCP, the command line) can translate.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The kind of a failure. A transport maps kinds, never single errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailureKind {
    /// The request cannot be understood (HTTP 400).
    Malformed,
    /// The request is understood and breaks a rule (HTTP 422).
    Invalid,
    /// Nobody is signed in where someone must be (HTTP 401).
    Unauthenticated,
    /// The actor may not do this (HTTP 403). Where even the existence is private, use [`FailureKind::NotFound`].
    Forbidden,
    /// There is no such thing, or it is not the actor's to see (HTTP 404).
    NotFound,
    /// The request contradicts itself or the present state (HTTP 409).
    Conflict,
    /// The thing was changed by someone else meanwhile (HTTP 412).
    Stale,
    /// Too many requests (HTTP 429).
    RateLimited,
    /// Something that is needed is not reachable now (HTTP 503).
    Unavailable,
    /// A fault of ours (HTTP 500). Its cause goes to the log and never to the client.
    Internal,
}

/// What is wrong with one field of a request, and how to mend it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FieldFault {
    /// The path of the field, with dots and indices: `genres[2]`, `blend.harmony`.
    pub field: String,
    /// A stable code: `too_short`, `unknown_genre`.
    pub code: String,
    /// A sentence for people, which says what would be right.
    pub detail: String,
}

impl FieldFault {
    /// A fault of `field`.
    pub fn new(field: impl Into<String>, code: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { field: field.into(), code: code.into(), detail: detail.into() }
    }
}

/// A failure that may be shown to whoever asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {detail}")]
pub struct Failure {
    /// The kind, which transports translate.
    pub kind: FailureKind,
    /// A stable code within the kind: `mashup_not_found`.
    pub code: &'static str,
    /// A sentence for people, with the remedy.
    pub detail: String,
    /// The fields at fault, if any.
    pub fields: Vec<FieldFault>,
    /// After how many seconds another try makes sense, if that is known.
    pub retry_after_seconds: Option<u64>,
}

impl Failure {
    /// A failure with no field and no waiting time.
    pub fn new(kind: FailureKind, code: &'static str, detail: impl Into<String>) -> Self {
        Self { kind, code, detail: detail.into(), fields: Vec::new(), retry_after_seconds: None }
    }

    /// A request that breaks rules in these fields.
    pub fn invalid(fields: Vec<FieldFault>) -> Self {
        let detail = fields.iter().map(|f| format!("{}: {}", f.field, f.detail)).collect::<Vec<_>>().join(" ");
        Self { kind: FailureKind::Invalid, code: "invalid_request", detail, fields, retry_after_seconds: None }
    }

    /// There is no such thing, or it is not the actor's to see.
    pub fn not_found(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(FailureKind::NotFound, code, detail)
    }
}
