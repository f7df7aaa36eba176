//! The rooms, the platform and the pages put together.

use crate::http::{health, metrics};
use crate::settings::Settings;
use crate::{Site, rooms};
use axum::Router;
use eduai_audit::Checkpoints;
use eduai_db::Db;
use eduai_db::outbox::Dispatcher;
use eduai_jobs::{Runner, Schedule};
use eduai_kernel::{Clock, Entropy};
use eduai_llm::{Gateway, Parts};
use eduai_mail::MailError;
use eduai_module::{CpuPool, Deps, GenerationLimits};
use eduai_privacy::Privacy;
use eduai_telemetry::Metrics;
use eduai_users::Users;
use eduai_vault::{MasterError, MasterKeys, Vault, VaultError};
use eduai_web::access::Undeclared;
use eduai_web::{Access, App, Idempotency, Layers, openapi};
use eduai_workflow::Engine;
use std::path::Path;
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
    /// The people.
    pub users: Users,
    /// Asks language models, and writes down what that cost.
    pub gateway: Gateway,
}

/// Why the program cannot be put together.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// The master key.
    #[error(transparent)]
    Master(#[from] MasterError),
    /// The vault.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The sending of mail.
    #[error("mail cannot be sent: {0}")]
    Mail(#[from] MailError),
    /// An endpoint that does not say who may call it.
    #[error("an endpoint does not say who may call it: {0}")]
    Undeclared(#[from] Undeclared),
    /// The gateway to language models.
    #[error("the gateway to language models does not start: {0}")]
    Gateway(#[from] eduai_llm::OpenError),
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
        let vault = open_vault(settings, db, clock).await?;
        let user_settings = settings.users()?;
        let post = rooms::Post { public_url: user_settings.public_url.clone(), mailer: user_settings.mailer.clone() };
        let users = Users::open(db.clone(), vault.clone(), clock.clone(), entropy.clone(), user_settings).await?;
        let workflow = Engine::open(db.clone(), vault.clone(), clock.clone(), entropy.clone()).await?;
        let deps = Deps {
            db: db.clone(),
            workflow: workflow.clone(),
            clock: clock.clone(),
            entropy: entropy.clone(),
            cpu: CpuPool::for_this_machine(),
            generations: GenerationLimits::per_hour(settings.guest_generations_per_hour, clock.clone()),
            data_dir: Arc::new(settings.data_dir.clone()),
        };
        let gateway = Gateway::open(Parts {
            db: db.clone(),
            clock: clock.clone(),
            entropy: entropy.clone(),
            vault: vault.clone(),
            config: settings.gateway.clone(),
            schools: settings.schools,
            ollama: settings.ollama.clone(),
            consents: Some(Privacy::new(&deps, &vault, []).map_err(eduai_kernel::Failure::from)?),
            people: Some(Arc::new(rooms::Names(users.clone()))),
        })
        .await?;
        let mut dispatcher = Dispatcher::new(db.clone());
        let mut jobs = Runner::new(db.clone(), clock.clone());
        let mut routes = Router::new();
        let whole = settings.roles.is_whole();
        let all =
            if whole { rooms::all(&deps, &vault, &users, &gateway, post)? } else { vec![eduai_llm::module(&gateway)] };
        for room in all {
            for (topic, handler) in room.handlers {
                dispatcher = dispatcher.on(topic, move |delivery| handler(delivery));
            }
            for chore in room.chores {
                jobs = jobs.on(chore.kind, move |job| (chore.handler)(job)).schedule(chore.kind, chore.schedule);
            }
            routes = routes.merge(Router::from(room.routes));
        }
        let idempotency = Idempotency::new(db.clone(), vault.clone(), clock.clone(), settings.web.body_limit)?;
        jobs = forgetting(jobs, idempotency.clone());
        jobs = eduai_vault::rotation::register(jobs, &vault);
        jobs = eduai_audit::chore::register(jobs, db, &Checkpoints::new(&vault));
        let exposition = metrics::Exposition::new(measured, settings.metrics_token.clone());
        let routes = routes
            .merge(Router::from(health::routes().with_state(db.clone())))
            .merge(Router::from(metrics::routes().with_state(exposition)))
            .merge(openapi::route(openapi_text()?));
        // The pages are the whole program's.
        let routes = if whole { routes.merge(site.routes()) } else { routes };
        let mut counted = deps.generations.counted();
        counted.push(users.guests().counted());
        let layers = Layers {
            config: settings.web.clone(),
            clock: clock.clone(),
            random: entropy.generator(),
            authenticator: Arc::new(users.clone()),
            access: Access::of(&openapi_document())?,
            idempotency: Some(idempotency),
            database: Some(db.clone()),
            counted,
            observer: Some(metrics::observer()),
        };
        // Programs with a virtual key ask outside of the layers, which are for people.
        let router = App::around(layers, routes).merge(eduai_llm::http::front::router(&gateway)?);
        Ok(Self { router, dispatcher, workflow, jobs, users, gateway })
    }
}

/// The master keys that the environment or the data folder gives.
pub async fn master_keys(data_dir: &Path) -> Result<MasterKeys, BuildError> {
    let environment = |name: &str| std::env::var(name).ok().filter(|value| !value.trim().is_empty());
    Ok(MasterKeys::load(data_dir, &environment).await?)
}

/// The vault of the database, with its master keys.
pub async fn open_vault(settings: &Settings, db: &Db, clock: &Arc<dyn Clock>) -> Result<Vault, BuildError> {
    let master = master_keys(&settings.data_dir).await?;
    Ok(Vault::open(db.clone(), master, clock.clone()).await?)
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
    openapi::unite(&mut document);
    document
}

/// The document as text, as it is served at `/openapi.json` and kept in the repository.
pub fn openapi_text() -> Result<String, serde_json::Error> {
    openapi::write(&openapi_document())
}
