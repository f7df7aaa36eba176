//! `GET /api/v1/institution/providers`

use crate::Users;
use crate::http::problem;
use crate::oidc::ProviderView;
use axum::extract::State;
use eduai_web::{Actor, Json, Problem};
use serde::Serialize;
use utoipa::ToSchema;

/// Providers, and what is the same for all of them.
#[derive(Serialize, ToSchema)]
pub(super) struct Providers {
    /// All of them, by name.
    items: Vec<ProviderView>,
    /// What has to be written as redirect address at a provider.
    redirect_uri: String,
}

/// List the providers of single sign-on
#[utoipa::path(
    get, path = "/api/v1/institution/providers", tag = "institution", operation_id = "list_providers",
    security(("bearer" = ["settings.read"])),
    responses((status = 200, description = "All of them, by name.", body = Providers), Problem)
)]
pub(super) async fn handler(State(users): State<Users>, actor: Actor) -> Result<Json<Providers>, Problem> {
    let items = users.providers(&actor).await.map_err(problem)?;
    Ok(Json(Providers { items, redirect_uri: users.redirect_uri() }))
}
