//! Whether the program lives, and whether it can work.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use eduai_db::Db;
use eduai_web::{Json, Problem};
use serde::Serialize;
use std::time::Duration;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// A database that takes longer to say anything is not there.
const PATIENCE: Duration = Duration::from_secs(2);

/// The program lives.
#[derive(Debug, Serialize, ToSchema)]
struct Health {
    /// Always `ok`: a program that cannot say so does not answer.
    status: &'static str,
    /// The program's version.
    version: &'static str,
}

/// Whether the program can work.
#[derive(Debug, Serialize, ToSchema)]
struct Readiness {
    /// Whether everything that it needs answers.
    ready: bool,
    /// What it needs, each truly asked.
    checks: Vec<Check>,
}

/// One thing that the program needs.
#[derive(Debug, Serialize, ToSchema)]
struct Check {
    /// What: `database`.
    name: &'static str,
    /// Whether it answers.
    ok: bool,
    /// How long it took to, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    latency_ms: Option<f64>,
}

/// The routes.
pub fn routes() -> OpenApiRouter<Db> {
    OpenApiRouter::new().routes(routes!(health)).routes(routes!(ready))
}

/// Does the program live
#[utoipa::path(
    get,
    path = "/health",
    operation_id = "health",
    tag = "operation",
    security(()),
    responses((status = 200, description = "It lives.", body = Health))
)]
async fn health() -> Response {
    ([(header::CACHE_CONTROL, "no-store")], Json(Health { status: "ok", version: env!("CARGO_PKG_VERSION") }))
        .into_response()
}

/// Can the program work
///
/// Asks everything that the program needs, now.
#[utoipa::path(
    get,
    path = "/ready",
    operation_id = "ready",
    tag = "operation",
    security(()),
    responses(
        (status = 200, description = "It can.", body = Readiness),
        (status = 503, description = "Something that it needs does not answer.", body = Readiness),
        Problem
    )
)]
async fn ready(State(db): State<Db>) -> Response {
    let latency = tokio::time::timeout(PATIENCE, db.ping()).await.ok().and_then(Result::ok);
    let checks = vec![Check {
        name: "database",
        ok: latency.is_some(),
        latency_ms: latency.map(|time| time.as_secs_f64() * 1_000.0),
    }];
    let ready = checks.iter().all(|check| check.ok);
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, [(header::CACHE_CONTROL, "no-store")], Json(Readiness { ready, checks })).into_response()
}
