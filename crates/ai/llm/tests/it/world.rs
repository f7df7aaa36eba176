//! A gateway over a database of its own, asked as a program asks it.

use crate::upstream::{MODELS, SLOW_MODELS, Upstream};
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request};
use eduai_db::DEMONSTRATION;
use eduai_kernel::{Clock, FixedClock, FixedEntropy};
use eduai_llm::{Config, Gateway, Parts, Reachable};
use eduai_privacy::Privacy;
use eduai_testkit::TestDb;
use eduai_vault::{MasterKeys, Vault};
use serde_json::{Value, json};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use url::Url;

/// An answer.
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    pub fn code(&self) -> String {
        self.json()["error"]["code"].as_str().unwrap_or_default().to_owned()
    }
}

/// Whose words a program speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Front {
    OpenAi,
    Anthropic,
    Gemini,
}

impl Front {
    pub const ALL: [Self; 3] = [Self::OpenAi, Self::Anthropic, Self::Gemini];

    /// Where it asks, and what it says.
    pub fn question(self, model: &str, stream: bool) -> (String, String) {
        let messages = json!([{"role": "user", "content": "Hello?"}]);
        match self {
            Self::OpenAi => {
                let body = json!({"model": model, "max_tokens": 50, "stream": stream, "messages": messages});
                ("/v1/chat/completions".to_owned(), body.to_string())
            }
            Self::Anthropic => {
                let body = json!({"model": model, "max_tokens": 50, "stream": stream, "messages": messages});
                ("/v1/messages".to_owned(), body.to_string())
            }
            Self::Gemini => {
                let method = if stream { "streamGenerateContent?alt=sse" } else { "generateContent" };
                let body = json!({"contents": [{"role": "user", "parts": [{"text": "Hello?"}]}],
                    "generationConfig": {"maxOutputTokens": 50}});
                (format!("/gemini/v1beta/models/{model}:{method}"), body.to_string())
            }
        }
    }
}

pub struct World {
    pub db: Arc<TestDb>,
    pub gateway: Gateway,
    pub router: Router,
    pub privacy: Privacy,
}

/// The prices of the one provider `p`: picodollars of a plain, a cached and an output token.
pub const PRICES: (i64, i64, i64) = (150_000, 75_000, 600_000);

/// A file with one provider at `port`, asked with patience as `p` and for its slowest models with little as `q`; and
/// a key.
pub fn file(port: u16, more: &str) -> String {
    let prices: String = ["p", "q"]
        .into_iter()
        .zip([MODELS, SLOW_MODELS])
        .flat_map(|(provider, models)| models.iter().map(move |model| price(provider, model)))
        .collect();
    format!(
        r#"
[timeouts]
connect_ms = 20000
first_byte_ms = 20000
between_bytes_ms = 20000
total_ms = 60000
[retry]
attempts = 2
base_ms = 5
longest_ms = 50
[breaker]
failures = 0
[[provider]]
name = "p"
dialect = "openai"
base_url = "http://127.0.0.1:{port}/v1"
api_key = "sk-provider"
models = {MODELS:?}
[[provider]]
name = "q"
dialect = "openai"
base_url = "http://127.0.0.1:{port}/v1"
models = {SLOW_MODELS:?}
timeouts = {{ first_byte_ms = 1500, between_bytes_ms = 1500, total_ms = 6000 }}
{prices}
[[key]]
name = "k"
secret = "sk-test"
{more}
"#
    )
}

/// The tests' price of a model.
pub fn price(provider: &str, model: &str) -> String {
    format!(
        "[[price]]\nprovider = \"{provider}\"\nmodel = \"{model}\"\ninput = \"0.15\"\ncached_read = \"0.075\"\n\
         output = \"0.6\"\n"
    )
}

/// Gives the demonstration school this privacy level.
pub async fn set_level(db: &TestDb, level: &str) {
    let sql = "update platform.institution set privacy = $2 where id = $1";
    let set = sqlx::query(sql).bind(DEMONSTRATION.uuid()).bind(level);
    set.execute(&mut db.admin().await.unwrap()).await.unwrap();
}

impl World {
    pub async fn new(file: &str) -> Self {
        Self::on(Self::database().await, file).await
    }

