//! Changing title and sharing.

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use eduai_web::{Actor, ETag, IfMatch, Json, Path, Problem};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::model::{Mashup, MashupId};
use crate::service::Mashups;

/// What may be changed. At least one field.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeRequest {
    /// The title, 1 to 200 characters after trimming.
    #[schema(min_length = 1, max_length = 200)]
    pub title: Option<String>,
    /// Whether those who have its address may see it.
    pub shared: Option<bool>,
}

/// Change title or sharing
///
/// Send `If-Match` with the `ETag` that you know, so that nobody's change is lost.
#[utoipa::path(
    patch, path = "/api/v1/mashup/{id}", tag = "mashup", operation_id = "change_mashup",
    security(("guest" = ["mashups.update"]), ("bearer" = ["mashups.update"])),
    params(
        ("id" = MashupId, Path, description = "The mashup"),
        ("If-Match" = Option<String>, Header, description = "The `ETag` that you know.")
    ),
    request_body = ChangeRequest,
    responses((status = 200, description = "The mashup as it is now", body = Mashup, headers(("ETag" = String))), Problem)
)]
pub async fn handler(
    State(mashups): State<Mashups>,
    actor: Actor,
    if_match: IfMatch,
    Path(id): Path<MashupId>,
    Json(request): Json<ChangeRequest>,
) -> Result<Response, Problem> {
    let check = |version: i32| if_match.check(&ETag::of_version(i64::from(version)));
    let mashup = mashups.change(&actor, id, request.title.as_deref(), request.shared, check).await?;
    Ok((super::tag(&mashup), Json(mashup)).into_response())
}
