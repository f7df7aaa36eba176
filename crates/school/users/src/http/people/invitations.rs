//! `GET /api/v1/users/invitations`

use crate::Users;
use crate::http::problem;
use axum::extract::State;
use eduai_kernel::Page;
use eduai_kernel::id::Uuid;
use eduai_web::{Actor, Json, PageQuery, Problem, Query, page_of};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
/// An invitation that was not accepted yet.
#[derive(Serialize, ToSchema)]
pub(super) struct InvitationView {
    /// Its id.
    id: Uuid,
    /// To which address.
    email: String,
    /// What they will be.
    role: String,
    /// Their given name, where it is known.
    given_name: String,
    /// Their family name, where it is known.
    family_name: String,
    /// When they were invited.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// Until when it is good.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
}

/// Where a page starts.
#[derive(Serialize, Deserialize)]
struct Position {
    at: Timestamp,
    id: Uuid,
}

/// List the open invitations
///
/// The newest first.
#[utoipa::path(
    get, path = "/api/v1/users/invitations", tag = "users", operation_id = "list_invitations",
    security(("bearer" = ["users.read"])),
    params(PageQuery),
    responses((status = 200, description = "A page of the list.", body = Page<InvitationView>), Problem)
)]
pub(super) async fn handler(
    State(users): State<Users>,
    actor: Actor,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<InvitationView>>, Problem> {
    let limit = page.limit()?;
    let after = page.start::<Position>()?.map(|position| (position.at, position.id));
    let rows = users.invitations(&actor, after, i64::from(limit) + 1).await.map_err(problem)?;
    let Page { items: rows, next_cursor } = page_of(rows, limit, |last| Position { at: last.created_at, id: last.id });
    let view = |row: crate::invitations::store::Invitation| InvitationView {
        id: row.id,
        email: row.email,
        role: row.role,
        given_name: row.given_name,
        family_name: row.family_name,
        created_at: row.created_at,
        expires_at: row.expires_at,
    };
    Ok(Json(Page { items: rows.into_iter().map(view).collect(), next_cursor }))
}
