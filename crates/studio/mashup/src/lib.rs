//! Lit Music Mashup: the service that turns one sentence into a piece of music with its lesson.
//!
//! It joins the pure rooms (composer, analyser, pedagogy) into a graph of agents, keeps what they make, and offers it
//! over HTTP. It composes nothing and teaches nothing itself.
//!
//! Start reading at [`model`] for what comes out, [`request`] for what may be asked, and [`graph`] for how it is made.

pub mod agents;
pub mod content;
mod custody;
mod document;
pub mod export;
pub mod genres;
pub mod graph;
mod http;
mod kept;
pub mod model;
pub mod models;
mod progress;
mod provenance;
mod quality;
mod readback;
pub mod remix;
pub mod request;
pub mod sentence;
mod service;
pub mod session;
pub mod shown;
pub mod sources;
mod store;
pub mod view;

pub use models::{Limits, Models, Plugged};
pub use service::{Mashups, Outcome, Started};

use eduai_db::outbox::{Delivery, HandlerError};
use eduai_genre::GenreBook;
use eduai_kernel::{Failure, FailureKind};
use eduai_module::{Deps, Module, Schedule};
use eduai_vault::Vault;
use std::sync::Arc;
use utoipa_axum::router::OpenApiRouter;

/// The topic of the event that a visitor's workspace was removed, with `{"user_id": …}`.
const GUEST_REMOVED: &str = "users.guest_removed";
/// The topic of the event that a visitor has an account now, with `{"from": …, "user_id": …, "role": …}`.
const GUEST_ADOPTED: &str = "users.guest_adopted";

/// The room: mashups, their sessions, the genres; the graph of agents; the removal of what visitors leave. Its agents work
/// with `models` where any are plugged in, and by themselves without.
///
/// # Errors
/// [`FailureKind::Internal`] when a genre profile or the graph is wrong, which tests rule out.
pub fn module(deps: &Deps, vault: &Vault, models: Option<Plugged>) -> Result<Module, Failure> {
    let mashups = open(deps, vault, models)?;
    let (on_removed, on_adopted, expired) = (mashups.clone(), mashups.clone(), mashups.clone());
    Ok(Module::new("mashup")
        .custodian(mashups.clone())
        .routes(http::routes().with_state(mashups))
        .on(GUEST_REMOVED, move |delivery| guest_removed(on_removed.clone(), delivery))
        .on(GUEST_ADOPTED, move |delivery| guest_adopted(on_adopted.clone(), delivery))
        .chore("mashup.purge", Schedule::every(PURGE_EVERY), move |job| {
            let mashups = expired.clone();
            async move {
                mashups.purge(&job.actor, job.now).await.map_err(|failure| failure.detail)?;
                Ok(())
            }
        }))
}

/// The use cases of the room alone, its graph registered with the workflow engine.
///
/// # Errors
/// As [`module`].
pub fn open(deps: &Deps, vault: &Vault, models: Option<Plugged>) -> Result<Mashups, Failure> {
    vault.declare_once_clear(&kept::SEALED)?;
    vault.declare_once_clear(&sources::kept::SEALED)?;
    vault.declare(&kept::SEALED_FROM_THE_START)?;
    let wrong = |error: String| Failure::new(FailureKind::Internal, "mashup_room", error);
    let studio = Arc::new(agents::Studio {
        db: deps.db.clone(),
        vault: vault.clone(),
        cpu: deps.cpu.clone(),
        clock: deps.clock.clone(),
        book: GenreBook::built_in().map_err(|e| wrong(e.to_string()))?,
        models,
    });
    deps.workflow.register(graph::graph(&studio)).map_err(|e| wrong(e.to_string()))?;
    Ok(Mashups {
        db: deps.db.clone(),
        vault: vault.clone(),
        engine: deps.workflow.clone(),
        studio,
        entropy: deps.entropy.clone(),
        limits: deps.generations.clone(),
    })
}

/// How often pieces that have expired are looked for.
const PURGE_EVERY: std::time::Duration = std::time::Duration::from_mins(15);

/// The room's part of the API's document.
pub fn api() -> utoipa::openapi::OpenApi {
    let routes: OpenApiRouter<Mashups> = http::routes();
    routes.into_openapi()
}

/// Removes what a visitor who stays away has made.
async fn guest_removed(mashups: Mashups, delivery: Delivery) -> Result<(), HandlerError> {
    #[derive(serde::Deserialize)]
    struct Removed {
        user_id: eduai_kernel::id::UserId,
    }
    let removed: Removed = serde_json::from_value(delivery.payload.clone())?;
    mashups.erase(&delivery.actor, removed.user_id).await?;
    Ok(())
}

/// Gives what a visitor has made to the account that they have now.
async fn guest_adopted(mashups: Mashups, delivery: Delivery) -> Result<(), HandlerError> {
    #[derive(serde::Deserialize)]
    struct Adopted {
        from: eduai_kernel::Actor,
        user_id: eduai_kernel::id::UserId,
        role: eduai_kernel::Role,
    }
    let adopted: Adopted = serde_json::from_value(delivery.payload.clone())?;
    let to = eduai_kernel::Actor { user: adopted.user_id, role: adopted.role, ..delivery.actor };
    mashups.adopt(&adopted.from, &to).await.map_err(|failure| failure.detail)?;
    Ok(())
}

/// This room's tables.
pub static MIGRATIONS: eduai_db::Migrations = eduai_db::migrations!("mashup");
