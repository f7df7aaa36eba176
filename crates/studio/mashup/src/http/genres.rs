//! The genres that exist.

use axum::extract::State;
use eduai_web::{Actor, Json, Problem};

use crate::genres::GenreInfo;
use crate::service::Mashups;

/// List the genres
///
/// All genres that can be mashed up, in alphabetical order of their ids.
#[utoipa::path(
    get, path = "/api/v1/genres", tag = "mashup", operation_id = "list_genres",
    security(("guest" = ["mashups.read"]), ("bearer" = ["mashups.read"])),
    responses((status = 200, description = "The genres", body = [GenreInfo]), Problem)
)]
pub async fn handler(State(mashups): State<Mashups>, _: Actor) -> Result<Json<Vec<GenreInfo>>, Problem> {
    Ok(Json(mashups.genres()))
}
