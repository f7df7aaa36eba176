//! Several who want the same run, leases that are lost, versions that do not fit.

use crate::errand::{Errands, Outside, Plan, Point, expected, graph};
use crate::poem::{self, Poem, Wish};
use eduai_kernel::Actor;
use eduai_testkit::{TestDb, sample};
use eduai_workflow::{End, Engine, Error, MIGRATIONS, RunStatus};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Counts acts; the gate lets nobody pass behind the first act until it is opened.
struct Gate {
    acts: AtomicU32,
    open: CancellationToken,
}

impl Outside for Gate {
    fn act(&self, _: i32) {
        self.acts.fetch_add(1, Ordering::SeqCst);
    }

    async fn pass(&self, step: i32, point: Point) {
        if (step, point) == (2, Point::Before) {
            self.open.cancelled().await;
        }
    }
}

fn gate() -> Arc<Gate> {
    Arc::new(Gate { acts: AtomicU32::new(0), open: CancellationToken::new() })
}

/// An engine with a pool and a sign of life of its own, as another process has.
async fn another(db: &TestDb, outside: &Arc<Gate>) -> Engine {
    let pool = eduai_db::connect(db.options(eduai_db::roles::RUNTIME).unwrap(), 5, false).await.unwrap();
    let engine = poem::engine(&pool, poem::clock()).await;
    engine.register(graph(outside)).unwrap();
    engine
}

