//! `PATCH /api/v1/classes/{id}`

use crate::Users;
use crate::classes::{Class, ClassPatch};
use crate::http::problem;
use axum::extract::State;
use axum::response::Response;
use eduai_kernel::id::Uuid;
use eduai_web::{Actor, ETag, IfMatch, Json, Path, Problem};

/// Change a class
///
/// Its name, or how old the youngest is. Send `If-Match` with the `ETag` that you know, so that nobody's change is
/// lost.
#[utoipa::path(
    patch, path = "/api/v1/classes/{id}", tag = "classes", operation_id = "change_class",
    security(("bearer" = ["students.update"])),
    params(
        ("id" = Uuid, Path, description = "The class."),
        ("If-Match" = Option<String>, Header, description = "The `ETag` that you know.")
    ),
    request_body = ClassPatch,
    responses((status = 200, description = "The class as it is now.", body = Class, headers(("ETag" = String))), Problem)
)]
pub(super) async fn handler(
    State(users): State<Users>,
    actor: Actor,
    if_match: IfMatch,
    Path(id): Path<Uuid>,
    Json(request): Json<ClassPatch>,
) -> Result<Response, Problem> {
    let check = |version: i32| if_match.check(&ETag::of_version(i64::from(version)));
    Ok(super::described(users.change_class(&actor, id, &request, check).await.map_err(problem)?))
}
