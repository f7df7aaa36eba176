//! What a run does when nothing goes wrong, and what it says when something does.

use crate::poem::{Poem, Wish, clock, engine, graph};
use eduai_kernel::{Actor, Role};
use eduai_testkit::{TestDb, sample};
use eduai_workflow::{End, Engine, Error, Event, Happened, MIGRATIONS, RunId, RunStatus};
use futures_util::{Stream, StreamExt};
use serde_json::json;
use std::time::Duration;

async fn fresh() -> (TestDb, Engine) {
    let db = TestDb::new(&[&eduai_vault::MIGRATIONS, &MIGRATIONS]).await.unwrap();
    let engine = engine(db.db(), clock()).await;
    engine.register(graph(1)).unwrap();
    (db, engine)
}

fn lines(lines: usize) -> Wish {
    Wish { lines, ..Wish::default() }
}

async fn collect(events: impl Stream<Item = Result<Event, Error>>) -> Vec<Event> {
    tokio::time::timeout(Duration::from_secs(20), events.map(Result::unwrap).collect()).await.unwrap()
}

async fn run(engine: &Engine, wish: Wish) -> (RunId, End<Poem>) {
    let actor = sample::guest(1);
    let started = engine.start::<Poem>(&actor, actor.user.uuid(), &wish).await.unwrap();
    (started.id, started.end().await.unwrap())
}

#[tokio::test]
async fn every_table_is_protected() {
    let (db, _) = fresh().await;
    assert_eq!(db.table_faults(&eduai_vault::WITHOUT_TENANT).await.unwrap(), Vec::<String>::new());
}

#[tokio::test]
async fn a_run_goes_through_its_loop_to_its_end_and_is_written_down() {
    let (_db, engine) = fresh().await;
    let (id, end) = run(&engine, lines(3)).await;
    let End::Done(poem) = end else { panic!("{end:?}") };
    assert_eq!(poem.lines, ["line 1", "line 2", "line 3"]);
    assert_eq!(poem.verdict.as_deref(), Some("read"));
    let actor = sample::guest(1);
    assert_eq!(engine.state::<Poem>(&actor, id).await.unwrap(), *poem, "what is stored adds up to the same state");
    let view = engine.status(&actor, id).await.unwrap();
    assert_eq!(view.status, RunStatus::Done);
    let nodes: Vec<&str> = view.steps.iter().map(|step| step.node.as_str()).collect();
    assert_eq!(nodes, ["write", "judge", "write", "judge", "write", "judge", "read"]);
    assert!(view.steps.iter().enumerate().all(|(i, step)| step.number == i as i32 + 1 && step.took_us >= 0));
    assert_eq!(view.steps[0].note, Some(json!({ "by": "test" })));
}

#[tokio::test]
async fn events_are_numbered_without_gaps_and_can_be_resumed_anywhere() {
    let (_db, engine) = fresh().await;
    let actor = sample::guest(1);
    let started = engine.start::<Poem>(&actor, actor.user.uuid(), &lines(2)).await.unwrap();
    let live = tokio::spawn(collect(engine.events(&actor, started.id, 0)));
    let id = started.id;
    started.end().await.unwrap();
    let live = live.await.unwrap();
    let numbers: Vec<i32> = live.iter().map(|event| event.number).collect();
    assert_eq!(numbers, (1..=live.len() as i32).collect::<Vec<_>>());
    assert_eq!(live[0].happened, Happened::RunStarted);
    assert_eq!(live.last().unwrap().happened, Happened::RunDone);
    let told = live.iter().filter(|e| matches!(&e.happened, Happened::Progress { name, .. } if name == "thinking"));
    assert_eq!(told.count(), 2);
    for after in 0..=live.len() {
        let again = collect(engine.events(&actor, id, after as i32)).await;
        assert_eq!(again, live[after..], "after {after}");
    }
}

