//! What is kept of what was said.

use crate::upstream::Upstream;
use crate::world::{World, file};
use eduai_db::{DEMONSTRATION, sqlx};
use eduai_kernel::Actor;
use eduai_kernel::id::UserId;
use eduai_module::Category;
use std::collections::BTreeSet;

/// Nobody says this by chance.
const SAID: &str = "Xylophone-and-marimba-0451";
const PERSON: &str = "00000000-0000-7000-8000-0000000000aa";

async fn world(upstream: &Upstream, kept: bool) -> World {
    let more = format!(
        "[[key]]\nname = \"one\"\nsecret = \"sk-person\"\nperson = \"{PERSON}\"\n[[route]]\nmodel = \"say\"\n\
         targets = [{{ provider = \"p\", model = \"echo\" }}]\n"
    );
    let db = World::database().await;
    let sql = "update platform.institution set settings = jsonb_build_object('log_prompts', $2::boolean) where id = $1";
    let set = sqlx::query(sql).bind(DEMONSTRATION.uuid()).bind(kept);
    set.execute(&mut db.admin().await.unwrap()).await.unwrap();
    World::beside(db, &file(upstream.port, &more), None).await
}

/// Asks for a program and for a person, whole and as a stream.
async fn talk(world: &World) {
    for key in ["sk-test", "sk-person"] {
        for stream in [false, true] {
            let body = format!(
                "{{\"model\":\"say\",\"stream\":{stream},\"messages\":[{{\"role\":\"user\",\"content\":\"{SAID}\"}}]}}"
            );
            let answer = world.send("POST", "/v1/chat/completions", key, &body).await;
            assert_eq!(answer.status, 200, "{}", answer.text);
        }
    }
    world.gateway.flush().await.unwrap();
}

/// Every row of every table, as text; bytes are in it as hexadecimal digits.
async fn everything(world: &World) -> String {
    let mut admin = world.db.admin().await.unwrap();
    let sql = "select format('%I.%I', table_schema, table_name) from information_schema.tables
        where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')";
    let tables: Vec<String> = sqlx::query_scalar(sql).fetch_all(&mut admin).await.unwrap();
    assert!(tables.len() > 10, "{tables:?}");
    let mut all = String::new();
    for table in tables {
        let sql = format!("select coalesce(string_agg(t::text, '\n'), '') from {table} t");
        all += &sqlx::query_scalar::<_, String>(sqlx::AssertSqlSafe(sql)).fetch_one(&mut admin).await.unwrap();
    }
    all
}

async fn count(world: &World, table: &str) -> i64 {
    let sql = format!("select count(*) from {table}");
    let count = sqlx::query_scalar(sqlx::AssertSqlSafe(sql));
    count.fetch_one(&mut world.db.admin().await.unwrap()).await.unwrap()
}

fn assert_not_readable(all: &str) {
    let digits: String = SAID
        .bytes()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .map(|half| char::from_digit(half.into(), 16).unwrap())
        .collect();
    assert!(!all.contains(SAID) && !all.contains(&digits), "what was said stands in the database");
}

#[tokio::test]
async fn nothing_of_what_was_said_is_kept_unless_the_institution_says_so() {
    let upstream = Upstream::start().await;
    let world = world(&upstream, false).await;
    talk(&world).await;
    assert_eq!(count(&world, "llm.call").await, 4);
    assert_eq!((count(&world, "llm.transcript").await, count(&world, "llm.program_transcript").await), (0, 0));
    assert_not_readable(&everything(&world).await);
}

#[tokio::test]
async fn what_is_kept_is_sealed_and_given_to_whose_it_is_until_they_are_erased() {
    let upstream = Upstream::start().await;
    let world = world(&upstream, true).await;
    talk(&world).await;
    assert_eq!((count(&world, "llm.transcript").await, count(&world, "llm.program_transcript").await), (2, 2));
    assert_not_readable(&everything(&world).await);
    let room = eduai_llm::module(&world.gateway);
    let [custodian] = &room.custodians[..] else { panic!("one room, one custodian") };
    let person: UserId = PERSON.parse().unwrap();
    let mut tx = world.db.db().begin(&Actor::system(DEMONSTRATION)).await.unwrap();
    let records = custodian.export(&mut tx, person).await.unwrap();
    let said: Vec<_> =
        records.iter().filter(|record| record.table == "llm.transcript").map(|record| &record.value).collect();
    assert_eq!(said.len(), 2);
    for value in said {
        assert!(value["prompt"].as_str().unwrap().contains(SAID), "{value}");
        // A stream says it in pieces of three letters.
        let answer = value["answer"].as_str().unwrap();
        assert!(answer.contains(SAID) || answer.contains("\"Xyl\""), "{value}");
    }
    let kept = BTreeSet::from([Category::Session]);
    custodian.erase(&mut tx, person, &kept).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(count(&world, "llm.transcript").await, 2, "what must be kept is kept");
    let mut tx = world.db.db().begin(&Actor::system(DEMONSTRATION)).await.unwrap();
    custodian.erase(&mut tx, person, &BTreeSet::new()).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!((count(&world, "llm.transcript").await, count(&world, "llm.program_transcript").await), (0, 2));
    let mut tx = world.db.db().begin(&Actor::system(DEMONSTRATION)).await.unwrap();
    custodian.expire(&mut tx, Category::Session, "2030-01-01T00:00:00Z".parse().unwrap()).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(count(&world, "llm.program_transcript").await, 0);
}
