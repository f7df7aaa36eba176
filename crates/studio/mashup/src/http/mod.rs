//! One file an endpoint. Only this folder knows of HTTP.

mod change;
mod delete;
mod events;
mod export;
mod generate;
mod genres;
mod get;
mod list;
mod models;
mod remix;
mod restore;
mod resume;
mod session;
mod sources;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use eduai_web::{Accept, ETag, Json, event_stream};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::model::Mashup;
use crate::service::{Mashups, Outcome, Started};

/// All routes of this room.
pub fn routes() -> OpenApiRouter<Mashups> {
    OpenApiRouter::new()
        .routes(routes!(generate::handler))
        .routes(routes!(list::handler))
        .routes(routes!(get::handler, change::handler, delete::handler))
        .routes(routes!(restore::handler))
        .routes(routes!(remix::handler))
        .routes(routes!(export::handler))
        .routes(routes!(events::handler))
        .routes(routes!(session::handler))
        .routes(routes!(resume::handler))
        .routes(routes!(genres::handler))
        .routes(routes!(models::handler))
        .routes(routes!(sources::upload::handler, sources::list::handler))
        .routes(routes!(sources::get::handler, sources::delete::handler))
        .routes(routes!(sources::playback::handler))
        .routes(routes!(sources::restore::handler))
}

/// Where a mashup is found.
fn location(id: impl std::fmt::Display) -> (header::HeaderName, String) {
    (header::LOCATION, format!("/api/v1/mashup/{id}"))
}

fn tag(mashup: &Mashup) -> ETag {
    ETag::of_version(i64::from(mashup.version))
}

/// What a run that was just started answers with: a stream of its events where the client wants one, otherwise the
/// mashup, or the session where it waits for a person.
async fn answer(mashups: &Mashups, started: Started, accept: &Accept) -> Result<Response, eduai_web::Problem> {
    if accept.wants_events() {
        return Ok(event_stream(mashups.events(started, 0)));
    }
    Ok(match mashups.outcome(started).await? {
        Outcome::Done(mashup) => {
            (StatusCode::CREATED, tag(&mashup), [location(mashup.id)], Json(*mashup)).into_response()
        }
        Outcome::Waiting(session) => {
            let place = HeaderValue::from_str(&format!("/api/v1/sessions/{}", session.id));
            let mut response = (StatusCode::ACCEPTED, Json(session)).into_response();
            if let Ok(place) = place {
                response.headers_mut().insert(header::LOCATION, place);
            }
            response
        }
    })
}
