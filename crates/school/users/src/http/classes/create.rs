//! `POST /api/v1/classes`

use crate::Users;
use crate::classes::{Class, NewClass};
use crate::http::problem;
use axum::extract::State;
use axum::http::StatusCode;
use eduai_web::{Actor, Json, Problem};

/// Make a class that signs in with a code
#[utoipa::path(
    post, path = "/api/v1/classes", tag = "classes", operation_id = "create_class",
    security(("bearer" = ["students.update"])),
    request_body = NewClass,
    responses((status = 201, description = "The class, with its code.", body = Class), Problem)
)]
pub(super) async fn handler(
    State(users): State<Users>,
    actor: Actor,
    Json(request): Json<NewClass>,
) -> Result<(StatusCode, Json<Class>), Problem> {
    Ok((StatusCode::CREATED, Json(users.create_class(&actor, &request).await.map_err(problem)?)))
}
