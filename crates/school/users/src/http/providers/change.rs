//! `PATCH /api/v1/institution/providers/{id}`

use crate::Users;
use crate::http::problem;
use crate::oidc::{ProviderPatch, ProviderView};
use axum::extract::State;
use axum::response::Response;
use eduai_kernel::id::Uuid;
use eduai_web::{Actor, ETag, IfMatch, Json, Path, Problem};

/// Change a provider of single sign-on
///
/// With another issuer the secret has to be written again: it is only ever sent to the one that it was written for.
/// Send `If-Match` with the `ETag` that you know, so that nobody's change is lost.
#[utoipa::path(
    patch, path = "/api/v1/institution/providers/{id}", tag = "institution", operation_id = "change_provider",
    security(("bearer" = ["settings.update"])),
    params(
        ("id" = Uuid, Path, description = "The provider."),
        ("If-Match" = Option<String>, Header, description = "The `ETag` that you know.")
    ),
    request_body = ProviderPatch,
    responses((status = 200, description = "The provider as it is now.", body = ProviderView, headers(("ETag" = String))), Problem)
)]
pub(super) async fn handler(
    State(users): State<Users>,
    actor: Actor,
    if_match: IfMatch,
    Path(id): Path<Uuid>,
    Json(patch): Json<ProviderPatch>,
) -> Result<Response, Problem> {
    let check = |version: i32| if_match.check(&ETag::of_version(i64::from(version)));
    Ok(super::described(users.change_provider(&actor, id, &patch, check).await.map_err(problem)?))
}
