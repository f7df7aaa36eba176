//! `/api/v1/me/privacy/requests`

use super::problem;
use crate::Privacy;
use crate::requests::{NewRequest, RequestView};
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use eduai_kernel::Page;
use eduai_kernel::id::Uuid;
use eduai_web::{Actor, Json, Path, Problem};

/// My requests
///
/// What you have asked about your data, the newest first.
#[utoipa::path(
    get, path = "/api/v1/me/privacy/requests", tag = "privacy", operation_id = "list_own_privacy_requests",
    security(("bearer" = ["profile.read"])),
    responses((status = 200, description = "All of them.", body = Page<RequestView>), Problem)
)]
pub(super) async fn list(State(privacy): State<Privacy>, actor: Actor) -> Result<Json<Page<RequestView>>, Problem> {
    let items = privacy.own_requests(&actor).await.map_err(problem)?;
    Ok(Json(Page { items, next_cursor: None }))
}

/// Ask about my data
///
/// To see it or to take it with you is answered at once, by an archive. All else is decided by the institution, by
/// `due_at` at the latest.
#[utoipa::path(
    post, path = "/api/v1/me/privacy/requests", tag = "privacy", operation_id = "create_privacy_request",
    security(("bearer" = ["profile.update"])),
    request_body = NewRequest,
    responses((status = 201, description = "It was received.", body = RequestView), Problem)
)]
pub(super) async fn create(
    State(privacy): State<Privacy>,
    actor: Actor,
    Json(new): Json<NewRequest>,
) -> Result<impl IntoResponse, Problem> {
    Ok((StatusCode::CREATED, Json(privacy.ask(&actor, &new).await.map_err(problem)?)))
}

/// The archive of my request
///
/// Everything that is kept of you now: `data.json`, and a table of each place as CSV. Given out for 30 days.
#[utoipa::path(
    get, path = "/api/v1/me/privacy/requests/{id}/archive", tag = "privacy", operation_id = "get_privacy_archive",
    security(("bearer" = ["profile.read"])),
    params(("id" = Uuid, Path, description = "The request.")),
    responses(
        (status = 200, description = "A ZIP archive.", body = Vec<u8>, content_type = "application/zip"), Problem
    )
)]
pub(super) async fn archive(
    State(privacy): State<Privacy>,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<impl IntoResponse, Problem> {
    let bytes = privacy.archive(&actor, id).await.map_err(problem)?;
    let headers = [
        (header::CONTENT_TYPE, "application/zip"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"eduai-data.zip\""),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, bytes))
}
