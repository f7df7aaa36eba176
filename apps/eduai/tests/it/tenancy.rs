//! Nothing of one school is seen or changed from another: neither through any endpoint nor in any table.

use crate::document::{document, operations};
use crate::school::{PEOPLE, School};
use crate::world::World;
use eduai_db::{Claim, Tx, sqlx};
use eduai_kernel::{Actor, Role};
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Row as _};
use std::collections::BTreeMap;

/// Tables in which nothing stands after a day at school; each has its own tests.
const EMPTY: [&str; 20] = [
    "llm.call",
    "llm.hold",
    "llm.ledger",
    "llm.program_transcript",
    "users.passkey",
    "audit.checkpoint",
    "jobs.job",
    "platform.outbox",
    "users.guardianship",
    "users.link",
    "users.oidc_flow",
    "web.idempotency",
    "workflow.effect",
    "privacy.consent",
    "privacy.request",
    "privacy.disclosure",
    "privacy.guardian_request",
    "privacy.restriction",
    "privacy.retention_run",
    "privacy.retention_setting",
];

/// Every table with a tenant, and how many rows of `school` it has.
async fn tables(school: &School<'_>) -> BTreeMap<String, i64> {
    let mut admin = school.world.db.admin().await.unwrap();
    let names: Vec<String> = sqlx::query_scalar(
        "select n.nspname || '.' || c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
         join pg_attribute a on a.attrelid = c.oid and a.attname = 'institution_id'
         where c.relkind in ('r', 'p') and not c.relispartition order by 1",
    )
    .fetch_all(&mut admin)
    .await
    .unwrap();
    let mut counted = BTreeMap::new();
    for name in names {
        let sql = format!("select count(*) from {name} where institution_id = '{}'", school.id);
        let count: i64 = sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(&mut admin).await.unwrap();
        counted.insert(name, count);
    }
    counted
}

/// Everything that the database holds of `school`, as text.
async fn contents(school: &School<'_>, tables: &BTreeMap<String, i64>) -> BTreeMap<String, String> {
    let mut admin = school.world.db.admin().await.unwrap();
    let mut all = BTreeMap::new();
    for name in tables.keys() {
        let sql = format!(
            "select coalesce(string_agg(t::text, E'\\n' order by t::text), '') from {name} t where institution_id = '{}'",
            school.id
        );
        all.insert(name.clone(), sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(&mut admin).await.unwrap());
    }
    all
}

#[tokio::test]
async fn no_table_shows_or_gives_a_row_to_another_school() {
    let world = World::new().await;
    let (first, second) = (School::first(&world).await, School::second(&world).await);
    first.furnish().await;
    let tables = tables(&first).await;
    let empty: Vec<&str> = tables.iter().filter(|(_, rows)| **rows == 0).map(|(name, _)| name.as_str()).collect();
    let unexpected: Vec<&&str> = empty.iter().filter(|name| !EMPTY.contains(*name)).collect();
    assert_eq!(unexpected, Vec::<&&str>::new(), "furnish the school with something in these tables");
    let gone: Vec<&str> = EMPTY.into_iter().filter(|name| !tables.contains_key(*name)).collect();
    assert_eq!(gone, Vec::<&str>::new(), "there are no such tables");
    let before = contents(&first, &tables).await;
    let mut actors: Vec<Actor> =
        PEOPLE.into_iter().map(|role| Actor { institution: second.id, user: first.ids[&role], role }).collect();
    actors.push(Actor::system(second.id));
    actors.push(Actor { role: Role::Guest, ..actors[0] });
    for actor in &actors {
        for name in tables.keys() {
            let tx = world.db.db().begin(actor).await.unwrap();
            reach(tx, name, &first.id.to_string(), &format!("as {} of the other school", actor.role.as_str())).await;
        }
    }
    for name in tables.keys() {
        let tx = world.db.db().begin_sign_in(&Claim::of("nobody@nowhere.example")).await.unwrap();
        reach(tx, name, &first.id.to_string(), "before signing in").await;
        let tx = world.db.db().begin_keeper().await.unwrap();
        reach(tx, name, &first.id.to_string(), "as the keeper of keys").await;
    }
    assert_eq!(contents(&first, &tables).await, before);
}

/// Tries to read, change, delete and add rows of a school; nothing may come of it.
async fn reach(mut tx: Tx, table: &str, school: &str, who: &str) {
    let sql = format!("select count(*) as n from {table} where institution_id = '{school}'");
    let row = sqlx::query(AssertSqlSafe(sql)).fetch_one(tx.conn()).await.unwrap();
    assert_eq!(row.get::<i64, _>("n"), 0, "{table} is read {who}");
    for sql in [
        format!("update {table} set institution_id = institution_id where institution_id = '{school}'"),
        format!("delete from {table} where institution_id = '{school}'"),
    ] {
        sqlx::query("savepoint tried").execute(tx.conn()).await.unwrap();
        match sqlx::query(AssertSqlSafe(sql.clone())).execute(tx.conn()).await {
            Ok(done) => assert_eq!(done.rows_affected(), 0, "{sql}, {who}"),
            Err(error) => {
                let code = error.as_database_error().and_then(|e| e.code().map(|c| c.to_string()));
                assert_eq!(code.as_deref(), Some("42501"), "{sql}, {who}: {error}");
            }
        }
        sqlx::query("rollback to savepoint tried").execute(tx.conn()).await.unwrap();
    }
    tx.rollback().await.unwrap();
}

#[tokio::test]
async fn no_endpoint_shows_or_changes_anything_of_another_school() {
    let world = World::new().await;
    let (first, second) = (School::first(&world).await, School::second(&world).await);
    let things = first.furnish().await;
    let tables = tables(&first).await;
    let before = contents(&first, &tables).await;
    for (name, _) in operations(&document()) {
        let (method, path) = name.split_once(' ').unwrap();
        if !path.contains('{') || path.contains("/auth/") {
            continue;
        }
        for role in [Role::Teacher, Role::SchoolAdmin, Role::SuperAdmin] {
            let filled = things.fill(path);
            let bodies = match method {
                "get" | "delete" => vec![Value::Null],
                _ => vec![
                    json!({}),
                    json!({"name": "Mine"}),
                    json!({"title": "Mine"}),
                    json!({"pin": "4821"}),
                    json!({"given_name": "Mine"}),
                    json!({"members": [{"nickname": "Eve", "pin": "4821"}]}),
                ],
            };
            for body in bodies {
                let answer = second.ask(role, &method.to_uppercase(), &filled, &body).await;
                let refused = (400..500).contains(&answer.status);
                assert!(refused, "{name} by a {} of the other school: {}", role.as_str(), answer.text);
            }
        }
    }
    assert_eq!(contents(&first, &tables).await, before);
}

#[tokio::test]
async fn a_connection_without_a_tenant_sees_nothing() {
    let world = World::new().await;
    let first = School::first(&world).await;
    first.furnish().await;
    let options = world.db.options(eduai_db::roles::RUNTIME).unwrap();
    let mut connection = sqlx::ConnectOptions::connect(&options).await.unwrap();
    for name in tables(&first).await.keys() {
        let sql = format!("select count(*) from {name}");
        let seen: i64 = sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(&mut connection).await.unwrap();
        assert_eq!(seen, 0, "{name}");
    }
}