fn actor() -> Actor {
    sample::guest(1)
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_workers_one_takes_the_run() {
    let db = TestDb::new(&[&eduai_vault::MIGRATIONS, &MIGRATIONS]).await.unwrap();
    let outside = gate();
    outside.open.cancel();
    let plan = Plan { way: vec![1, 2, 3, 4] };
    let maker = another(&db, &outside).await;
    let mut engines = Vec::new();
    for _ in 0..4 {
        engines.push(another(&db, &outside).await);
    }
    for _ in 0..5 {
        let mut tx = db.db().begin(&actor()).await.unwrap();
        let run = maker.create::<Errands>(&mut tx, &actor(), actor().user.uuid(), &plan).await.unwrap();
        tx.commit().await.unwrap();
        outside.acts.store(0, Ordering::SeqCst);
        let actor = actor();
        let took = futures_util::future::join_all(engines.iter().map(|engine| engine.drive(&actor, run))).await;
        assert_eq!(took.into_iter().filter(|took| *took.as_ref().unwrap()).count(), 1);
        let End::Done(state) = maker.wait::<Errands>(&actor, run).await.unwrap() else { panic!() };
        assert_eq!(state.done, expected(&plan));
        assert_eq!(outside.acts.load(Ordering::SeqCst), 5);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_lost_the_lease_can_write_no_more() {
    let db = TestDb::new(&[&eduai_vault::MIGRATIONS, &MIGRATIONS]).await.unwrap();
    let (slow, quick) = (gate(), gate());
    quick.open.cancel();
    let plan = Plan { way: vec![1, 2] };
    let (first, second) = (another(&db, &slow).await, another(&db, &quick).await);
    let started = first.start::<Errands>(&actor(), actor().user.uuid(), &plan).await.unwrap();
    let run = started.id;
    while slow.acts.load(Ordering::SeqCst) < 1 || first.status(&actor(), run).await.unwrap().steps.is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert!(!second.drive(&actor(), run).await.unwrap(), "the first one lives");
    // As if the first one had been taken for dead while it only slept.
    let mut admin = db.admin().await.unwrap();
    sqlx::query("update workflow.run set lease = null, instance = null").execute(&mut admin).await.unwrap();
    assert!(second.drive(&actor(), run).await.unwrap());
    let End::Done(state) = second.wait::<Errands>(&actor(), run).await.unwrap() else { panic!() };
    assert_eq!(state.done, expected(&plan));
    let before = second.status(&actor(), run).await.unwrap();
    slow.open.cancel();
    // The sleeper wakes, tries to record what it did, and finds that the run is not its own: it sees the other's end.
    let End::Done(seen) = started.end().await.unwrap() else { panic!() };
    assert_eq!(seen.done, expected(&plan));
    let after = second.status(&actor(), run).await.unwrap();
    assert_eq!((after.steps.len(), after.last_event), (before.steps.len(), before.last_event));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_was_cancelled_under_its_driver_stops() {
    let db = TestDb::new(&[&eduai_vault::MIGRATIONS, &MIGRATIONS]).await.unwrap();
    let outside = gate();
    let engine = another(&db, &outside).await;
    let started = engine.start::<Errands>(&actor(), actor().user.uuid(), &Plan { way: vec![1, 2] }).await.unwrap();
    let run = started.id;
    while engine.status(&actor(), run).await.unwrap().steps.is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    another(&db, &outside).await.cancel(&actor(), run).await.unwrap();
    outside.open.cancel();
    assert!(matches!(started.end().await.unwrap(), End::Cancelled));
    assert_eq!(engine.status(&actor(), run).await.unwrap().steps.len(), 1);
}

#[tokio::test]
async fn a_run_goes_on_only_under_a_version_that_accepts_it() {
    let db = TestDb::new(&[&eduai_vault::MIGRATIONS, &MIGRATIONS]).await.unwrap();
    let waiting = Wish { lines: 1, ask: true, fail: None };
    let mut runs = Vec::new();
    for version in [1, 2, 3] {
        let engine = poem::engine(db.db(), poem::clock()).await;
        engine.register(poem::graph(version)).unwrap();
        let started = engine.start::<Poem>(&actor(), actor().user.uuid(), &waiting).await.unwrap();
        let run = started.id;
        let End::Waiting(question) = started.end().await.unwrap() else { panic!() };
        runs.push((run, question));
    }
    let engine = poem::engine(db.db(), poem::clock()).await;
    engine.register(poem::graph(3).accepts_from(2)).unwrap();
    for (run, question) in &runs {
        engine.answer(&actor(), *run, question.id, &serde_json::json!("yes")).await.unwrap();
    }
    let End::Failed(failure) = engine.wait::<Poem>(&actor(), runs[0].0).await.unwrap() else { panic!() };
    assert_eq!(failure.code, "incompatible_version");
    for (run, _) in &runs[1..] {
        assert!(matches!(engine.wait::<Poem>(&actor(), *run).await.unwrap(), End::Done(_)));
    }
}

#[tokio::test]
async fn an_older_program_leaves_a_newer_run_alone() {
    let db = TestDb::new(&[&eduai_vault::MIGRATIONS, &MIGRATIONS]).await.unwrap();
    let clock = poem::clock();
    let newer = poem::engine(db.db(), clock.clone()).await;
    newer.register(poem::graph(2)).unwrap();
    let mut tx = db.db().begin(&actor()).await.unwrap();
    let wish = Wish { lines: 1, ..Wish::default() };
    let run = newer.create::<Poem>(&mut tx, &actor(), actor().user.uuid(), &wish).await.unwrap();
    tx.commit().await.unwrap();
    clock.advance(Duration::from_secs(10));
    let older = poem::engine(db.db(), clock.clone()).await;
    older.register(poem::graph(1)).unwrap();
    let stop = CancellationToken::new();
    let working = tokio::spawn({
        let (older, stop) = (older.clone(), stop.clone());
        async move { older.work(stop).await }
    });
    tokio::time::sleep(Duration::from_millis(700)).await;
    assert_eq!(older.status(&actor(), run).await.unwrap().status, RunStatus::Running);
    assert!(matches!(older.drive(&actor(), run).await, Err(Error::Newer)));
    stop.cancel();
    working.await.unwrap();
    assert!(newer.drive(&actor(), run).await.unwrap());
    assert!(matches!(newer.wait::<Poem>(&actor(), run).await.unwrap(), End::Done(_)));
}
