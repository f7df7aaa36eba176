//! Reading a piece.

use axum::extract::State;
use axum::http::header;
use axum::response::Response;
use eduai_web::{Actor, ETag, IfNoneMatch, Path, Problem};

use crate::model::{Mashup, MashupId};
use crate::service::Mashups;

/// Get a mashup
///
/// The whole piece with its educational material. 404 when it does not exist or is not yours to see.
#[utoipa::path(
    get, path = "/api/v1/mashup/{id}", tag = "mashup", operation_id = "get_mashup",
    security(("guest" = ["mashups.read"]), ("bearer" = ["mashups.read"])),
    params(("id" = MashupId, Path, description = "The mashup")),
    responses(
        (status = 200, description = "The mashup", body = Mashup, headers(("ETag" = String))),
        (status = 304, description = "Not changed since the `If-None-Match` that was sent"),
        Problem
    )
)]
pub async fn handler(
    State(mashups): State<Mashups>,
    actor: Actor,
    condition: IfNoneMatch,
    Path(id): Path<MashupId>,
) -> Result<Response, Problem> {
    let (version, text) = mashups.read(&actor, id).await?;
    Ok(condition.answer(ETag::of_version(i64::from(version)), ([(header::CONTENT_TYPE, "application/json")], text)))
}
