//! `/api/v1/privacy/requests`

use super::problem;
use crate::Privacy;
use crate::requests::{NewAnswer, RequestView};
use crate::rules::requests::RequestState;
use axum::extract::State;
use eduai_kernel::Page;
use eduai_kernel::id::Uuid;
use eduai_web::{Actor, Json, PageQuery, Path, Problem, Query, page_of};
use serde::Deserialize;

/// Which requests.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct QueueQuery {
    /// `next_cursor` of the page before; absent for the first page.
    cursor: Option<String>,
    /// How many, 1 to 100; 20 when absent.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
    /// Only those in this state.
    #[param(inline)]
    state: Option<RequestState>,
}

/// The queue of requests
///
/// What people of the institution ask about their data, the one that is due first first.
#[utoipa::path(
    get, path = "/api/v1/privacy/requests", tag = "privacy", operation_id = "list_privacy_requests",
    security(("bearer" = ["privacy.read"])),
    params(QueueQuery),
    responses((status = 200, description = "A page of the queue.", body = Page<RequestView>), Problem)
)]
pub(super) async fn list(
    State(privacy): State<Privacy>,
    actor: Actor,
    Query(query): Query<QueueQuery>,
) -> Result<Json<Page<RequestView>>, Problem> {
    let asked = PageQuery { cursor: query.cursor, limit: query.limit };
    let limit = asked.limit()?;
    let items = privacy.requests(&actor, query.state, asked.start()?, i64::from(limit) + 1).await.map_err(problem)?;
    Ok(Json(page_of(items, limit, |last| (last.due_at, last.id))))
}

/// A request
///
/// Of an open erasure with its legal assessment: what would be erased, and what must be kept, why and until when.
#[utoipa::path(
    get, path = "/api/v1/privacy/requests/{id}", tag = "privacy", operation_id = "get_privacy_request",
    security(("bearer" = ["privacy.read"])),
    params(("id" = Uuid, Path, description = "The request.")),
    responses((status = 200, description = "The request.", body = RequestView), Problem)
)]
pub(super) async fn get(
    State(privacy): State<Privacy>,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<Json<RequestView>, Problem> {
    Ok(Json(privacy.request(&actor, id).await.map_err(problem)?))
}

/// Decide a request
///
/// What is granted is done before this answers: an erasure erases, a restriction restricts. It cannot be taken back.
#[utoipa::path(
    post, path = "/api/v1/privacy/requests/{id}/decision", tag = "privacy", operation_id = "decide_privacy_request",
    security(("bearer" = ["privacy.update"])),
    params(("id" = Uuid, Path, description = "The request.")),
    request_body = NewAnswer,
    responses((status = 200, description = "The request as it is now.", body = RequestView), Problem)
)]
pub(super) async fn decide(
    State(privacy): State<Privacy>,
    actor: Actor,
    Path(id): Path<Uuid>,
    Json(answer): Json<NewAnswer>,
) -> Result<Json<RequestView>, Problem> {
    Ok(Json(privacy.decide(&actor, id, &answer).await.map_err(problem)?))
}
