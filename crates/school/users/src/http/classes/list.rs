//! `GET /api/v1/classes`

use crate::Users;
use crate::classes::Class;
use crate::http::problem;
use axum::extract::State;
use eduai_kernel::Page;
use eduai_kernel::id::Uuid;
use eduai_web::{Actor, Json, PageQuery, Problem, Query, page_of};
use serde::{Deserialize, Serialize};
/// Where a page starts.
#[derive(Serialize, Deserialize)]
struct Position {
    name: String,
    id: Uuid,
}

/// List one's classes
///
/// By name; administrators see those of all teachers.
#[utoipa::path(
    get, path = "/api/v1/classes", tag = "classes", operation_id = "list_classes",
    security(("bearer" = ["students.read"])),
    params(PageQuery),
    responses((status = 200, description = "A page of the list.", body = Page<Class>), Problem)
)]
pub(super) async fn handler(
    State(users): State<Users>,
    actor: Actor,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<Class>>, Problem> {
    let limit = page.limit()?;
    let after = page.start::<Position>()?.map(|position| (position.name, position.id));
    let items = users.classes(&actor, after, i64::from(limit) + 1).await.map_err(problem)?;
    Ok(Json(page_of(items, limit, |last| Position { name: last.name.clone(), id: last.id })))
}
