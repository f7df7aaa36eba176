//! Bringing a piece.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use eduai_web::{Actor, Json, Problem, Query};
use serde::Deserialize;

use crate::service::Mashups;
use crate::sources::Upload;
use crate::sources::model::{Licence, MOST_BYTES, Source};

/// What is said of the file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UploadQuery {
    /// The name of the file.
    pub name: String,
    /// Under which right it is brought.
    pub licence: Licence,
    /// Whom to name: author, source, licence.
    #[serde(default)]
    pub credit: String,
    /// Which tune of a book, from 1.
    pub tune: Option<u32>,
}

/// Bring a piece of one's own
///
/// The body is the file as it is: MIDI, MusicXML (`.musicxml`, `.xml`, `.mxl`) or ABC; its content says which. At most 5
/// MiB, and 100 pieces a person. The answer says what it is and what can be borrowed from it. The same tune of the same
/// file is kept once: brought again it answers 200.
#[utoipa::path(
    post, path = "/api/v1/mashup/sources", tag = "mashup", operation_id = "create_source",
    security(("guest" = ["mashups.create"]), ("bearer" = ["mashups.create"])),
    params(
        ("name" = String, Query, description = "The name of the file, 1 to 200 characters"),
        ("licence" = Licence, Query, description = "Under which right it is brought"),
        ("credit" = Option<String>, Query, description = "Whom to name: author, source, licence. At most 300 characters; needed for an open licence"),
        ("tune" = Option<u32>, Query, description = "Which tune of a book, from 1"),
        ("Idempotency-Key" = Option<String>, Header, pattern = "^([!#-~]{1,255}|\"[!#-~]{1,255}\")$", description = "Makes it safe to send the request again.")
    ),
    request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "The file"),
    responses(
        (status = 201, description = "The piece", body = Source, headers(("Location" = String))),
        (status = 200, description = "The piece, which was there already", body = Source),
        Problem
    )
)]
pub async fn handler(
    State(mashups): State<Mashups>,
    actor: Actor,
    Query(query): Query<UploadQuery>,
    eduai_web::Upload(bytes): eduai_web::Upload<MOST_BYTES>,
) -> Result<Response, Problem> {
    let UploadQuery { name, licence, credit, tune } = query;
    let upload = Upload { name, tune: tune.unwrap_or(1), licence, credit, bytes };
    let (source, new) = mashups.bring(&actor, upload).await?;
    let place = (header::LOCATION, format!("/api/v1/mashup/sources/{}", source.id));
    let status = if new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, [place], Json(source)).into_response())
}
