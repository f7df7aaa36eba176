//! `POST /api/v1/users/invitations`

use crate::Users;
use crate::http::problem;
use crate::invitations::{Invite, InviteResult};
use axum::extract::State;
use eduai_web::{Actor, Json, Problem};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
/// Whom to invite.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct InviteRequest {
    /// 1 to 500 people.
    #[schema(min_items = 1, max_items = 500)]
    invitations: Vec<Invite>,
}

/// What became of it.
#[derive(Serialize, ToSchema)]
pub(super) struct InviteResponse {
    /// In the order of the request.
    results: Vec<InviteResult>,
}

/// Invite people
///
/// At most 500 at once. Each is answered by itself: a mistake in one row stops no other.
#[utoipa::path(
    post, path = "/api/v1/users/invitations", tag = "users", operation_id = "invite_users",
    security(("bearer" = ["users.create"])),
    request_body = InviteRequest,
    responses((status = 200, description = "What became of each.", body = InviteResponse), Problem)
)]
pub(super) async fn handler(
    State(users): State<Users>,
    actor: Actor,
    Json(request): Json<InviteRequest>,
) -> Result<Json<InviteResponse>, Problem> {
    let results = users.invite(&actor, &request.invitations).await.map_err(problem)?;
    Ok(Json(InviteResponse { results }))
}
