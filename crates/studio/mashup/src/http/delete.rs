//! Deleting a piece.

use axum::extract::State;
use axum::http::StatusCode;
use eduai_web::{Actor, ETag, IfMatch, Path, Problem};

use crate::model::MashupId;
use crate::service::Mashups;

/// Delete a mashup
///
/// It is hidden at once and removed after 30 days; until then `restore` brings it back.
#[utoipa::path(
    delete, path = "/api/v1/mashup/{id}", tag = "mashup", operation_id = "delete_mashup",
    security(("guest" = ["mashups.delete"]), ("bearer" = ["mashups.delete"])),
    params(
        ("id" = MashupId, Path, description = "The mashup"),
        ("If-Match" = Option<String>, Header, description = "The `ETag` that you know.")
    ),
    responses((status = 204, description = "It is hidden"), Problem)
)]
pub async fn handler(
    State(mashups): State<Mashups>,
    actor: Actor,
    if_match: IfMatch,
    Path(id): Path<MashupId>,
) -> Result<StatusCode, Problem> {
    let check = |version: i32| if_match.check(&ETag::of_version(i64::from(version)));
    mashups.delete(&actor, id, check).await?;
    Ok(StatusCode::NO_CONTENT)
}
