//! `GET /api/v1/classes`

use crate::Users;
use crate::classes::Class;
use crate::http::problem;
use axum::extract::State;
use eduai_kernel::Page;
use eduai_kernel::id::Uuid;
use eduai_web::{Actor, Json, PageQuery, Problem, Query, encode_cursor};
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
    let mut items = users.classes(&actor, after, i64::from(limit) + 1).await.map_err(problem)?;
    let more = items.len() > limit as usize;
    items.truncate(limit as usize);
    let position = |class: &Class| Position { name: class.name.clone(), id: class.id };
    let next_cursor = items.last().filter(|_| more).map(|last| encode_cursor(&position(last)));
    Ok(Json(Page { items, next_cursor }))
}
