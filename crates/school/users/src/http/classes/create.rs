//! `POST /api/v1/classes`

use crate::Users;
use crate::classes::Class;
use crate::http::problem;
use axum::extract::State;
use axum::http::StatusCode;
use eduai_web::{Actor, Json, Problem};
use serde::Deserialize;
use utoipa::ToSchema;
/// The name of a class.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CreateClass {
    /// 1 to 100 characters: "5 B".
    #[schema(min_length = 1, max_length = 100)]
    name: String,
}

/// Make a class that signs in with a code
#[utoipa::path(
    post, path = "/api/v1/classes", tag = "classes", operation_id = "create_class",
    security(("bearer" = ["students.update"])),
    request_body = CreateClass,
    responses((status = 201, description = "The class, with its code.", body = Class), Problem)
)]
pub(super) async fn handler(
    State(users): State<Users>,
    actor: Actor,
    Json(request): Json<CreateClass>,
) -> Result<(StatusCode, Json<Class>), Problem> {
    Ok((StatusCode::CREATED, Json(users.create_class(&actor, &request.name).await.map_err(problem)?)))
}
