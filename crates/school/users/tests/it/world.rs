//! A program with visitors and one more route, over a database of its own.

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderValue, Method, Request, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use eduai_db::DEMONSTRATION;
use eduai_kernel::id::InstitutionId;
use eduai_kernel::{Actor as Actor_, FixedClock, FixedEntropy, Random, Role};
use eduai_mail::Mailer;
use eduai_testkit::TestDb;
use eduai_users::accounts::NewAccount;
use eduai_users::oidc::OutboundRules;
use eduai_users::{UserSettings, Users};
use eduai_vault::{MasterKeys, Vault};
use eduai_web::{Access, Actor, App, Idempotency, Json, Layers, Requirement, WebConfig};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

/// The password of everybody here.
pub const PASSWORD: &str = "correct horse battery";

/// A day.
pub const DAY: Duration = Duration::from_hours(24);

/// The program.
pub struct World {
    pub db: Arc<TestDb>,
    pub clock: Arc<FixedClock>,
    pub users: Users,
    pub vault: Vault,
    pub mail: PathBuf,
    pub idempotency: Idempotency,
    router: Router,
    /// How often the route `/api/v1/work` did its work.
    pub worked: Arc<AtomicUsize>,
}

/// An answer.
pub struct Answer {
    pub status: u16,
    /// `name=value` of the cookie that was set.
    pub cookie: Option<String>,
    /// Every cookie that was set, whole.
    pub cookies: Vec<String>,
    /// Where it sends on to.
    pub location: Option<String>,
    pub replayed: bool,
    pub text: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap()
    }

    /// A member of the JSON body, as text.
    pub fn member(&self, name: &str) -> String {
        self.json()[name].as_str().unwrap_or_default().to_owned()
    }
}

impl Drop for World {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.mail);
    }
}

impl World {
    pub async fn new() -> Self {
        let rooms = [
            &eduai_web::MIGRATIONS,
            &eduai_audit::MIGRATIONS,
            &eduai_jobs::MIGRATIONS,
            &eduai_vault::MIGRATIONS,
            &eduai_privacy::MIGRATIONS,
            &eduai_users::MIGRATIONS,
        ];
        let db = Arc::new(TestDb::new(&rooms).await.unwrap());
        let clock = Arc::new(FixedClock::at_unix_seconds(1_800_000_000));
        Self::on(db, clock).await
    }

    /// A second process on the same database.
    pub async fn replica(&self) -> Self {
        Self::on(self.db.clone(), self.clock.clone()).await
    }

    async fn on(db: Arc<TestDb>, clock: Arc<FixedClock>) -> Self {
        let mail = std::env::temp_dir().join(format!("eduai-users-{}", fresh()));
        let master = MasterKeys::from_bytes(&[[7; 32]]).unwrap();
        let vault = Vault::open(db.db().clone(), master, clock.clone()).await.unwrap();
        let users = people(&db, &vault, &clock, &mail).await;
        let idempotency = Idempotency::new(db.db().clone(), vault.clone(), clock.clone(), 1 << 20).unwrap();
        let worked = Arc::new(AtomicUsize::new(0));
        let work = Router::new().route("/api/v1/work", post(work)).with_state(worked.clone());
        let (routes, document) = eduai_users::module(&users).routes.split_for_parts();
        let asked = Requirement::Permission { permission: "mashups.create".into(), visitors: true };
        let access = Access::of(&document).unwrap().with(Method::POST, "/api/v1/work", asked);
        let layers = Layers {
            config: WebConfig::default(),
            clock: clock.clone(),
            random: Random::from_seed(1),
            authenticator: Arc::new(users.clone()),
            access,
            idempotency: Some(idempotency.clone()),
            database: Some(db.db().clone()),
            counted: Vec::new(),
            observer: None,
        };
        let router = App::around(layers, routes.merge(work));
        Self { db, clock, users, vault, mail, idempotency, router, worked }
    }

