//! What is kept of people: every table is named by the room that keeps it, everything is given out, and nothing is left.

use crate::school::School;
use crate::world::World;
use eduai_db::sqlx;
use eduai_kernel::Role;
use eduai_kernel::id::UserId;
use serde_json::{Value, json};
use sqlx::AssertSqlSafe;
use std::collections::BTreeSet;

/// Tables that hold no personal data, each with its reason.
const IMPERSONAL: [(&str, &str); 17] = [
    ("audit.checkpoint", "hashes of the log"),
    ("audit.head", "the hash of the last entry"),
    ("jobs.schedule", "when work is due"),
    ("llm.hold", "what processes hold of budgets"),
    ("llm.ledger", "what was spent of budgets"),
    ("llm.provider", "who answers a school's questions"),
    ("llm.route", "which model answers what"),
    ("platform.institution", "schools"),
    ("platform.migration", "what the schema is made of"),
    ("privacy.retention_run", "how many rows were deleted"),
    ("privacy.retention_setting", "what a school has set"),
    ("users.attempt", "hashes that lead to nobody, for a day"),
    ("users.challenge", "what a passkey is asked, for minutes"),
    ("users.oidc_flow", "hashes of browsers on their way, for minutes"),
    ("users.oidc_provider", "where a school's people sign in"),
    ("vault.data_key", "keys by the ids of people"),
    ("vault.signing_key", "keys of the installation"),
];

async fn tables(world: &World) -> Vec<String> {
    let sql = "select schemaname || '.' || tablename from pg_tables
        where schemaname not in ('pg_catalog', 'information_schema') order by 1";
    sqlx::query_scalar(sql).fetch_all(&mut world.db.admin().await.unwrap()).await.unwrap()
}

/// The tables in which this text stands, in a column of any type that is shown as text.
async fn found(world: &World, text: &str) -> Vec<String> {
    let mut admin = world.db.admin().await.unwrap();
    let mut found = Vec::new();
    for table in tables(world).await {
        let sql = format!("select exists (select from {table} t where position($1 in t::text) > 0)");
        if sqlx::query_scalar::<_, bool>(AssertSqlSafe(sql)).bind(text).fetch_one(&mut admin).await.unwrap() {
            found.push(table);
        }
    }
    found
}

#[tokio::test]
async fn every_table_is_named_by_who_keeps_it_or_holds_nothing_of_people() {
    let world = World::new().await;
    let school = School::first(&world).await;
    let shown = school.ask(Role::SchoolAdmin, "GET", "/api/v1/privacy/retention", &Value::Null).await.json();
    let rules = shown["rules"].as_array().unwrap();
    let named: BTreeSet<&str> =
        rules.iter().flat_map(|rule| rule["tables"].as_array().unwrap()).map(|table| table.as_str().unwrap()).collect();
    let tables = tables(&world).await;
    let gone: Vec<&&str> = named.iter().filter(|name| !tables.iter().any(|table| table == **name)).collect();
    assert_eq!(gone, Vec::<&&str>::new(), "a room names a table that there is not");
    let impersonal = |table: &str| IMPERSONAL.iter().any(|(name, _)| *name == table);
    let unnamed: Vec<&String> =
        tables.iter().filter(|table| named.contains(table.as_str()) == impersonal(table)).collect();
    assert_eq!(unnamed, Vec::<&String>::new(), "say who keeps personal data here, or why it holds none");
}

/// Somebody has signed in by a provider before, who calls them `subject`.
async fn known_elsewhere(school: &School<'_>, user: UserId, subject: &str) {
    let provider = json!({"name": "Account", "issuer": "http://127.0.0.1:9", "client_id": "c"});
    let made = school.ask(Role::SchoolAdmin, "POST", "/api/v1/institution/providers", &provider).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let sql = "insert into users.oidc_identity
            (id, institution_id, provider_id, issuer, subject, user_id, email, created_at, last_used_at)
        select gen_random_uuid(), institution_id, id, issuer, $1, $2, 'x@first.example', now(), now()
        from users.oidc_provider";
    let kept = sqlx::query(sql).bind(subject).bind(user.uuid());
    kept.execute(&mut school.world.db.admin().await.unwrap()).await.unwrap();
}

