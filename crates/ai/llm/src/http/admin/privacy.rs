//! `GET /api/v1/models/privacy`

use crate::admin::ModelPrivacy;
use crate::gateway::Gateway;
use axum::extract::State;
use eduai_web::{Actor, Json, Problem};

/// Show how far data may travel to language models
///
/// What follows from the institution's privacy level, and which provider may be asked or why not.
#[utoipa::path(
    get, path = "/api/v1/models/privacy", tag = "models", operation_id = "get_model_privacy",
    security(("bearer" = ["models.read"])),
    responses((status = 200, description = "The picture.", body = ModelPrivacy), Problem)
)]
pub(super) async fn get(State(gateway): State<Gateway>, actor: Actor) -> Result<Json<ModelPrivacy>, Problem> {
    Ok(Json(gateway.privacy(&actor).await?))
}
