//! `/api/v1/privacy/disclosures`

use super::problem;
use crate::Privacy;
use crate::disclosures::{DisclosureView, NewDisclosure};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use eduai_kernel::Page;
use eduai_kernel::id::UserId;
use eduai_web::{Actor, Json, PageQuery, Problem, Query, page_of};
use serde::Deserialize;

/// Which disclosures.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct DisclosureQuery {
    /// `next_cursor` of the page before; absent for the first page.
    cursor: Option<String>,
    /// How many, 1 to 100; 20 when absent.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
    /// Only of this person.
    person_id: Option<UserId>,
}

/// What was told to others
///
/// To whom outside the institution something of a person was told, the newest first.
#[utoipa::path(
    get, path = "/api/v1/privacy/disclosures", tag = "privacy", operation_id = "list_disclosures",
    security(("bearer" = ["privacy.read"])),
    params(DisclosureQuery),
    responses((status = 200, description = "A page of the log.", body = Page<DisclosureView>), Problem)
)]
pub(super) async fn list(
    State(privacy): State<Privacy>,
    actor: Actor,
    Query(query): Query<DisclosureQuery>,
) -> Result<Json<Page<DisclosureView>>, Problem> {
    let asked = PageQuery { cursor: query.cursor, limit: query.limit };
    let limit = asked.limit()?;
    let items =
        privacy.disclosures(&actor, query.person_id, asked.start()?, i64::from(limit) + 1).await.map_err(problem)?;
    Ok(Json(page_of(items, limit, |last| (last.disclosed_at, last.id))))
}

/// Write down a disclosure
///
/// Something of a person was told to somebody outside the institution, in a letter for instance.
#[utoipa::path(
    post, path = "/api/v1/privacy/disclosures", tag = "privacy", operation_id = "record_disclosure",
    security(("bearer" = ["privacy.update"])),
    request_body = NewDisclosure,
    responses((status = 201, description = "It is on record.", body = DisclosureView), Problem)
)]
pub(super) async fn create(
    State(privacy): State<Privacy>,
    actor: Actor,
    Json(new): Json<NewDisclosure>,
) -> Result<impl IntoResponse, Problem> {
    Ok((StatusCode::CREATED, Json(privacy.record_disclosure(&actor, &new).await.map_err(problem)?)))
}
