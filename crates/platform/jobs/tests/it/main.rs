//! The queue, against a real PostgreSQL.

use eduai_jobs::{HandlerError, Job, MIGRATIONS, NewJob, Runner, Schedule, WITHOUT_TENANT, enqueue};
use eduai_kernel::{Actor, Clock, FixedClock};
use eduai_testkit::{TestDb, sample};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

struct World {
    db: TestDb,
    clock: Arc<FixedClock>,
    seen: Arc<Mutex<Vec<Job>>>,
}

impl World {
    async fn new() -> Self {
        let db = TestDb::new(&[&MIGRATIONS]).await.unwrap();
        Self { db, clock: Arc::new(FixedClock::at_unix_seconds(1_780_000_000)), seen: Arc::default() }
    }

    fn runner(&self) -> Runner {
        let seen = self.seen.clone();
        Runner::new(self.db.db().clone(), self.clock.clone()).on("greet", move |job| {
            let seen = seen.clone();
            async move {
                seen.lock().unwrap().push(job);
                Ok(())
            }
        })
    }

    async fn queue(&self, actor: &Actor, job: NewJob) -> bool {
        let mut tx = self.db.db().begin(actor).await.unwrap();
        let queued = enqueue(&mut tx, actor, &job, self.clock.now()).await.unwrap();
        tx.commit().await.unwrap();
        queued
    }

    fn seen(&self) -> Vec<Job> {
        self.seen.lock().unwrap().clone()
    }
}

#[tokio::test]
async fn every_table_is_protected() {
    let world = World::new().await;
    assert_eq!(world.db.table_faults(&WITHOUT_TENANT).await.unwrap(), Vec::<String>::new());
}

#[tokio::test]
async fn jobs_are_done_once_as_whoever_queued_them() {
    let world = World::new().await;
    let other = Actor { institution: sample::school(&world.db, "Other").await.unwrap(), ..sample::teacher() };
    assert!(world.queue(&sample::guest(1), NewJob::new("greet", &"one")).await);
    assert!(world.queue(&other, NewJob::new("greet", &"two")).await);
    assert!(world.queue(&other, NewJob::new("nobody does this", &"three")).await);
    assert_eq!(world.runner().run_due().await.unwrap(), 2);
    assert_eq!(world.runner().run_due().await.unwrap(), 0);
    let mut seen: Vec<(String, Actor)> =
        world.seen().iter().map(|job| (job.payload.as_str().unwrap().to_owned(), job.actor)).collect();
    seen.sort_by(|a, b| a.0.cmp(&b.0));
    assert_eq!(seen, [("one".into(), sample::guest(1)), ("two".into(), other)]);
}

#[tokio::test]
async fn a_job_waits_for_its_time_and_a_key_makes_two_one() {
    let world = World::new().await;
    let later = world.clock.now().checked_add(Duration::from_mins(1)).unwrap();
    let job = NewJob::new("greet", &1).key("once").due(later);
    assert!(world.queue(&sample::teacher(), job.clone()).await);
    assert!(!world.queue(&sample::teacher(), job.clone()).await);
    let other = Actor { institution: sample::school(&world.db, "Other").await.unwrap(), ..sample::teacher() };
    assert!(world.queue(&other, job.clone()).await, "a key holds within an institution");
    assert_eq!(world.runner().run_due().await.unwrap(), 0);
    world.clock.advance(Duration::from_mins(1));
    assert_eq!(world.runner().run_due().await.unwrap(), 2);
    assert!(!world.queue(&sample::teacher(), job).await, "a job that is done keeps its key");
}

#[tokio::test]
async fn two_runners_never_do_the_same_job() {
    let world = World::new().await;
    for number in 0..40 {
        world.queue(&sample::guest(number), NewJob::new("greet", &number)).await;
    }
    let (one, two) = (world.runner(), world.runner());
    let (one, two) = tokio::join!(one.run_due(), two.run_due());
    assert_eq!(one.unwrap() + two.unwrap(), 40);
    let mut ids: Vec<i64> = world.seen().iter().map(|job| job.id).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 40);
}

