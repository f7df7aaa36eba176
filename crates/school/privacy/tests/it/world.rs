//! A school, its people, and the room as a program has it.

use crate::room::{self, Room};
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request};
use eduai_db::outbox::{Dispatcher, HandlerError};
use eduai_db::{DEMONSTRATION, Tx};
use eduai_kernel::{Actor, Clock as _, Failure, FixedClock, FixedEntropy, Random, Role};
use eduai_module::Module;
use eduai_privacy::{Letter, Post, Privacy};
use eduai_testkit::{TestDb, sample};
use eduai_vault::{MasterKeys, Vault};
use eduai_web::{Access, App, Authenticator, Identity, Layers, WebConfig};
use futures_util::StreamExt as _;
use futures_util::future::BoxFuture;
use serde_json::Value;
use std::net::IpAddr;
use std::sync::{Arc, Mutex};

pub struct World {
    pub db: TestDb,
    pub clock: Arc<FixedClock>,
    pub vault: Vault,
    pub room: Room,
    pub privacy: Privacy,
    pub letters: Letters,
    router: Router,
}

/// A pupil.
pub fn pupil(number: u64) -> Actor {
    Actor { institution: DEMONSTRATION, user: sample::user(number), role: Role::Student }
}

/// The administrator.
pub fn admin() -> Actor {
    Actor { institution: DEMONSTRATION, user: sample::user(950), role: Role::SchoolAdmin }
}

/// Messages that were sent.
#[derive(Clone, Default)]
pub struct Letters(Arc<Mutex<Vec<Letter>>>);

impl Letters {
    /// The last one's, whose link ends with the token.
    pub fn last(&self) -> (Letter, String) {
        let letter = self.0.lock().unwrap().last().unwrap().clone();
        let token = letter.text.split("https://school.test/consent/").nth(1).unwrap();
        let token = token.split_whitespace().next().unwrap().to_owned();
        (letter, token)
    }

    pub fn count(&self) -> usize {
        self.0.lock().unwrap().len()
    }
}

impl Post for Letters {
    fn send(&self, letter: Letter) -> BoxFuture<'_, Result<(), HandlerError>> {
        self.0.lock().unwrap().push(letter);
        Box::pin(async { Ok(()) })
    }
}

/// Believes whatever the header `x-actor` says: `role number`.
struct Trusting;

impl Authenticator for Trusting {
    fn identify<'a>(
        &'a self,
        headers: &'a HeaderMap,
        _: IpAddr,
        _: bool,
    ) -> BoxFuture<'a, Result<Option<Identity>, Failure>> {
        Box::pin(async move {
            let text = headers.get("x-actor").and_then(|value| value.to_str().ok());
            let Some((role, number)) = text.and_then(|text| text.split_once(' ')) else { return Ok(None) };
            let actor = Actor {
                institution: DEMONSTRATION,
                user: sample::user(number.parse().unwrap()),
                role: Role::parse(role).unwrap(),
            };
            Ok(Some(Identity { actor, session: None, cookie: None }))
        })
    }
}

