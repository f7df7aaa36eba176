//! Files of a piece.

use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use eduai_kernel::Language;
use eduai_web::{Actor, ETag, IfNoneMatch, Path, Problem, Query};
use serde::Deserialize;

use crate::export::Format;
use crate::model::MashupId;
use crate::service::Mashups;

/// How an export is made.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExportQuery {
    /// The language of texts, for formats that have any; English when absent.
    pub language: Option<Language>,
}

/// Export a mashup
///
/// `midi`, `musicxml`, `abc`, `wav`, `ogg`, `lesson.pdf` or `json`. Each is a function of the piece alone: the same piece gives
/// the same bytes.
#[utoipa::path(
    get, path = "/api/v1/mashup/{id}/export/{format}", tag = "mashup", operation_id = "export_mashup",
    security(("guest" = ["mashups.read"]), ("bearer" = ["mashups.read"])),
    params(("id" = MashupId, Path, description = "The mashup"), ("format" = inline(Format), Path, description = "The kind of file"),
        ("language" = Option<Language>, Query, description = "The language of texts, for formats that have any; English when absent.")
    ),
    responses(
        (status = 200, description = "The file", content(
            (Vec<u8> = "audio/midi"), (String = "application/vnd.recordare.musicxml+xml"), (String = "text/vnd.abc"),
            (Vec<u8> = "audio/wav"), (Vec<u8> = "audio/ogg"), (Vec<u8> = "application/pdf"), (Object = "application/json")
        )),
        (status = 304, description = "Not changed since the `If-None-Match` that was sent"),
        Problem
    )
)]
pub async fn handler(
    State(mashups): State<Mashups>,
    actor: Actor,
    condition: IfNoneMatch,
    Path((id, format)): Path<(MashupId, Format)>,
    Query(query): Query<ExportQuery>,
) -> Result<Response, Problem> {
    let file = mashups.export(&actor, id, format, query.language.unwrap_or_default()).await?;
    let tag = ETag::of_bytes(&file.bytes);
    let mut response = condition.answer(tag, file.bytes.into_response());
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(file.media_type));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{}\"", file.name)) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    Ok(response)
}
