//! `GET /api/v1/auth/providers`

use crate::Users;
use crate::http::problem;
use crate::oidc::Offered;
use axum::extract::State;
use eduai_kernel::Page;
use eduai_kernel::id::InstitutionId;
use eduai_web::{Json, Problem, Query};
use serde::Deserialize;

/// Whose.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ProvidersQuery {
    /// Only those of this institution, also those that do not stand on the page for signing in.
    institution_id: Option<InstitutionId>,
}

/// List the providers by which one may sign in
///
/// Those that stand on the page for signing in, or all of one institution.
#[utoipa::path(
    get, path = "/api/v1/auth/providers", tag = "auth", operation_id = "list_offered_providers",
    security(()),
    params(ProvidersQuery),
    responses((status = 200, description = "All of them, by name.", body = Page<Offered>), Problem)
)]
pub(super) async fn handler(
    State(users): State<Users>,
    Query(query): Query<ProvidersQuery>,
) -> Result<Json<Page<Offered>>, Problem> {
    let items = users.offered_providers(query.institution_id).await.map_err(problem)?;
    Ok(Json(Page { items, next_cursor: None }))
}
