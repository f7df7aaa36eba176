//! `GET /api/v1/me/sessions`

use crate::Users;
use crate::http::problem;
use axum::extract::State;
use axum::http::HeaderMap;
use eduai_kernel::Page;
use eduai_kernel::id::Uuid;
use eduai_web::{Actor, Json, Problem};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
/// A device on which one is signed in.
#[derive(Serialize, ToSchema)]
pub(super) struct DeviceSession {
    /// Its id.
    id: Uuid,
    /// How it began: `password`, `class_code`, `passkey`, `single_sign_on`, `link`.
    method: String,
    /// What the device calls itself: "Firefox on Windows".
    device: String,
    /// The address that it last came from.
    address: String,
    /// When it began.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When it was last refreshed.
    #[schema(value_type = String, format = DateTime)]
    last_used_at: Timestamp,
    /// When it ends at the latest.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
    /// Whether it is the one that asks.
    current: bool,
}

/// List one's sessions
///
/// Every device on which one is signed in, the one last used first.
#[utoipa::path(
    get, path = "/api/v1/me/sessions", tag = "users", operation_id = "list_my_sessions",
    security(("bearer" = ["profile.read"])),
    responses((status = 200, description = "The sessions.", body = Page<DeviceSession>), Problem)
)]
pub(super) async fn handler(
    State(users): State<Users>,
    actor: Actor,
    headers: HeaderMap,
) -> Result<Json<Page<DeviceSession>>, Problem> {
    let own = users.proof(&headers).await.map_err(problem)?.map(|proof| proof.session);
    let rows = users.sessions(&actor).await.map_err(problem)?;
    let session = |row: crate::sessions::store::SessionRow| DeviceSession {
        id: row.id,
        method: row.method,
        device: row.device,
        address: row.address,
        created_at: row.created_at,
        last_used_at: row.last_used_at,
        expires_at: row.expires_at,
        current: own == Some(row.id),
    };
    Ok(Json(Page { items: rows.into_iter().map(session).collect(), next_cursor: None }))
}