#[tokio::test]
async fn a_question_waits_and_its_answer_goes_to_the_next_node_once() {
    let (_db, engine) = fresh().await;
    let actor = sample::guest(1);
    let (id, end) = run(&engine, Wish { lines: 1, ask: true, fail: None }).await;
    let End::Waiting(question) = end else { panic!("{end:?}") };
    let view = engine.status(&actor, id).await.unwrap();
    assert_eq!((view.status, view.node.as_str()), (RunStatus::Waiting, "read"));
    assert_eq!(view.question.unwrap(), question);
    let answers = futures_util::future::join_all(
        (0..4).map(async |number| engine.answer(&actor, id, question.id, &json!(number)).await),
    );
    let answers = answers.await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1, "{answers:?}");
    assert!(answers.iter().any(|answer| matches!(answer, Err(Error::NotOpen))));
    let End::Done(poem) = engine.wait::<Poem>(&actor, id).await.unwrap() else { panic!() };
    assert!(poem.verdict.as_deref().unwrap().starts_with("answered "));
    let view = engine.status(&actor, id).await.unwrap();
    let nodes: Vec<&str> = view.steps.iter().map(|step| step.node.as_str()).collect();
    assert_eq!(nodes, ["write", "judge", "human", "read"], "nothing was entered twice");
    let happened = collect(engine.events(&actor, id, 0)).await;
    assert!(happened.iter().any(|e| matches!(e.happened, Happened::Answered { .. })));
}

#[tokio::test]
async fn a_node_that_fails_in_passing_is_tried_again_and_counted() {
    let (_db, engine) = fresh().await;
    let (id, end) = run(&engine, Wish { lines: 1, ask: false, fail: Some("passing".into()) }).await;
    assert!(matches!(end, End::Done(_)), "{end:?}");
    let view = engine.status(&sample::guest(1), id).await.unwrap();
    assert_eq!(view.steps[1].attempts, 3);
}

#[tokio::test]
async fn a_node_that_fails_for_good_ends_the_run_with_a_reason() {
    let (_db, engine) = fresh().await;
    for (fail, code) in [("fatal", "node_failed"), ("panic", "node_failed"), ("lost", "no_such_edge")] {
        let (id, end) = run(&engine, Wish { lines: 1, ask: false, fail: Some(fail.into()) }).await;
        let End::Failed(failure) = end else { panic!("{end:?}") };
        assert_eq!((failure.code.as_str(), failure.node.as_str()), (code, "judge"));
        let view = engine.status(&sample::guest(1), id).await.unwrap();
        assert_eq!((view.status, view.failure), (RunStatus::Failed, Some(failure)));
    }
}

#[tokio::test]
async fn a_rescue_takes_over_and_knows_why() {
    let (_db, engine) = fresh().await;
    engine.register(graph(1).rescue("judge", "read")).unwrap();
    let (id, end) = run(&engine, Wish { lines: 1, ask: false, fail: Some("fatal".into()) }).await;
    let End::Done(poem) = end else { panic!("{end:?}") };
    assert_eq!(poem.verdict.as_deref(), Some("rescued from no"));
    let view = engine.status(&sample::guest(1), id).await.unwrap();
    assert_eq!((view.status, view.failure), (RunStatus::Done, None));
    assert_eq!(view.steps[1].edge, "error");
}

#[tokio::test]
async fn a_loop_is_bounded() {
    let (_db, engine) = fresh().await;
    let (id, end) = run(&engine, lines(1000)).await;
    let End::Failed(failure) = end else { panic!("{end:?}") };
    assert_eq!(failure.code, "too_many_steps");
    assert_eq!(engine.status(&sample::guest(1), id).await.unwrap().steps.len(), 20);
}

