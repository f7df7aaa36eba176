//! `POST /api/v1/institution/providers/{id}/test`

use crate::Users;
use crate::http::problem;
use crate::oidc::Trial;
use axum::extract::State;
use eduai_kernel::id::Uuid;
use eduai_web::{Actor, Json, Path, Problem};

/// Test a provider of single sign-on
///
/// Reads what it says of itself and its keys, and asks whether it knows this program. Nobody signs in.
#[utoipa::path(
    post, path = "/api/v1/institution/providers/{id}/test", tag = "institution", operation_id = "test_provider",
    security(("bearer" = ["settings.update"])),
    params(("id" = Uuid, Path, description = "The provider.")),
    responses((status = 200, description = "How it went.", body = Trial), Problem)
)]
pub(super) async fn handler(
    State(users): State<Users>,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<Json<Trial>, Problem> {
    Ok(Json(users.try_provider(&actor, id).await.map_err(problem)?))
}
