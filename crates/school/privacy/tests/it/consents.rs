//! Consent of people who decide for themselves.

use crate::world::{World, pupil};
use eduai_kernel::{Actor, Clock as _};
use eduai_privacy::Error;
use eduai_privacy::consents::NewDecision;
use eduai_testkit::sample;
use std::time::Duration;

async fn allows(world: &World, actor: &Actor, purpose: &str) -> bool {
    let mut tx = world.begin(&sample::system()).await;
    world.privacy.allows(&mut tx, actor.user, purpose).await.unwrap()
}

#[tokio::test]
async fn a_purpose_holds_once_it_was_agreed_to_and_until_it_was_withdrawn() {
    let world = World::new().await;
    let me = pupil(1);
    assert!(!allows(&world, &me, "cloud_models").await);
    let yes = NewDecision { granted: true, version: 1 };
    let view = world.privacy.decide_consent(&me, "cloud_models", yes).await.unwrap();
    let decided = view.decided.unwrap();
    assert!(view.allowed && view.own_decision && decided.granted);
    assert_eq!((decided.given_by.as_str(), decided.at), ("self", world.clock.now()));
    assert!(allows(&world, &me, "cloud_models").await);
    assert!(!allows(&world, &pupil(2), "cloud_models").await, "nobody else agreed");
    assert!(!allows(&world, &me, "research").await, "to nothing else was agreed");
    world.clock.advance(Duration::from_secs(1));
    world.privacy.decide_consent(&me, "cloud_models", NewDecision { granted: false, version: 1 }).await.unwrap();
    assert!(!allows(&world, &me, "cloud_models").await);
    assert_eq!(world.count("select count(*) from privacy.consent").await, 2, "the history stays");
    assert_eq!(world.actions().await, ["privacy.consent", "privacy.consent"]);
    assert_eq!(
        world.count("select count(*) from platform.outbox where topic = 'privacy.consent_changed'").await,
        2,
        "the other rooms are told"
    );
}

#[tokio::test]
async fn directory_information_is_given_until_somebody_objects() {
    let world = World::new().await;
    assert!(allows(&world, &pupil(1), "directory_information").await);
    let no = NewDecision { granted: false, version: 1 };
    let view = world.privacy.decide_consent(&pupil(1), "directory_information", no).await.unwrap();
    assert!(!view.allowed);
    assert!(!allows(&world, &pupil(1), "directory_information").await);
    let all = world.privacy.consents(&pupil(1)).await.unwrap();
    let allowed: Vec<&str> = all.iter().filter(|view| view.allowed).map(|view| view.purpose.as_str()).collect();
    assert_eq!(allowed, ["usage_analytics"]);
}

#[tokio::test]
async fn another_text_than_the_present_one_and_unknown_purposes_are_refused() {
    let world = World::new().await;
    for version in [0, 2, i32::MIN, i32::MAX] {
        let other = NewDecision { granted: true, version };
        let refused = world.privacy.decide_consent(&pupil(1), "cloud_models", other).await;
        assert!(matches!(refused, Err(Error::OtherVersion(1))), "{version}");
    }
    let yes = NewDecision { granted: true, version: 1 };
    for purpose in ["", "CLOUD_MODELS", "everything", "cloud_models\0"] {
        let refused = world.privacy.decide_consent(&pupil(1), purpose, yes).await;
        assert!(matches!(refused, Err(Error::NotFound("purpose"))), "{purpose:?}");
        assert!(!allows(&world, &pupil(1), purpose).await);
    }
    assert_eq!(world.count("select count(*) from privacy.consent").await, 0);
}

#[tokio::test]
async fn of_two_decisions_of_one_instant_the_later_one_holds() {
    let world = World::new().await;
    let me = pupil(1);
    // The clock stands still, and half of all ids are smaller than the one before.
    for round in 0..40 {
        let granted = round % 2 == 0;
        let view =
            world.privacy.decide_consent(&me, "cloud_models", NewDecision { granted, version: 1 }).await.unwrap();
        assert_eq!((view.allowed, view.decided.unwrap().granted), (granted, granted), "{round}");
        assert_eq!(allows(&world, &me, "cloud_models").await, granted, "{round}");
    }
    let at_once = "select count(distinct at) from privacy.consent";
    assert_eq!(world.count(at_once).await, 1);
    let smaller = "select count(*) from (select id < lag(id) over (order by number) as earlier from privacy.consent) c
        where earlier";
    assert!(world.count(smaller).await > 0, "their ids tell another order");
}

#[tokio::test]
async fn decisions_from_before_they_were_numbered_keep_their_order_and_new_ones_follow() {
    let world = World::new().await;
    let me = pupil(1);
    for granted in [true, false, true] {
        world.clock.advance(Duration::from_secs(1));
        world.privacy.decide_consent(&me, "cloud_models", NewDecision { granted, version: 1 }).await.unwrap();
    }
    // As the tables were, and then as an installation is brought up to date.
    let before = "drop index privacy.consent_of_person;
        alter table privacy.consent drop column number;
        create index consent_of_person on privacy.consent (institution_id, person_id, purpose, at desc, id desc);
        create table public.shuffled as select * from privacy.consent;
        delete from privacy.consent;
        insert into privacy.consent select * from public.shuffled order by at desc;
        drop table public.shuffled;";
    let mut admin = world.db.admin().await.unwrap();
    sqlx::raw_sql(before).execute(&mut admin).await.unwrap();
    let owner = format!("set role {}", eduai_db::roles::OWNER);
    sqlx::raw_sql(sqlx::AssertSqlSafe(owner)).execute(&mut admin).await.unwrap();
    sqlx::raw_sql(include_str!("../../migrations/0003_order_of_decisions.sql")).execute(&mut admin).await.unwrap();
    sqlx::raw_sql("reset role").execute(&mut admin).await.unwrap();
    let in_order =
        "select count(*) from (select at > lag(at) over (order by number) as later from privacy.consent) c where later";
    assert_eq!(world.count(in_order).await, 2);
    world.privacy.decide_consent(&me, "cloud_models", NewDecision { granted: false, version: 1 }).await.unwrap();
    assert!(!allows(&world, &me, "cloud_models").await);
}
