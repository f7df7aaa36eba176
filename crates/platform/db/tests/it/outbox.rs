//! Events are delivered at least once, and only what was committed.

use eduai_db::outbox::{self, Delivery, Dispatcher, HandlerError};
use eduai_kernel::Actor;
use eduai_testkit::{TestDb, sample};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

type Seen = Arc<Mutex<Vec<Delivery>>>;

fn recording(db: &TestDb, seen: &Seen) -> Dispatcher {
    let seen = seen.clone();
    Dispatcher::new(db.db().clone()).on("greeted", move |delivery| {
        let seen = seen.clone();
        async move {
            seen.lock().unwrap().push(delivery);
            Ok(())
        }
    })
}

async fn greet(db: &TestDb, actor: &Actor, whom: &str) {
    let mut tx = db.db().begin(actor).await.unwrap();
    outbox::publish(&mut tx, actor, "greeted", &whom).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn what_was_committed_is_delivered_once_to_each_institution_as_itself() {
    let db = TestDb::new(&[]).await.unwrap();
    let other = Actor { institution: sample::school(&db, "Other").await.unwrap(), ..sample::guest(2) };
    greet(&db, &sample::guest(1), "here").await;
    greet(&db, &other, "there").await;
    let mut tx = db.db().begin(&other).await.unwrap();
    outbox::publish(&mut tx, &other, "greeted", &"nobody").await.unwrap();
    drop(tx);
    let seen = Seen::default();
    let dispatcher = recording(&db, &seen);
    assert_eq!(dispatcher.deliver_due().await.unwrap(), 2);
    assert_eq!(dispatcher.deliver_due().await.unwrap(), 0);
    let seen = seen.lock().unwrap();
    assert_eq!(seen[0].actor, sample::system());
    assert_eq!(seen[1].actor, Actor::system(other.institution));
    assert_eq!((seen[1].payload.as_str(), seen[1].caused_by), (Some("there"), other.user));
}

#[tokio::test]
async fn two_dispatchers_do_not_share_an_event() {
    let db = TestDb::new(&[]).await.unwrap();
    for number in 0..60 {
        greet(&db, &sample::guest(number), "you").await;
    }
    let seen = Seen::default();
    let (one, two) = (recording(&db, &seen), recording(&db, &seen));
    let drain = |dispatcher: Dispatcher| async move { while dispatcher.deliver_due().await.unwrap() > 0 {} };
    tokio::join!(drain(one), drain(two));
    let mut ids: Vec<i64> = seen.lock().unwrap().iter().map(|d| d.id).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!((ids.len(), seen.lock().unwrap().len()), (60, 60));
}

#[tokio::test]
async fn a_failed_event_comes_again_and_is_given_up_in_the_end() {
    let db = TestDb::new(&[]).await.unwrap();
    greet(&db, &sample::guest(1), "you").await;
    let dispatcher = Dispatcher::new(db.db().clone())
        .on("greeted", |_| async { Err::<(), HandlerError>("nobody is at home".into()) });
    for attempt in 1..=outbox::ATTEMPTS {
        assert_eq!(dispatcher.deliver_due().await.unwrap(), 1, "attempt {attempt}");
        assert_eq!(dispatcher.deliver_due().await.unwrap(), 0, "it is not due again at once");
        let mut admin = db.admin().await.unwrap();
        sqlx::query("update platform.outbox set due_at = now()").execute(&mut admin).await.unwrap();
    }
    assert_eq!(dispatcher.deliver_due().await.unwrap(), 0);
    let mut admin = db.admin().await.unwrap();
    let (dead, why): (bool, String) =
        sqlx::query_as("select dead, last_error from platform.outbox").fetch_one(&mut admin).await.unwrap();
    assert_eq!((dead, why.as_str()), (true, "nobody is at home"));
}

#[tokio::test]
async fn a_running_dispatcher_is_woken_by_the_event() {
    let db = TestDb::new(&[]).await.unwrap();
    let seen = Seen::default();
    let (dispatcher, stop) = (recording(&db, &seen), CancellationToken::new());
    let running = tokio::spawn({
        let stop = stop.clone();
        async move { dispatcher.run(stop).await }
    });
    tokio::time::sleep(Duration::from_millis(300)).await;
    let began = std::time::Instant::now();
    greet(&db, &sample::guest(1), "you").await;
    while seen.lock().unwrap().is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
        assert!(began.elapsed() < Duration::from_secs(3), "the notice did not arrive");
    }
    stop.cancel();
    running.await.unwrap();
}
