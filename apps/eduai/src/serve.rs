//! `eduai serve`: the database, the program, the address; and in the end everything stopped in turn.

use crate::program::{BuildError, Program};
use crate::settings::Settings;
use crate::{Site, rooms, terminal};
use eduai_db::OpenError;
use eduai_kernel::{Clock, Entropy};
use eduai_module::{SystemClock, SystemEntropy};
use eduai_telemetry::{BadTraces, Metrics, TraceSettings, Traces};
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// Why the program does not serve.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServeError {
    /// The address is taken, or not this machine's.
    #[error("{listen} cannot be listened to: {error}. Choose another with: eduai serve --listen 127.0.0.1:0")]
    Listen {
        /// Where.
        listen: SocketAddr,
        /// Why.
        error: io::Error,
    },
    /// The data folder.
    #[error("the data folder {folder} cannot be made: {error}. Choose another with: eduai serve --data-dir DIR")]
    DataFolder {
        /// Which.
        folder: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// The database.
    #[error(transparent)]
    Database(#[from] OpenError),
    /// The program.
    #[error(transparent)]
    Build(#[from] BuildError),
    /// Logs, metrics and traces.
    #[error(transparent)]
    Telemetry(#[from] eduai_telemetry::TelemetryError),
    /// Where traces go.
    #[error(transparent)]
    Traces(#[from] BadTraces),
    /// The runtime.
    #[error("the program cannot start its threads: {0}")]
    Runtime(io::Error),
}

/// Serves until it is told to stop (Ctrl+C or SIGTERM).
pub fn run(settings: &Settings, site: Site) -> Result<(), ServeError> {
    let traces = TraceSettings::from_env()?;
    let to = traces.as_ref().map(TraceSettings::shown);
    let traces = eduai_telemetry::start(traces)?.zip(to);
    allow_open_files();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(ServeError::Runtime)?;
    runtime.block_on(serve(settings, site, traces))
}

/// Systems often allow 1,024 open files unless a program asks for more, and each connection is one.
fn allow_open_files() {
    use rustix::process::{Resource, getrlimit, setrlimit};
    const WANTED: u64 = 65_536;
    let mut limit = getrlimit(Resource::Nofile);
    let most = limit.maximum.map_or(WANTED, |maximum| maximum.min(WANTED));
    if limit.current.is_none_or(|current| current >= most) {
        return;
    }
    limit.current = Some(most);
    if let Err(error) = setrlimit(Resource::Nofile, limit) {
        tracing::warn!(%error, "no more than the usual number of files can be open");
    }
}

async fn serve(settings: &Settings, site: Site, traces: Option<(Traces, String)>) -> Result<(), ServeError> {
    let listen = settings.listen;
    let failed = |error| ServeError::Listen { listen, error };
    let listener = TcpListener::bind(listen).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    let settings = Settings { listen: address, ..absolute(settings)? };
    let stop = stop_signal();
    let database = eduai_db::open(&settings.database, &rooms::migrations()).await?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let entropy: Arc<dyn Entropy> = Arc::new(SystemEntropy);
    let program = Program::build(&settings, database.db(), &clock, &entropy, site, Some(Metrics::start()?)).await?;

    let background = CancellationToken::new();
    // What recurs and what was put off is the whole program's affair.
    let chores = settings.roles.is_whole().then(|| {
        let events = tokio::spawn({
            let (dispatcher, stop) = (program.dispatcher, background.clone());
            async move { dispatcher.run(stop).await }
        });
        let unfinished = tokio::spawn({
            let (workflow, stop) = (program.workflow, background.clone());
            async move { workflow.work(stop).await }
        });
        let jobs = tokio::spawn({
            let (jobs, stop) = (program.jobs, background.clone());
            async move { jobs.run(stop).await }
        });
        async { tokio::join!(events, unfinished, jobs) }
    });
    let costs = tokio::spawn({
        let (gateway, stop) = (program.gateway, background.clone());
        async move { gateway.run(stop).await }
    });
    let router = if traces.is_some() {
        eduai_web::trace::around(program.router, Traces::join, settings.public_url().starts_with("https:"))
    } else {
        program.router
    };
    terminal::say(&format!("EduAI is ready: http://{}", shown(address)));
    if let Some((_, to)) = &traces {
        terminal::say(&format!("Traces go to {to}"));
    }
    eduai_web::server::serve(listener, router, &settings.web, stop.cancelled()).await;

    terminal::say("EduAI stops");
    background.cancel();
    if let Some(chores) = chores {
        let _ = chores.await;
    }
    let _ = costs.await;
    let last_spans = async {
        if let Some((traces, _)) = traces {
            traces.finish().await;
        }
    };
    tokio::join!(last_spans, database.close());
    Ok(())
}

/// The same settings with the data folder there, by its full path: the database is another process.
fn absolute(settings: &Settings) -> Result<Settings, ServeError> {
    let folder = settings.data_dir.clone();
    let made = std::fs::create_dir_all(&folder).and_then(|()| folder.canonicalize());
    let data_dir = made.map_err(|error| ServeError::DataFolder { folder, error })?;
    let mut settings = settings.clone();
    settings.database.data_dir.clone_from(&data_dir);
    settings.data_dir = data_dir;
    Ok(settings)
}

/// An address that can be opened on this machine.
fn shown(address: SocketAddr) -> SocketAddr {
    if address.ip().is_unspecified() { SocketAddr::from(([127, 0, 0, 1], address.port())) } else { address }
}

/// Is cancelled at the first Ctrl+C or SIGTERM.
fn stop_signal() -> CancellationToken {
    let stop = CancellationToken::new();
    let told = stop.clone();
    tokio::spawn(async move {
        wait_for_signal().await;
        told.cancel();
    });
    stop
}

#[cfg(unix)]
async fn wait_for_signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut interrupt), Ok(mut terminate)) = (signal(SignalKind::interrupt()), signal(SignalKind::terminate()))
    else {
        tracing::error!("signals cannot be heard; stop the program with SIGKILL");
        return std::future::pending().await;
    };
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
}

#[cfg(not(unix))]
async fn wait_for_signal() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
