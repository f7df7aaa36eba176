//! `/api/v1/models/transcripts`

use crate::admin::{ModelTranscript, OpenedModelTranscript, TranscriptQuery};
use crate::gateway::Gateway;
use axum::extract::State;
use eduai_kernel::Page;
use eduai_kernel::id::{UserId, Uuid};
use eduai_web::{Actor, Json, PageQuery, Path, Problem, Query, page_of};
use jiff::Timestamp;
use serde::Deserialize;

/// Which transcripts.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ListQuery {
    /// `next_cursor` of the page before; absent for the first page.
    cursor: Option<String>,
    /// How many, 1 to 100; 20 when absent.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
    /// Only of this person.
    person_id: Option<UserId>,
    /// Only from this moment on (RFC 3339).
    #[param(value_type = Option<String>, format = DateTime)]
    since: Option<Timestamp>,
    /// Only before this moment (RFC 3339).
    #[param(value_type = Option<String>, format = DateTime)]
    until: Option<Timestamp>,
}

/// List the transcripts of language models
///
/// Who asked what for when, and who answered, the newest first: without what was said. There are some where the
/// institution's setting `log_prompts` is on, and until the retention of sessions deletes them.
#[utoipa::path(
    get, path = "/api/v1/models/transcripts", tag = "models", operation_id = "list_model_transcripts",
    security(("bearer" = ["models.transcripts.read"])),
    params(ListQuery),
    responses((status = 200, description = "A page of the list.", body = Page<ModelTranscript>), Problem)
)]
pub(super) async fn list(
    State(gateway): State<Gateway>,
    actor: Actor,
    Query(query): Query<ListQuery>,
) -> Result<Json<Page<ModelTranscript>>, Problem> {
    let page = PageQuery { cursor: query.cursor, limit: query.limit };
    let limit = page.limit()?;
    let asked = TranscriptQuery {
        person: query.person_id,
        since: query.since,
        until: query.until,
        after: page.start()?,
        limit: i64::from(limit) + 1,
    };
    let items = gateway.transcripts(&actor, &asked).await?;
    Ok(Json(page_of(items, limit, |last| (last.at, last.id))))
}

/// Open a transcript of a language model
///
/// What was asked and answered, as the caller saw it. Each opening is an entry of the audit log (`models.transcript_read`).
#[utoipa::path(
    get, path = "/api/v1/models/transcripts/{id}", tag = "models", operation_id = "open_model_transcript",
    security(("bearer" = ["models.transcripts.read"])),
    params(("id" = Uuid, Path, description = "The transcript.")),
    responses((status = 200, description = "What was said.", body = OpenedModelTranscript), Problem)
)]
pub(super) async fn open(
    State(gateway): State<Gateway>,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<Json<OpenedModelTranscript>, Problem> {
    Ok(Json(gateway.open_transcript(&actor, id).await?))
}
