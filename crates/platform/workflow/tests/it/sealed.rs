//! What a run holds is read by nobody in the database, and goes on being read when keys change.

use crate::poem::{Poem, Wish, clock, engine_with, graph, vault};
use eduai_db::DEMONSTRATION;
use eduai_testkit::{TestDb, sample};
use eduai_workflow::{End, MIGRATIONS};
use futures_util::StreamExt as _;
use serde_json::json;
use std::time::Duration;

const CANARY: &str = "the canary sings";

/// Every row of every table of runs, as text.
async fn dump(db: &TestDb) -> String {
    let mut admin = db.admin().await.unwrap();
    let mut dump = String::new();
    for table in ["run", "step", "effect", "event"] {
        let sql = format!("select coalesce(string_agg(t::text, ' '), '') from workflow.{table} t");
        dump += &sqlx::query_scalar::<_, String>(sqlx::AssertSqlSafe(sql)).fetch_one(&mut admin).await.unwrap();
    }
    dump
}

fn hex(text: &str) -> String {
    text.bytes().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"))
}

#[tokio::test]
async fn nothing_that_was_asked_answered_or_made_is_in_the_database_in_clear() {
    let modules = [&eduai_vault::MIGRATIONS, &eduai_jobs::MIGRATIONS, &MIGRATIONS];
    let db = TestDb::new(&modules).await.unwrap();
    let clock = clock();
    let vault = vault(db.db(), clock.clone()).await;
    let engine = engine_with(db.db(), vault.clone(), clock.clone()).await;
    engine.register(graph(1)).unwrap();
    let actor = sample::guest(1);
    let wish = Wish { lines: 1, ask: true, fail: Some(CANARY.into()) };
    let started = engine.start::<Poem>(&actor, actor.user.uuid(), &wish).await.unwrap();
    let id = started.id;
    let End::Waiting(question) = started.end().await.unwrap() else { panic!("it asks") };
    let words = [CANARY, "line 1", "so far", "Shall it be read", "thinking", "by\":\"test"];
    let unread = async |when: &str| {
        let dump = dump(&db).await;
        assert!(dump.contains("judge"), "what the program looks for is readable");
        for word in words {
            assert!(!dump.contains(word) && !dump.contains(&hex(word)), "{word} is in the database {when}");
        }
    };
    unread("while it waits").await;
    engine.answer(&actor, id, question.id, &json!(CANARY)).await.unwrap();
    let End::Done(poem) = engine.wait::<Poem>(&actor, id).await.unwrap() else { panic!("it ends") };
    assert_eq!(poem.verdict, Some(format!("answered \"{CANARY}\"")));
    unread("when it is done").await;

    let before: Vec<_> = engine.events(&actor, id, 0).map(Result::unwrap).collect().await;
    clock.advance(Duration::from_hours(1));
    assert_eq!(vault.rotate_data(DEMONSTRATION).await.unwrap(), 1);
    clock.advance(Duration::from_hours(1));
    let done = vault.reencrypt(DEMONSTRATION).await.unwrap();
    assert!(done.values > 10 && done.unreadable == 0 && done.destroyed == 1, "{done:?}");
    let after: Vec<_> = engine.events(&actor, id, 0).map(Result::unwrap).collect().await;
    assert_eq!(after, before);
    assert_eq!(engine.state::<Poem>(&actor, id).await.unwrap(), *poem);
    let mut tx = db.db().begin(&sample::system()).await.unwrap();
    let archive = json!(engine.export(&mut tx, actor.user.uuid()).await.unwrap()).to_string();
    assert!(archive.contains(CANARY) && archive.contains("thinking"), "its subject gets it: {archive}");
}
