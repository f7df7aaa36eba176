//! Whatever way a run takes and wherever its process dies: every output is recorded exactly once, the state is what an
//! undisturbed run comes to, and an effect that was kept is never repeated.

use crate::errand::{Errands, NODES, Outside, POINTS, Plan, Point, expected, graph};
use crate::poem;
use eduai_testkit::{TestDb, sample};
use eduai_workflow::{End, Happened, MIGRATIONS, RunId};
use futures_util::StreamExt;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Stops at one point, for good.
struct Trap {
    at: Option<(i32, Point)>,
    sprung: Arc<tokio::sync::Notify>,
    acts: Arc<Mutex<HashMap<i32, u32>>>,
}

impl Outside for Trap {
    fn act(&self, step: i32) {
        *self.acts.lock().unwrap().entry(step).or_default() += 1;
    }

    async fn pass(&self, step: i32, point: Point) {
        if self.at == Some((step, point)) {
            self.sprung.notify_one();
            std::future::pending::<()>().await;
        }
    }
}

/// One life of a process: a runtime, a pool and an engine of its own. It ends at `trap`, or with the run.
fn live(
    db: &TestDb,
    plan: &Plan,
    run: Option<RunId>,
    trap: Option<(i32, Point)>,
    acts: &Arc<Mutex<HashMap<i32, u32>>>,
) -> RunId {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let sprung = Arc::new(tokio::sync::Notify::new());
    let outside = Arc::new(Trap { at: trap, sprung: sprung.clone(), acts: acts.clone() });
    let actor = sample::guest(1);
    let id = runtime.block_on(async {
        let pool = eduai_db::connect(db.options(eduai_db::roles::RUNTIME).unwrap(), 4, false).await.unwrap();
        let engine = poem::engine(&pool, poem::clock()).await;
        engine.register(graph(&outside)).unwrap();
        let id = match run {
            Some(id) => id,
            None => engine.start::<Errands>(&actor, actor.user.uuid(), plan).await.unwrap().id,
        };
        let working = engine.clone();
        tokio::spawn(async move { working.work(CancellationToken::new()).await });
        let over = async {
            tokio::select! {
                () = sprung.notified() => {}
                end = engine.wait::<Errands>(&actor, id) => assert!(matches!(end.unwrap(), End::Done(_))),
            }
        };
        tokio::time::timeout(Duration::from_secs(15), over).await.expect("the run neither ends nor comes to the trap");
        id
    });
    // Everything of this life ends here, in the middle of whatever it did; its sessions close.
    runtime.shutdown_background();
    id
}

fn plans() -> impl Strategy<Value = (Plan, Vec<(i32, Point)>)> {
    prop::collection::vec(0..NODES, 0..8).prop_flat_map(|way| {
        let steps = way.len() as i32 + 1;
        let crash = (1..=steps, prop::sample::select(POINTS.to_vec()));
        (Just(Plan { way }), prop::collection::vec(crash, 0..4))
    })
}

#[test]
fn every_output_is_recorded_exactly_once() {
    let outer = tokio::runtime::Runtime::new().unwrap();
    let db = outer.block_on(TestDb::new(&[&eduai_vault::MIGRATIONS, &MIGRATIONS])).unwrap();
    let mut runner = TestRunner::new(Config { cases: 25, failure_persistence: None, ..Config::default() });
    runner
        .run(&plans(), |(plan, mut crashes)| {
            crashes.sort_by_key(|(step, point)| (*step, POINTS.iter().position(|p| p == point)));
            // After a crash behind the act and before its record, the point behind the record still comes.
            crashes.dedup_by_key(|(step, point)| (*step, *point));
            let acts = Arc::new(Mutex::new(HashMap::new()));
            let mut run = None;
            for crash in &crashes {
                run = Some(live(&db, &plan, run, Some(*crash), &acts));
            }
            let id = live(&db, &plan, run, None, &acts);
            outer.block_on(verify(&db, id, &plan, &crashes, &acts.lock().unwrap()));
            Ok(())
        })
        .unwrap();
    drop(db);
}

async fn verify(db: &TestDb, id: RunId, plan: &Plan, crashes: &[(i32, Point)], acts: &HashMap<i32, u32>) {
    let actor = sample::guest(1);
    let engine = poem::engine(db.db(), poem::clock()).await;
    let state = engine.state::<Errands>(&actor, id).await.unwrap();
    assert_eq!(state.done, expected(plan));
    let view = engine.status(&actor, id).await.unwrap();
    let numbers: Vec<i32> = view.steps.iter().map(|step| step.number).collect();
    assert_eq!(numbers, (1..=plan.way.len() as i32 + 1).collect::<Vec<_>>());
    for (step, times) in acts {
        // Only a crash between the act and its record repeats the act; that is what effect_key is for.
        let between = crashes.iter().filter(|crash| **crash == (*step, Point::AfterAct)).count() as u32;
        assert_eq!(*times, 1 + between, "step {step}");
    }
    let events: Vec<_> = engine.events(&actor, id, 0).map(Result::unwrap).collect().await;
    assert!(events.iter().enumerate().all(|(i, event)| event.number == i as i32 + 1));
    let finished = events.iter().filter(|e| matches!(e.happened, Happened::StepFinished { .. })).count();
    assert_eq!(finished, view.steps.len());
    let resumed = events.iter().filter(|e| e.happened == Happened::RunResumed).count();
    assert_eq!(resumed, crashes.len());
}
