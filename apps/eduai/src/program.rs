//! The rooms, the platform and the pages put together.

use crate::http::{health, metrics};
use crate::settings::Settings;
use crate::{Site, rooms};
use axum::Router;
use eduai_db::Db;
use eduai_db::outbox::Dispatcher;
use eduai_jobs::{Runner, Schedule};
use eduai_kernel::{Clock, Entropy};
use eduai_module::{CpuPool, Deps, GenerationLimits};
use eduai_telemetry::Metrics;
use eduai_users::{CookieKey, GuestSettings, Guests, KeyError};
use eduai_web::{App, Idempotency, Layers, openapi};
use eduai_workflow::Engine;
use std::sync::Arc;
use std::time::Duration;
use utoipa::openapi::OpenApi;

/// How often old answers are looked for.
const FORGET_EVERY: Duration = Duration::from_mins(15);

/// A program that is ready to answer.
pub struct Program {
    /// Answers requests.
    pub router: Router,
    /// Delivers events between the rooms.
    pub dispatcher: Dispatcher,
    /// Takes up workflows that were left unfinished.
    pub workflow: Engine,
    /// Does what recurs and what was put off, such as removing what nobody uses any more.
    pub jobs: Runner,
}

/// Why the program cannot be put together.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// The key that signs visitors' cookies.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The workflow engine.
    #[error("the workflow engine does not start: {0}")]
    Workflow(#[from] eduai_workflow::Error),
    /// A room's own data.
    #[error("a room cannot be built: {0}")]
    Room(#[from] eduai_kernel::Failure),
    /// The API's document.
    #[error("the API's document cannot be written: {0}")]
    Document(#[from] serde_json::Error),
}

impl Program {
    /// Puts the program together over a database that has every room's tables.
    pub async fn build(
        settings: &Settings,
        db: &Db,
        clock: &Arc<dyn Clock>,
        entropy: &Arc<dyn Entropy>,
        site: Site,
        measured: Option<Metrics>,
    ) -> Result<Self, BuildError> {
        let key = CookieKey::load_or_make(&settings.data_dir)?;
        let guest_settings = GuestSettings { key, https: settings.web.https };
        let guests = Guests::new(db.clone(), clock.clone(), entropy.clone(), guest_settings);
        let workflow = Engine::open(db.clone(), clock.clone(), entropy.clone()).await?;
        let deps = Deps {
            db: db.clone(),
            workflow: workflow.clone(),
            clock: clock.clone(),
            entropy: entropy.clone(),
            cpu: CpuPool::for_this_machine(),
            generations: GenerationLimits::per_hour(settings.guest_generations_per_hour, clock.clone()),
            data_dir: Arc::new(settings.data_dir.clone()),
        };
        let mut dispatcher = Dispatcher::new(db.clone());
        let mut jobs = Runner::new(db.clone(), clock.clone());
        let mut routes = Router::new();
        for room in rooms::all(&deps, &guests)? {
            for (topic, handler) in room.handlers {
                dispatcher = dispatcher.on(topic, move |delivery| handler(delivery));
            }
            for chore in room.chores {
                jobs = jobs.on(chore.kind, move |job| (chore.handler)(job)).schedule(chore.kind, chore.schedule);
            }
            routes = routes.merge(Router::from(room.routes));
        }
        let idempotency = Idempotency::new(db.clone(), clock.clone(), settings.web.body_limit);
        jobs = forgetting(jobs, idempotency.clone());
        let exposition = metrics::Exposition::new(measured, settings.metrics_token.clone());
        let routes = routes
            .merge(Router::from(health::routes().with_state(db.clone())))
            .merge(Router::from(metrics::routes().with_state(exposition)))
            .merge(openapi::route(openapi_text()?))
            .merge(site.routes());
        let layers = Layers {
            config: settings.web.clone(),
            clock: clock.clone(),
            random: entropy.generator(),
            authenticator: Arc::new(guests),
            idempotency: Some(idempotency),
            database: Some(db.clone()),
            observer: Some(metrics::observer()),
        };
        Ok(Self { router: App::around(layers, routes), dispatcher, workflow, jobs })
    }
}

/// Answers to repeated requests are forgotten after a day.
fn forgetting(jobs: Runner, idempotency: Idempotency) -> Runner {
    const KIND: &str = "web.forget_answers";
    jobs.schedule(KIND, Schedule::every(FORGET_EVERY)).on(KIND, move |job| {
        let idempotency = idempotency.clone();
        async move {
            idempotency.remove_old(&job.actor).await?;
            Ok(())
        }
    })
}

/// The document of the whole API.
pub fn openapi_document() -> OpenApi {
    let mut document = openapi::base(env!("CARGO_PKG_VERSION"));
    document.merge(health::routes().into_openapi());
    document.merge(metrics::routes().into_openapi());
    for room in rooms::documents() {
        document.merge(room);
    }
    document
}

/// The document as text, as it is served at `/openapi.json` and kept in the repository.
pub fn openapi_text() -> Result<String, serde_json::Error> {
    openapi::write(&openapi_document())
}
