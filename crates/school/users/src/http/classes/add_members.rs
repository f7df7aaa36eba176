//! `POST /api/v1/classes/{id}/members`

use crate::Users;
use crate::classes::{Class, NewMember};
use crate::http::problem;
use axum::extract::State;
use axum::response::Response;
use eduai_kernel::id::Uuid;
use eduai_web::{Actor, Json, Path, Problem};
use serde::Deserialize;
use utoipa::ToSchema;
/// Whom to add.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AddMembers {
    /// 1 to 200 pupils.
    #[schema(min_items = 1, max_items = 200)]
    members: Vec<NewMember>,
}

/// Add pupils to a class
///
/// Each gets an account without an address: all or none.
#[utoipa::path(
    post, path = "/api/v1/classes/{id}/members", tag = "classes", operation_id = "add_class_members",
    security(("bearer" = ["students.update"])),
    params(("id" = Uuid, Path, description = "The class.")),
    request_body = AddMembers,
    responses((status = 200, description = "The class as it is now.", body = Class, headers(("ETag" = String))), Problem)
)]
pub(super) async fn handler(
    State(users): State<Users>,
    actor: Actor,
    Path(id): Path<Uuid>,
    Json(request): Json<AddMembers>,
) -> Result<Response, Problem> {
    Ok(super::described(users.add_members(&actor, id, &request.members).await.map_err(problem)?))
}
