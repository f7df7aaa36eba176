//! A program put together as `eduai serve` does, over a database that is thrown away.

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request};
use eduai::program::Program;
use eduai::settings::Settings;
use eduai::{Site, rooms};
use eduai_db::outbox::Dispatcher;
use eduai_jobs::Runner;
use eduai_kernel::{Clock, Entropy, FixedClock, FixedEntropy};
use eduai_testkit::TestDb;
use eduai_users::Users;
use eduai_web::Peer;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// The program.
pub struct World {
    pub db: TestDb,
    router: Router,
    pub jobs: Runner,
    pub users: Users,
    pub events: Dispatcher,
    pub clock: Arc<FixedClock>,
    pub gateway: eduai_llm::Gateway,
    /// Where its keys are.
    pub data_dir: PathBuf,
}

/// An answer.
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }
}

impl World {
    pub async fn new() -> Self {
        Self::with_models("").await
    }

    /// With language models, as this `gateway.toml` says.
    pub async fn with_models(file: &str) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let data_dir = std::env::temp_dir().join(format!("eduai-it-{}-{number}", std::process::id()));
        let db = TestDb::new(&rooms::migrations()).await.unwrap();
        let mut settings = Settings::from_env("127.0.0.1:0".parse().unwrap(), data_dir.clone()).unwrap();
        settings.gateway = eduai_llm::Config::read(file, Path::new("."), &|_| None).unwrap();
        let told = Arc::new(FixedClock::at_unix_seconds(1_800_000_000));
        let clock: Arc<dyn Clock> = told.clone();
        let entropy: Arc<dyn Entropy> = Arc::new(FixedEntropy::from_seed(1));
        let program = Program::build(&settings, db.db(), &clock, &entropy, Site::empty(), None).await.unwrap();
        Self {
            db,
            router: program.router,
            jobs: program.jobs,
            users: program.users,
            events: program.dispatcher,
            clock: told,
            data_dir,
            gateway: program.gateway,
        }
    }

    pub async fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let mut request = Request::builder().method(method).uri(path).header("host", "localhost");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut request = request.body(Body::from(body.to_owned())).unwrap();
        request.extensions_mut().insert(Peer([127, 0, 0, 1].into()));
        let response = tower::ServiceExt::oneshot(self.router.clone(), request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Answer { status: parts.status.as_u16(), headers: parts.headers, text }
    }
}

impl Drop for World {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.data_dir);
    }
}
