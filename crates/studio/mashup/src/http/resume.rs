//! A person's decision at an interrupt.

use axum::extract::State;
use eduai_web::{Actor, Json, Path, Problem};
use uuid::Uuid;

use crate::service::Mashups;
use crate::session::{Resume, Session};

/// Resume a session
///
/// Answers the question that the run waits with. 409 when it does not wait.
#[utoipa::path(
    post, path = "/api/v1/sessions/{id}/resume", tag = "sessions", operation_id = "resume_session",
    security(("guest" = ["mashups.update"]), ("bearer" = ["mashups.update"])),
    params(
        ("id" = Uuid, Path, description = "The session"),
        ("Idempotency-Key" = Option<String>, Header, pattern = "^([!#-~]{1,255}|\"[!#-~]{1,255}\")$", description = "Makes it safe to send the request again.")
    ),
    request_body = Resume,
    responses((status = 200, description = "The session as it is now", body = Session), Problem)
)]
pub async fn handler(
    State(mashups): State<Mashups>,
    actor: Actor,
    Path(id): Path<Uuid>,
    Json(resume): Json<Resume>,
) -> Result<Json<Session>, Problem> {
    Ok(Json(mashups.resume(&actor, id, resume).await?))
}
