//! What is kept of what was said.

use crate::admin::admin_of;
use crate::upstream::Upstream;
use crate::world::{World, file};
use eduai_db::{DEMONSTRATION, sqlx};
use eduai_kernel::id::{InstitutionId, UserId, Uuid};
use eduai_kernel::{Actor, FailureKind, Role};
use eduai_llm::admin::TranscriptQuery;
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

/// The openings in the audit log: by whom, and on what.
async fn openings(world: &World) -> Vec<(Uuid, String, Uuid)> {
    let sql = "select actor_id, object_kind, object_id from audit.entry where action = 'models.transcript_read'
        order by number";
    sqlx::query_as(sql).fetch_all(&mut world.db.admin().await.unwrap()).await.unwrap()
}

#[tokio::test]
async fn administrators_open_what_is_kept_one_by_one_and_each_opening_is_written_down() {
    let upstream = Upstream::start().await;
    let world = world(&upstream, true).await;
    talk(&world).await;
    let admin = admin_of(DEMONSTRATION);
    let person: UserId = PERSON.parse().unwrap();
    let all = TranscriptQuery { limit: 10, ..TranscriptQuery::default() };
    let listed = world.gateway.transcripts(&admin, &all).await.unwrap();
    assert_eq!(listed.len(), 4);
    assert!(!serde_json::to_string(&listed).unwrap().contains(SAID), "the list says nothing");
    let one = &listed[0];
    assert_eq!((one.provider.as_deref(), one.model.as_deref()), (Some("p"), Some("echo")));
    assert_eq!((one.feature.as_deref(), one.status.as_deref()), (Some("api"), Some("ok")));
    assert!(one.input_tokens > Some(0));
    // Page after page, each once.
    let mut seen = Vec::new();
    let mut after = None;
    while let [only] =
        &world.gateway.transcripts(&admin, &TranscriptQuery { limit: 1, after, ..all }).await.unwrap()[..]
    {
        after = Some((only.at, only.id));
        seen.push(only.id);
    }
    assert_eq!(seen, listed.iter().map(|one| one.id).collect::<Vec<_>>());
    // Of a person, and of a day.
    let theirs = world.gateway.transcripts(&admin, &TranscriptQuery { person: Some(person), ..all }).await.unwrap();
    assert_eq!(theirs.len(), 2);
    assert!(theirs.iter().all(|one| one.person_id == Some(person)));
    let at = one.at;
    for (since, until, count) in [(Some(at), None, 4), (None, Some(at), 0)] {
        let of_day = world.gateway.transcripts(&admin, &TranscriptQuery { since, until, ..all }).await.unwrap();
        assert_eq!(of_day.len(), count);
    }
    assert_eq!(openings(&world).await, [], "a list opens nothing");
    for one in &listed {
        let opened = world.gateway.open_transcript(&admin, one.id).await.unwrap();
        assert_eq!(opened.question.iter().map(|turn| turn.text.as_str()).collect::<Vec<_>>(), [SAID]);
        // Whole or in pieces, it is the same answer.
        assert!(opened.answer.as_ref().unwrap().text.contains(SAID), "{opened:?}");
        assert!(!opened.cut);
    }
    let on = |one: &eduai_llm::admin::ModelTranscript| match one.person_id {
        Some(person) => (admin.user.uuid(), "user".to_owned(), person.uuid()),
        None => (admin.user.uuid(), "model_transcript".to_owned(), one.id),
    };
    assert_eq!(openings(&world).await, listed.iter().map(on).collect::<Vec<_>>());
    assert_not_readable(&everything(&world).await);
}

#[tokio::test]
async fn nobody_else_opens_what_is_kept() {
    let upstream = Upstream::start().await;
    let world = world(&upstream, true).await;
    talk(&world).await;
    let all = TranscriptQuery { limit: 10, ..TranscriptQuery::default() };
    let admin = admin_of(DEMONSTRATION);
    let listed = world.gateway.transcripts(&admin, &all).await.unwrap();
    let id = Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0002);
    let sql = "insert into platform.institution (id, name, kind, privacy) values ($1, 'Other', 'k12', 'relaxed')";
    sqlx::query(sql).bind(id).execute(&mut world.db.admin().await.unwrap()).await.unwrap();
    let elsewhere = admin_of(InstitutionId::from_uuid(id));
    let teacher = Actor { role: Role::Teacher, ..admin };
    for actor in [elsewhere, teacher] {
        assert!(world.gateway.transcripts(&actor, &all).await.unwrap().is_empty());
        for one in &listed {
            let refused = world.gateway.open_transcript(&actor, one.id).await.unwrap_err();
            assert_eq!((refused.kind, refused.code), (FailureKind::NotFound, "transcript_not_found"));
        }
    }
    assert_eq!(openings(&world).await, []);
}