impl World {
    pub async fn new() -> Self {
        let modules = [
            &eduai_vault::MIGRATIONS,
            &eduai_jobs::MIGRATIONS,
            &eduai_audit::MIGRATIONS,
            &eduai_web::MIGRATIONS,
            &eduai_privacy::MIGRATIONS,
        ];
        let db = TestDb::new(&modules).await.unwrap();
        sqlx::raw_sql(room::SQL).execute(&mut db.admin().await.unwrap()).await.unwrap();
        let clock = Arc::new(FixedClock::at("2026-05-04T10:00:00Z".parse().unwrap()));
        let master = MasterKeys::from_bytes(&[[7; 32]]).unwrap();
        let vault = Vault::open(db.db().clone(), master, clock.clone()).await.unwrap();
        let entropy = Arc::new(FixedEntropy::from_seed(1));
        let rooms: Vec<Arc<dyn eduai_module::Custodian>> = vec![Arc::new(Room::new(&vault))];
        let privacy = Privacy::over(db.db().clone(), &vault, clock.clone(), entropy, rooms).unwrap();
        let (routes, _) = eduai_privacy::http::routes().with_state(privacy.clone()).split_for_parts();
        let layers = Layers {
            config: WebConfig::default(),
            clock: clock.clone(),
            random: Random::from_seed(1),
            authenticator: Arc::new(Trusting),
            access: Access::of(&eduai_privacy::api()).unwrap(),
            idempotency: None,
            counted: Vec::new(),
            observer: None,
            database: None,
        };
        let router = App::around(layers, routes);
        let room = Room::new(&vault);
        Self { db, clock, vault, room, privacy, letters: Letters::default(), router }
    }

    /// The room as the program takes it.
    pub fn module(&self) -> Module {
        eduai_privacy::module(&self.privacy, "https://school.test/consent/", Arc::new(self.letters.clone()))
    }

    pub async fn begin(&self, actor: &Actor) -> Tx {
        self.db.db().begin(actor).await.unwrap()
    }

    /// Delivers the events that this room handles.
    pub async fn deliver(&self) {
        let mut dispatcher = Dispatcher::new(self.db.db().clone());
        for (topic, handler) in self.module().handlers {
            dispatcher = dispatcher.on(topic, move |delivery| handler(delivery));
        }
        while dispatcher.deliver_due().await.unwrap() > 0 {}
    }

    /// Writes into somebody's diary and gives them a grade.
    pub async fn write(&self, actor: &Actor, words: &str, mark: &str) {
        let mut tx = self.begin(&sample::system()).await;
        self.room.write(&mut tx, actor.user, words, mark, self.clock.now()).await;
        tx.commit().await.unwrap();
    }

    pub async fn count(&self, sql: &'static str) -> i64 {
        sqlx::query_scalar(sql).fetch_one(&mut self.db.admin().await.unwrap()).await.unwrap()
    }

    /// The actions in the audit log, the newest first.
    pub async fn actions(&self) -> Vec<String> {
        let mut tx = self.begin(&sample::system()).await;
        let all = eduai_audit::list(&mut tx, &eduai_audit::Filter::default(), None, 100).await.unwrap();
        all.into_iter().map(|entry| entry.action).collect()
    }

    /// Every table of the database as text, as the superuser copies it out.
    pub async fn dump(&self) -> String {
        let mut admin = self.db.admin().await.unwrap();
        let tables: Vec<String> = sqlx::query_scalar(
            "select quote_ident(schemaname) || '.' || quote_ident(tablename) from pg_tables
             where schemaname not in ('pg_catalog', 'information_schema')",
        )
        .fetch_all(&mut admin)
        .await
        .unwrap();
        let mut dump = String::new();
        for table in tables {
            let mut copy = admin.copy_out_raw(&format!("copy {table} to stdout")).await.unwrap();
            while let Some(part) = copy.next().await {
                dump.push_str(std::str::from_utf8(&part.unwrap()).unwrap());
            }
        }
        dump
    }

    /// Asks over HTTP as `role number`, or as nobody; the status and the body.
    pub async fn send(&self, method: &str, path: &str, actor: &str, body: &str) -> (u16, Value) {
        let mut request = Request::builder().method(method).uri(path).header("host", "localhost");
        if !actor.is_empty() {
            request = request.header("x-actor", actor);
        }
        if !body.is_empty() {
            request = request.header("content-type", "application/json");
        }
        let request = request.body(Body::from(body.to_owned())).unwrap();
        let response = tower::ServiceExt::oneshot(self.router.clone(), request).await.unwrap();
        let status = response.status().as_u16();
        let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
        (status, serde_json::from_slice(&bytes).unwrap_or(Value::Null))
    }
}