#[tokio::test]
async fn guests_do_not_see_one_another_and_schools_do_not_either() {
    let (db, engine) = fresh().await;
    let (id, _) = run(&engine, Wish { lines: 1, ask: true, fail: None }).await;
    let school = sample::school(&db, "Other").await.unwrap();
    let strangers = [
        sample::guest(2),
        Actor { institution: school, ..sample::guest(1) },
        Actor { institution: school, ..sample::system() },
    ];
    let question = engine.status(&sample::guest(1), id).await.unwrap().question.unwrap();
    for stranger in strangers {
        assert!(matches!(engine.status(&stranger, id).await, Err(Error::NotFound)));
        assert!(matches!(engine.cancel(&stranger, id).await, Err(Error::NotFound)));
        assert!(matches!(engine.answer(&stranger, id, question.id, &json!(1)).await, Err(Error::NotFound)));
        assert!(matches!(engine.state::<Poem>(&stranger, id).await, Err(Error::NotFound)));
        let events: Vec<_> = engine.events(&stranger, id, 0).collect().await;
        assert!(matches!(events.as_slice(), [Err(Error::NotFound)]), "{events:?}");
    }
    assert_eq!(engine.status(&sample::guest(1), id).await.unwrap().status, RunStatus::Waiting);
}

#[tokio::test]
async fn a_cancelled_run_stays_cancelled() {
    let (_db, engine) = fresh().await;
    let actor = sample::guest(1);
    let (id, _) = run(&engine, Wish { lines: 1, ask: true, fail: None }).await;
    engine.cancel(&actor, id).await.unwrap();
    assert!(matches!(engine.cancel(&actor, id).await, Err(Error::Over)));
    assert!(matches!(engine.wait::<Poem>(&actor, id).await.unwrap(), End::Cancelled));
    let events = collect(engine.events(&actor, id, 0)).await;
    assert_eq!(events.last().unwrap().happened, Happened::RunCancelled);
}

#[tokio::test]
async fn erasure_and_retention_reach_everything() {
    let (db, engine) = fresh().await;
    let (id, _) = run(&engine, lines(1)).await;
    let other = sample::guest(2);
    let kept = engine.start::<Poem>(&other, other.user.uuid(), &lines(1)).await.unwrap();
    let kept_id = kept.id;
    kept.end().await.unwrap();
    let mut tx = db.db().begin(&sample::system()).await.unwrap();
    assert_eq!(engine.erase(&mut tx, sample::guest(1).user.uuid()).await.unwrap(), 1);
    tx.commit().await.unwrap();
    assert!(matches!(engine.status(&sample::guest(1), id).await, Err(Error::NotFound)));
    let mut admin = db.admin().await.unwrap();
    for table in ["step", "event", "effect"] {
        let sql = format!("select count(*) from workflow.{table} where run_id = $1");
        let left: i64 =
            sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).bind(id.uuid()).fetch_one(&mut admin).await.unwrap();
        assert_eq!(left, 0, "{table}");
    }
    assert_eq!(engine.status(&other, kept_id).await.unwrap().status, RunStatus::Done);
    let mut tx = db.db().begin(&sample::system()).await.unwrap();
    let now = eduai_kernel::Clock::now(&*clock());
    let later = now.checked_add(Duration::from_mins(1)).unwrap();
    assert_eq!(engine.purge(&mut tx, Role::Guest, now).await.unwrap(), 0);
    assert_eq!(engine.purge(&mut tx, Role::Teacher, later).await.unwrap(), 0);
    assert_eq!(engine.purge(&mut tx, Role::Guest, later).await.unwrap(), 1);
}

#[tokio::test]
async fn a_wrong_graph_is_refused() {
    let (_db, engine) = fresh().await;
    let faults = [
        graph(1).start("nothing"),
        graph(1).edge("read", "back", "nothing"),
        graph(1).edge("nothing", "back", "read"),
        graph(1).start("read"),
        graph(1).edge("read", eduai_workflow::NEXT, "write"),
    ];
    for wrong in faults {
        let text = format!("{wrong:?}");
        assert!(engine.register(wrong).is_err(), "{text}");
    }
}
