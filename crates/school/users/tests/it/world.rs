//! A program with visitors and one more route, over a database of its own.

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderValue, Request, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use eduai_kernel::{FixedClock, FixedEntropy, Random};
use eduai_testkit::TestDb;
use eduai_users::{CookieKey, GuestSettings, Guests};
use eduai_web::{Actor, App, Idempotency, Json, Layers, WebConfig};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// The program.
pub struct World {
    pub db: TestDb,
    pub clock: Arc<FixedClock>,
    pub guests: Guests,
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

impl World {
    pub async fn new() -> Self {
        let db = TestDb::new(&[&eduai_web::MIGRATIONS, &eduai_users::MIGRATIONS]).await.unwrap();
        let clock = Arc::new(FixedClock::at_unix_seconds(1_800_000_000));
        let settings = GuestSettings { key: CookieKey::from_bytes([7; 32]), https: false };
        let guests = Guests::new(db.db().clone(), clock.clone(), Arc::new(FixedEntropy::from_seed(1)), settings);
        let idempotency = Idempotency::new(db.db().clone(), clock.clone(), 1 << 20);
        let worked = Arc::new(AtomicUsize::new(0));
        let work = Router::new().route("/api/v1/work", post(work)).with_state(worked.clone());
        let (routes, _) = eduai_users::module(&guests).routes.split_for_parts();
        let layers = Layers {
            config: WebConfig::default(),
            clock: clock.clone(),
            random: Random::from_seed(1),
            authenticator: Arc::new(guests.clone()),
            idempotency: Some(idempotency.clone()),
            observer: None,
        };
        let router = App::around(layers, routes.merge(work));
        Self { db, clock, guests, idempotency, router, worked }
    }

    pub async fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let mut request = Request::builder().method(method).uri(path).header("host", "localhost");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::from(body.to_owned())).unwrap();
        let response = tower::ServiceExt::oneshot(self.router.clone(), request).await.unwrap();
        let set = response.headers().get(header::SET_COOKIE).map(|value| value.to_str().unwrap().to_owned());
        let cookie = set.and_then(|text| text.split(';').next().map(ToOwned::to_owned));
        let replayed = response.headers().contains_key("idempotency-replayed");
        let status = response.status().as_u16();
        let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
        Answer { status, cookie, replayed, text: String::from_utf8(bytes.to_vec()).unwrap() }
    }

    pub async fn me(&self, cookie: &str) -> Answer {
        self.send("GET", "/api/v1/me", &[("cookie", cookie)], "").await
    }

    /// A new visitor's cookie.
    pub async fn visitor(&self) -> String {
        self.send("GET", "/api/v1/me", &[], "").await.cookie.unwrap()
    }

    /// Asks for work under an idempotency key.
    pub async fn work(&self, cookie: &str, key: &str, body: &Value) -> Answer {
        let headers = [("cookie", cookie), ("idempotency-key", key), ("content-type", "application/json")];
        self.send("POST", "/api/v1/work", &headers, &body.to_string()).await
    }
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
            Ok(eduai_web::NumberedEvent { number: n, name: "step".to_owned(), data: json!({ "work": number }) })
        });
        return eduai_web::event_stream(futures_util::stream::iter(events));
    }
    let location = HeaderValue::from_str(&format!("/api/v1/work/{number}")).unwrap();
    (StatusCode::CREATED, [(header::LOCATION, location)], Json(json!({ "number": number.to_string() }))).into_response()
}