#[tokio::test]
async fn a_person_gets_everything_and_is_then_found_nowhere() {
    const CANARY: &str = "Canaria";
    let world = World::new().await;
    let school = School::first(&world).await;
    let me = school.ids[&Role::Student];
    let mine = school.ask(Role::Student, "GET", "/api/v1/me", &Value::Null).await;
    let tag = mine.headers["etag"].to_str().unwrap().to_owned();
    let bearer = format!("Bearer {}", school.tokens[&Role::Student]);
    let json = [("authorization", bearer.as_str()), ("content-type", "application/json"), ("if-match", tag.as_str())];
    let renamed = world.send("PATCH", "/api/v1/me", &json, &json!({"given_name": CANARY}).to_string()).await;
    assert_eq!(renamed.status, 200, "{}", renamed.text);
    let abc = format!("X:1\nT:{CANARY}\nM:4/4\nL:1/4\nK:C\nCDEF|GABc|cBAG|FEDC|\n");
    let upload = [("authorization", bearer.as_str()), ("content-type", "application/octet-stream")];
    let path = "/api/v1/mashup/sources?name=mine.abc&licence=own_work";
    assert_eq!(world.send("POST", path, &upload, &abc).await.status, 201);
    let asks = async |kind: &str, details: &str| {
        let wish = json!({"kind": kind, "details": details});
        let made = school.ask(Role::Student, "POST", "/api/v1/me/privacy/requests", &wish).await;
        assert_eq!(made.status, 201, "{}", made.text);
        made.json()["id"].as_str().unwrap().to_owned()
    };
    known_elsewhere(&school, me, CANARY).await;
    let budget = json!({"subject": {"kind": "user", "user_id": me}, "period": "day", "amount": "1"});
    let made = school.ask(Role::SchoolAdmin, "POST", "/api/v1/models/budgets", &budget).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let whose = made.json()["subject"]["name"].as_str().unwrap_or_default().to_owned();
    assert!(whose.starts_with(CANARY), "{whose}");
    let nobody = json!({"subject": {"kind": "user", "user_id": school.id}, "period": "day", "amount": "1"});
    let refused = school.ask(Role::SchoolAdmin, "POST", "/api/v1/models/budgets", &nobody).await;
    assert_eq!((refused.status, refused.text.contains("unknown_user")), (422, true), "{}", refused.text);
    asks("rectification", CANARY).await;
    assert_eq!(
        found(&world, CANARY).await,
        ["users.account", "users.oidc_identity"],
        "what is asked and what is brought is sealed"
    );

    let access = asks("access", "").await;
    let archive = format!("/api/v1/me/privacy/requests/{access}/archive");
    let archive = school.ask(Role::Student, "GET", &archive, &Value::Null).await;
    assert_eq!(archive.headers["content-type"], "application/zip");
    for place in [
        "users.account",
        "users.oidc_identity",
        "users.session",
        "mashup.source",
        "privacy.request",
        "audit.entry",
        "llm.budget",
    ] {
        assert!(archive.text.contains(&format!("csv/{place}.csv")), "{place} is not in the archive");
    }
    let path = format!("/api/v1/me/privacy/requests/{access}/archive");
    let others = school.ask(Role::Teacher, "GET", &path, &Value::Null);
    assert_eq!(others.await.status, 404);

    let erasure = asks("erasure", CANARY).await;
    let decision = json!({"decision": "grant", "answer": "It is done."});
    let path = format!("/api/v1/privacy/requests/{erasure}/decision");
    let done = school.ask(Role::SchoolAdmin, "POST", &path, &decision).await;
    assert_eq!(done.status, 200, "{}", done.text);
    assert_eq!(found(&world, CANARY).await, [""; 0]);
    assert_eq!(found(&world, "student@first.example").await, [""; 0]);
    let left: BTreeSet<String> = found(&world, &me.to_string()).await.into_iter().collect();
    let may_stay = ["audit.entry", "privacy.request", "privacy.consent", "platform.outbox", "vault.data_key"];
    let left: Vec<&String> = left.iter().filter(|table| !may_stay.contains(&table.as_str())).collect();
    assert_eq!(left, Vec::<&String>::new(), "even the id is left only where the assessment says");
    let after = school.ask(Role::Student, "GET", "/api/v1/me", &Value::Null).await;
    assert_eq!(after.status, 401, "{}", after.text);
}
