//! A process that dies in the middle of its questions: what was answered is not asked, and not paid, again.

use crate::doubles::answered;
use crate::poet;
use crate::room::{HERE, database, mashups, request};
use eduai_kernel::Actor;
use eduai_mashup::models::{Answered, Offer, Question, Refusal};
use eduai_mashup::{Limits, Models, Outcome, Plugged};
use eduai_testkit::sample;
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Answers so many questions, then no more; counts what was answered, by key.
struct Mortal {
    left: AtomicUsize,
    answered: Arc<Mutex<BTreeMap<String, u32>>>,
    dead: Arc<tokio::sync::Notify>,
}

impl Models for Mortal {
    fn ask<'a>(&'a self, _: &'a Actor, question: Question) -> BoxFuture<'a, Result<Answered, Refusal>> {
        async move {
            let alive = self.left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok();
            if !alive {
                // Those that were answered before are recorded meanwhile.
                tokio::time::sleep(Duration::from_millis(500)).await;
                self.dead.notify_one();
                std::future::pending::<()>().await;
            }
            *self.answered.lock().unwrap().entry(question.key.clone()).or_default() += 1;
            let text = if question.task == "mashup.lyrics" { poet::lines(&question, 3) } else { "{}".to_owned() };
            Ok(answered(text, question.reach))
        }
        .boxed()
    }

    fn offered<'a>(&'a self, _: &'a Actor, _: &'a str) -> BoxFuture<'a, Offer> {
        async { Offer { local: true, cloud: false, why: None } }.boxed()
    }
}

fn in_a_process<T>(life: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let out = runtime.block_on(life);
    runtime.shutdown_timeout(Duration::from_secs(5));
    out
}

#[test]
fn nothing_is_asked_twice_because_of_a_crash() {
    let keeper = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let db = keeper.block_on(database());
    let actor = sample::teacher();
    let counts: Arc<Mutex<BTreeMap<String, u32>>> = Arc::default();
    let mortal = |left: usize, dead: &Arc<tokio::sync::Notify>| Plugged {
        models: Arc::new(Mortal { left: AtomicUsize::new(left), answered: counts.clone(), dead: dead.clone() }),
        limits: Limits { step: Duration::from_mins(1), run: Duration::from_secs(100) },
    };
    let connect =
        || async { eduai_db::connect(db.options(eduai_db::roles::RUNTIME).unwrap(), 4, false).await.unwrap() };

    // The first life ends after four answers: in the middle of the sections of the lyrics.
    let dead = Arc::new(tokio::sync::Notify::new());
    let run = in_a_process(async {
        let (room, _) = mashups(&connect().await, Some(mortal(4, &dead)), 1).await;
        let started = room.generate(&actor, HERE, request("jazz and hip-hop about the river")).await.unwrap();
        let run = started.run();
        tokio::spawn(async move { room.outcome(started).await });
        dead.notified().await;
        run
    });
    let before = counts.lock().unwrap().clone();
    assert_eq!(before.len(), 4, "{before:?}");

    // The second one answers all that is left.
    let mashup = in_a_process(async {
        let (room, engine) = mashups(&connect().await, Some(mortal(1_000, &dead)), 2).await;
        tokio::spawn(async move { engine.work(CancellationToken::new()).await });
        let patience = tokio::time::Instant::now();
        loop {
            let started = room.find_run(&actor, run).await.unwrap();
            let outcome = tokio::time::timeout(Duration::from_secs(2), room.outcome(started)).await;
            match outcome {
                Ok(Ok(Outcome::Done(mashup))) => break *mashup,
                _ => assert!(patience_is_left(patience), "the run goes on"),
            }
        }
    });
    let after = counts.lock().unwrap().clone();
    assert!(before.keys().all(|key| after[key] == 1), "{after:?}");
    assert!(after.values().all(|count| *count == 1) && after.len() > before.len(), "{after:?}");
    let lyrics = mashup.metadata.agents.iter().find(|run| run.name == "lyrics_composer").unwrap();
    assert!(lyrics.model.as_ref().is_some_and(|share| share.asked >= 3), "{lyrics:?}");
    keeper.block_on(async { drop(db) });
}

fn patience_is_left(since: tokio::time::Instant) -> bool {
    since.elapsed() < Duration::from_secs(40)
}
