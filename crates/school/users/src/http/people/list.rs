//! `GET /api/v1/users`

use crate::Users;
use crate::accounts::model::{AccountStatus, User};
use crate::accounts::{Position, UserQuery};
use crate::http::problem;
use axum::extract::State;
use eduai_kernel::{Page, Role};
use eduai_web::{Actor, Json, PageQuery, Problem, Query, page_of, short_text};
use serde::Deserialize;
/// Which people.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ListQuery {
    /// `next_cursor` of the page before; absent for the first page.
    cursor: Option<String>,
    /// How many, 1 to 100; 20 when absent.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
    /// Part of a name, an address or a user name.
    #[param(max_length = 100)]
    q: Option<String>,
    /// Only this role.
    #[param(inline)]
    role: Option<Role>,
    /// Only this status.
    #[param(inline)]
    status: Option<AccountStatus>,
    /// Those who were deleted, instead of those who were not.
    #[serde(default)]
    deleted: bool,
}

/// List people
///
/// By family name, given name and id.
#[utoipa::path(
    get, path = "/api/v1/users", tag = "users", operation_id = "list_users",
    security(("bearer" = ["users.read"])),
    params(ListQuery),
    responses((status = 200, description = "A page of the list.", body = Page<User>), Problem)
)]
pub(super) async fn handler(
    State(users): State<Users>,
    actor: Actor,
    Query(query): Query<ListQuery>,
) -> Result<Json<Page<User>>, Problem> {
    let page = PageQuery { cursor: query.cursor, limit: query.limit };
    let limit = page.limit()?;
    let after = page.start::<Position>()?.map(|position| (position.family, position.given, position.id));
    let text = query.q.map(|text| short_text("q", text)).transpose()?;
    let text = text.map(|text| text.trim().to_owned()).filter(|text: &String| !text.is_empty());
    let filter = UserQuery {
        text,
        role: query.role,
        status: query.status,
        deleted: query.deleted,
        after,
        limit: i64::from(limit) + 1,
    };
    let items = users.list_users(&actor, &filter).await.map_err(problem)?;
    let position =
        |user: &User| Position { family: user.family_name.clone(), given: user.given_name.clone(), id: user.id.uuid() };
    Ok(Json(page_of(items, limit, position)))
}
