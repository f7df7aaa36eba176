//! `/api/v1/privacy/retention`

use super::problem;
use crate::Privacy;
use crate::retention::{NewRetention, RetentionView};
use axum::extract::State;
use eduai_module::Category;
use eduai_web::{Actor, Json, Path, Problem};

/// How long what is kept
///
/// Every category of personal data with its tables, and what was deleted lately.
#[utoipa::path(
    get, path = "/api/v1/privacy/retention", tag = "privacy", operation_id = "get_retention",
    security(("bearer" = ["privacy.read"])),
    responses((status = 200, description = "The rules and the last runs.", body = RetentionView), Problem)
)]
pub(super) async fn get(State(privacy): State<Privacy>, actor: Actor) -> Result<Json<RetentionView>, Problem> {
    Ok(Json(privacy.retention(&actor).await.map_err(problem)?))
}

/// Set how long a category is kept
///
/// Never less than the category's floor.
#[utoipa::path(
    put, path = "/api/v1/privacy/retention/{category}", tag = "privacy", operation_id = "set_retention",
    security(("bearer" = ["privacy.update"])),
    params(("category" = inline(Category), Path, description = "The category's name.")),
    request_body = NewRetention,
    responses((status = 200, description = "What holds now.", body = RetentionView), Problem)
)]
pub(super) async fn set(
    State(privacy): State<Privacy>,
    actor: Actor,
    Path(category): Path<Category>,
    Json(new): Json<NewRetention>,
) -> Result<Json<RetentionView>, Problem> {
    privacy.set_retention(&actor, category, new).await.map_err(problem)?;
    Ok(Json(privacy.retention(&actor).await.map_err(problem)?))
}
