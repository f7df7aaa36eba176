//! The language models that one's pieces may be written with.

use axum::extract::State;
use eduai_web::{Actor, Json, Problem};
use serde::Serialize;
use utoipa::ToSchema;

use crate::service::Mashups;

/// What a person may have a piece written with.
#[derive(Serialize, ToSchema)]
pub struct ModelOffer {
    /// A language model in the house can be asked.
    local: bool,
    /// A language model outside can be asked, and may be.
    cloud: bool,
    /// Why there is no more than this: `no_route` (nobody has set one), `resting` (it does not answer), `privacy`,
    /// `no_agreement`, `consent` (this person has not agreed).
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<String>,
}

/// Which language models may help
///
/// What `model_preference` can choose among. Without any, pieces are written by the program alone.
#[utoipa::path(
    get, path = "/api/v1/mashup/models", tag = "mashup", operation_id = "offered_models",
    security(("guest" = ["mashups.read"]), ("bearer" = ["mashups.read"])),
    responses((status = 200, description = "What there is for this person now", body = ModelOffer), Problem)
)]
pub async fn handler(State(mashups): State<Mashups>, actor: Actor) -> Result<Json<ModelOffer>, Problem> {
    let offer = mashups.models(&actor).await;
    Ok(Json(ModelOffer { local: offer.local, cloud: offer.cloud, why: offer.why }))
}