    /// A database with what a gateway needs.
    pub async fn database() -> Arc<TestDb> {
        let rooms =
            [&eduai_vault::MIGRATIONS, &eduai_audit::MIGRATIONS, &eduai_privacy::MIGRATIONS, &eduai_llm::MIGRATIONS];
        Arc::new(TestDb::new(&rooms).await.unwrap())
    }

    /// Another process on a database.
    pub async fn on(db: Arc<TestDb>, file: &str) -> Self {
        Self::at_level(db, file, "relaxed").await
    }

    /// The same in an institution of this privacy level.
    pub async fn at_level(db: Arc<TestDb>, file: &str, level: &str) -> Self {
        set_level(&db, level).await;
        Self::open(db, file, None, false).await
    }

    /// The same on a machine where an Ollama would be there.
    pub async fn beside(db: Arc<TestDb>, file: &str, ollama: Option<Url>) -> Self {
        Self::open(db, file, ollama, false).await
    }

    /// The same in an institution as it is, with the room that asks people for their consent.
    pub async fn consenting(db: Arc<TestDb>, file: &str) -> Self {
        Self::open(db, file, None, true).await
    }

    async fn open(db: Arc<TestDb>, file: &str, ollama: Option<Url>, consents: bool) -> Self {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let clock: Arc<dyn Clock> = Arc::new(FixedClock::at_unix_seconds(1_800_000_000));
        let masters = MasterKeys::from_bytes(&[[7; 32]]).unwrap();
        let vault = Vault::open(db.db().clone(), masters, clock.clone()).await.unwrap();
        let entropy = Arc::new(FixedEntropy::from_seed(COUNT.fetch_add(1, Ordering::Relaxed)));
        let privacy = Privacy::over(db.db().clone(), &vault, clock.clone(), entropy.clone(), []).unwrap();
        let config = Config::read(file, Path::new("."), &|_| None).unwrap();
        let parts = Parts {
            db: db.db().clone(),
            clock,
            entropy,
            vault,
            config,
            schools: Reachable { public: true, private: false, loopback: true },
            ollama,
            consents: consents.then(|| privacy.clone()),
            people: None,
        };
        let gateway = Gateway::open(parts).await.unwrap();
        let router = eduai_llm::http::front::router(&gateway).unwrap();
        Self { db, gateway, router, privacy }
    }

    /// A gateway with one provider.
    pub async fn with(upstream: &Upstream, more: &str) -> Self {
        Self::new(&file(upstream.port, more)).await
    }

    pub async fn send(&self, method: &str, path: &str, key: &str, body: &str) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("authorization", format!("Bearer {key}"))
            .header("content-type", "application/json")
            .body(Body::from(body.to_owned()))
            .unwrap();
        let sent = tower::ServiceExt::oneshot(self.router.clone(), request);
        let response = tokio::time::timeout(Duration::from_mins(2), sent).await.unwrap().unwrap();
        let (head, body) = response.into_parts();
        let read = axum::body::to_bytes(body, usize::MAX);
        let bytes = tokio::time::timeout(Duration::from_mins(2), read).await.unwrap().unwrap();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Answer { status: head.status.as_u16(), headers: head.headers, text }
    }

    pub async fn ask(&self, model: &str) -> Answer {
        self.chat(&json!({"model": model})).await
    }

    pub async fn stream(&self, model: &str) -> Answer {
        self.chat(&json!({"model": model, "stream": true})).await
    }

    /// Asks with a message, and with what `members` says.
    pub async fn chat(&self, members: &Value) -> Answer {
        let mut body = json!({"messages": [{"role": "user", "content": "Hello?"}], "max_tokens": 50});
        body.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        self.send("POST", "/v1/chat/completions", "sk-test", &body.to_string()).await
    }

    /// Asks as a program of this kind does.
    pub async fn ask_as(&self, front: Front, model: &str, stream: bool) -> Answer {
        let (path, body) = front.question(model, stream);
        self.send("POST", &path, "sk-test", &body).await
    }

    /// The calls that were written down: status, input, output, cost, estimated.
    pub async fn calls(&self) -> Vec<(String, i64, i64, i64, bool)> {
        self.gateway.flush().await.unwrap();
        let sql = "select status, input_tokens, output_tokens, cost, estimated from llm.call order by at, id";
        sqlx::query_as(sql).fetch_all(&mut self.db.admin().await.unwrap()).await.unwrap()
    }
}