#[tokio::test]
async fn a_failed_job_is_tried_later_and_given_up_in_the_end() {
    let world = World::new().await;
    world.queue(&sample::teacher(), NewJob::new("fail", &()).attempts(3)).await;
    let runner = Runner::new(world.db.db().clone(), world.clock.clone()).on("fail", |job: Job| async move {
        assert!(job.attempt < 2, "the second attempt panics");
        Err::<(), HandlerError>("not today".into())
    });
    for expected in [1, 1, 1, 0] {
        assert_eq!(runner.run_due().await.unwrap(), expected);
        assert_eq!(runner.run_due().await.unwrap(), 0, "it is not due again at once");
        world.clock.advance(Duration::from_mins(1));
    }
    let mut admin = world.db.admin().await.unwrap();
    let (status, error): (String, String) =
        sqlx::query_as("select status, last_error from jobs.job").fetch_one(&mut admin).await.unwrap();
    assert_eq!((status.as_str(), error.as_str()), ("dead", "it panicked"));
}

#[tokio::test]
async fn a_schedule_reaches_every_institution_once_each_time_however_many_runners_there_are() {
    let world = World::new().await;
    let school = sample::school(&world.db, "Other").await.unwrap();
    let runners: Vec<Runner> =
        (0..3).map(|_| world.runner().schedule("greet", Schedule::every(Duration::from_hours(1)))).collect();
    let turn = async || {
        let tried = futures_util::future::join_all(runners.iter().map(Runner::run_due)).await;
        tried.into_iter().map(Result::unwrap).sum::<usize>()
    };
    assert_eq!(turn().await, 0, "the first time is an hour from now");
    for round in 1..=3 {
        world.clock.advance(Duration::from_hours(1));
        assert_eq!(turn().await, 2, "round {round}");
        assert_eq!(turn().await, 0);
    }
    world.clock.advance(Duration::from_hours(10));
    assert_eq!(turn().await, 2, "what was missed is made up for once");
    let mut actors: Vec<Actor> = world.seen()[..2].iter().map(|job| job.actor).collect();
    actors.sort_by_key(|actor| actor.institution);
    let mut expected = [sample::system(), Actor::system(school)];
    expected.sort_by_key(|actor| actor.institution);
    assert_eq!(actors, expected);
}

#[tokio::test]
async fn a_job_of_a_process_that_is_gone_is_done_by_another() {
    let world = World::new().await;
    world.queue(&sample::teacher(), NewJob::new("greet", &1)).await;
    let presence = world.db.db().presence().await.unwrap();
    let mut admin = world.db.admin().await.unwrap();
    sqlx::query("update jobs.job set lease = gen_random_uuid(), instance = $1")
        .bind(presence.id())
        .execute(&mut admin)
        .await
        .unwrap();
    assert_eq!(world.runner().run_due().await.unwrap(), 0, "its process lives");
    drop(presence);
    let began = std::time::Instant::now();
    while world.runner().run_due().await.unwrap() == 0 {
        assert!(began.elapsed() < Duration::from_secs(5));
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(world.seen().len(), 1);
}

#[tokio::test]
async fn a_waiting_runner_is_woken() {
    let world = World::new().await;
    let (runner, stop) = (world.runner(), CancellationToken::new());
    let running = tokio::spawn({
        let stop = stop.clone();
        async move { runner.run(stop).await }
    });
    tokio::time::sleep(Duration::from_millis(400)).await;
    let began = std::time::Instant::now();
    world.queue(&sample::teacher(), NewJob::new("greet", &1)).await;
    while world.seen().is_empty() {
        assert!(began.elapsed() < Duration::from_secs(3), "the notice did not arrive");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    stop.cancel();
    running.await.unwrap();
}

#[tokio::test]
async fn institutions_do_not_see_one_anothers_jobs() {
    let world = World::new().await;
    world.queue(&sample::teacher(), NewJob::new("greet", &1)).await;
    let other = Actor { institution: sample::school(&world.db, "Other").await.unwrap(), ..sample::system() };
    let mut tx = world.db.db().begin(&other).await.unwrap();
    let seen: i64 = sqlx::query_scalar("select count(*) from jobs.job").fetch_one(tx.conn()).await.unwrap();
    assert_eq!(seen, 0);
    let job = NewJob::new("greet", &1);
    let error = enqueue(&mut tx, &sample::teacher(), &job, world.clock.now()).await.unwrap_err();
    assert_eq!(eduai_db::failure(&error).kind, eduai_kernel::FailureKind::Forbidden);
}
