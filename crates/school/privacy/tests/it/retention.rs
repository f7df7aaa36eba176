//! Years pass.

use crate::room::breaks_after;
use crate::world::{World, admin, pupil};
use eduai_jobs::Runner;
use eduai_kernel::{Clock as _, Failure};
use eduai_module::{Category, Removal};
use eduai_privacy::Error;
use eduai_privacy::retention::NewRetention;
use eduai_testkit::sample;
use std::time::Duration;

const DAY: Duration = Duration::from_hours(24);

#[tokio::test]
async fn what_is_due_is_deleted_and_nothing_before() {
    let world = World::new().await;
    world.write(&pupil(1), "diary", "grade").await;
    world.clock.advance(DAY * 2_555);
    assert_eq!(world.privacy.delete_due(&sample::system()).await.unwrap(), []);
    world.clock.advance(Duration::from_secs(1));
    let deleted = world.privacy.delete_due(&sample::system()).await.unwrap();
    assert_eq!(deleted, [Removal::deleted("room.diary", 1)]);
    assert_eq!(world.count("select count(*) from room.grade").await, 1, "grades are kept for 50 years");
    world.clock.advance(DAY * (18_250 - 2_555));
    let deleted = world.privacy.delete_due(&sample::system()).await;
    assert_eq!(world.count("select count(*) from room.grade").await, 0);
    assert!(matches!(deleted, Err(Error::Room(_))), "the room is broken by now, and everything else was done");
    assert!(world.clock.now() > breaks_after());
    let view = world.privacy.retention(&admin()).await.unwrap();
    assert_eq!(view.runs.len(), 3, "also a run that failed in part is on record");
    assert_eq!(view.runs[0].removals.iter().map(|one| one.table.as_str()).collect::<Vec<_>>(), ["room.grade"]);
}

#[tokio::test]
async fn an_institution_sets_its_own_time_and_never_below_the_floor() {
    let world = World::new().await;
    world.write(&pupil(1), "diary", "grade").await;
    for (category, days, field) in [
        (Category::Session, 364, "keep_days"),
        (Category::Session, -1, "keep_days"),
        (Category::Session, 36_501, "keep_days"),
        (Category::Security, 2_554, "keep_days"),
        (Category::Operation, 100, "category"),
    ] {
        let refused = world.privacy.set_retention(&admin(), category, NewRetention { keep_days: days }).await;
        assert_eq!(Failure::from(refused.unwrap_err()).fields[0].field, field, "{category:?} {days}");
    }
    world.privacy.set_retention(&admin(), Category::Session, NewRetention { keep_days: 365 }).await.unwrap();
    let refused = world.privacy.set_retention(&pupil(1), Category::Session, NewRetention { keep_days: 400 }).await;
    assert!(matches!(refused, Err(Error::Forbidden)));
    let view = world.privacy.retention(&admin()).await.unwrap();
    let rule = view.rules.iter().find(|rule| rule.category == Category::Session).unwrap();
    assert_eq!((rule.keep_days, rule.own, &rule.tables), (Some(365), true, &vec!["room.diary".to_owned()]));
    world.clock.advance(DAY * 366);
    let deleted = world.privacy.delete_due(&sample::system()).await.unwrap();
    assert_eq!(deleted, [Removal::deleted("room.diary", 1)]);
}

#[tokio::test]
async fn it_happens_by_itself_every_day() {
    let world = World::new().await;
    world.write(&pupil(1), "diary", "grade").await;
    let mut runner = Runner::new(world.db.db().clone(), world.clock.clone());
    for chore in world.module().chores {
        runner = runner.on(chore.kind, move |job| (chore.handler)(job)).schedule(chore.kind, chore.schedule);
    }
    runner.run_due().await.unwrap();
    world.clock.advance(DAY * 2_560);
    runner.run_due().await.unwrap();
    assert_eq!(world.count("select count(*) from room.diary").await, 0);
    assert_eq!(world.actions().await[0], "privacy.retention");
}