    pub async fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let mut request = Request::builder().method(method).uri(path).header("host", "localhost");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::from(body.to_owned())).unwrap();
        let response = tower::ServiceExt::oneshot(self.router.clone(), request).await.unwrap();
        let set = response.headers().get_all(header::SET_COOKIE).iter();
        let cookies: Vec<String> = set.map(|value| value.to_str().unwrap().to_owned()).collect();
        let cookie = cookies.first().and_then(|text| text.split(';').next().map(ToOwned::to_owned));
        let location = response.headers().get(header::LOCATION).map(|value| value.to_str().unwrap().to_owned());
        let replayed = response.headers().contains_key("idempotency-replayed");
        let status = response.status().as_u16();
        let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
        Answer { status, cookie, cookies, location, replayed, text: String::from_utf8(bytes.to_vec()).unwrap() }
    }

    pub async fn me(&self, cookie: &str) -> Answer {
        self.send("GET", "/api/v1/me", &[("cookie", cookie)], "").await
    }

    /// A new visitor's cookie.
    pub async fn visitor(&self) -> String {
        self.send("GET", "/api/v1/me", &[], "").await.cookie.unwrap()
    }

    /// Somebody with an account in the demonstration school, and the password of all.
    pub async fn person(&self, email: &str, role: Role) -> Actor_ {
        self.person_in(DEMONSTRATION, email, role).await
    }

    /// Somebody with an account in a school.
    pub async fn person_in(&self, institution: InstitutionId, email: &str, role: Role) -> Actor_ {
        let new = NewAccount {
            email: email.to_owned(),
            role,
            given_name: "Ana".to_owned(),
            family_name: email.split('@').next().unwrap().to_owned(),
            locale: None,
            birth_date: None,
        };
        let system = Actor_::system(institution);
        let user = self.users.create_user_with_password(&system, &new, PASSWORD).await.unwrap();
        Actor_ { institution, user: user.id, role }
    }

    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send("POST", path, &[("content-type", "application/json")], &body.to_string()).await
    }

    pub async fn login(&self, email: &str, password: &str) -> Answer {
        self.post("/api/v1/auth/login", &json!({ "email": email, "password": password })).await
    }

    pub async fn refresh(&self, token: &str) -> Answer {
        self.post("/api/v1/auth/refresh", &json!({ "refresh_token": token })).await
    }

    /// Asks as whoever has the access token.
    pub async fn call(&self, method: &str, path: &str, token: &str, body: &Value) -> Answer {
        let bearer = format!("Bearer {token}");
        let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
        let body = if body.is_null() { String::new() } else { body.to_string() };
        self.send(method, path, &headers, &body).await
    }

    pub async fn get(&self, path: &str, token: &str) -> Answer {
        self.call("GET", path, token, &Value::Null).await
    }

    /// The newest message to an address, once it is written.
    pub async fn letter_to(&self, email: &str) -> String {
        let users = self.users.clone();
        let dispatcher = eduai_users::module(&users)
            .handlers
            .into_iter()
            .fold(eduai_db::outbox::Dispatcher::new(self.db.db().clone()), |dispatcher, (topic, handler)| {
                dispatcher.on(topic, move |delivery| handler(delivery))
            });
        while dispatcher.deliver_due().await.unwrap() > 0 {}
        let mut letters: Vec<_> = std::fs::read_dir(&self.mail).unwrap().map(|file| file.unwrap()).collect();
        letters.sort_by_key(|file| file.metadata().unwrap().modified().unwrap());
        let texts = letters.iter().rev().map(|file| std::fs::read_to_string(file.path()).unwrap());
        texts.into_iter().find(|text| text.contains(&format!("To: {email}"))).unwrap_or_default()
    }

    /// The token in the newest message to an address.
    pub async fn token_for(&self, email: &str) -> String {
        let letter = self.letter_to(email).await.replace("=\r\n", "").replace("=3D", "=");
        letter.split_once('#').unwrap().1.split_whitespace().next().unwrap().to_owned()
    }

    /// Asks for work under an idempotency key.
    pub async fn work(&self, cookie: &str, key: &str, body: &Value) -> Answer {
        let headers = [("cookie", cookie), ("idempotency-key", key), ("content-type", "application/json")];
        self.send("POST", "/api/v1/work", &headers, &body.to_string()).await
    }
}

/// The people, as one process knows them.
async fn people(db: &TestDb, vault: &Vault, clock: &Arc<FixedClock>, mail: &Path) -> Users {
    let settings = UserSettings {
        https: false,
        public_url: "https://school.example".to_owned(),
        mailer: Mailer::into_folder(mail, "school@eduai.example").unwrap(),
        outbound: OutboundRules { loopback: true, ..OutboundRules::default() },
    };
    Users::open(db.db().clone(), vault.clone(), clock.clone(), Arc::new(FixedEntropy::from_seed(fresh())), settings)
        .await
        .unwrap()
}

/// A number that no other test has.
fn fresh() -> u64 {
    static COUNT: AtomicU64 = AtomicU64::new(1);
    u64::from(std::process::id()) << 32 | COUNT.fetch_add(1, Ordering::Relaxed)
}

/// Work that takes a while, fails or streams, as the request says.
async fn work(State(worked): State<Arc<AtomicUsize>>, _: Actor, Json(wish): Json<Value>) -> Response {
    let number = worked.fetch_add(1, Ordering::SeqCst) + 1;
    if let Some(millis) = wish["takes_ms"].as_u64() {
        tokio::time::sleep(Duration::from_millis(millis)).await;
    }
    if wish["fails"] == json!(true) {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    if wish["streams"] == json!(true) {
        let events = (1..=3).map(move |n| {
            Ok(eduai_web::NumberedEvent {
                number: n,
                name: "step".to_owned(),
                data: json!({ "work": number }).to_string(),
            })
        });
        return eduai_web::event_stream(futures_util::stream::iter(events));
    }
    let location = HeaderValue::from_str(&format!("/api/v1/work/{number}")).unwrap();
    (StatusCode::CREATED, [(header::LOCATION, location)], Json(json!({ "number": number.to_string() }))).into_response()
}
