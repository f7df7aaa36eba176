//! Keys that sign, as several replicas see them.

use crate::world::{DAY, World, soon};
use eduai_testkit::sample;
use eduai_vault::{Lifetimes, MasterKeys, Vault, VaultError};
use jiff::SignedDuration;
use std::time::Duration;
use uuid::Uuid;

#[tokio::test]
async fn replicas_that_start_at_once_agree_on_one_key() {
    let world = World::new().await;
    let keys = [world.replica().await, world.replica().await, world.replica().await].map(|v| v.signing_keys("token"));
    let (a, b, c) = tokio::join!(keys[0].current(), keys[1].current(), keys[2].current());
    let (a, b, c) = (a.unwrap(), b.unwrap(), c.unwrap());
    assert_eq!((a.id(), a.secret()), (b.id(), b.secret()));
    assert_eq!(b.id(), c.id());
    let tag = a.sign(b"message");
    assert!(c.verify(b"message", &tag) && !c.verify(b"massage", &tag) && !c.verify(b"message", &tag[..31]));
    let other = world.replica().await.signing_keys("cookie").current().await.unwrap();
    assert_ne!(other.id(), a.id());
    assert!(keys[0].find(other.id()).await.unwrap().is_none(), "a key serves one purpose");
}

#[tokio::test]
async fn a_successor_is_published_before_it_signs_and_the_old_one_verifies_on() {
    let world = World::new().await;
    let (one, two) = (world.replica().await.signing_keys("token"), world.replica().await.signing_keys("token"));
    let first = one.current().await.unwrap();
    assert_eq!(two.current().await.unwrap().id(), first.id());
    world.clock.advance(DAY * 29);
    assert_eq!(one.current().await.unwrap().id(), first.id(), "the successor is published and does not sign yet");
    world.clock.advance(Duration::from_secs(121));
    let second = one.current().await.unwrap();
    assert_ne!(second.id(), first.id());
    assert_eq!(two.current().await.unwrap().id(), second.id());
    assert!(two.find(first.id()).await.unwrap().is_some());
    world.clock.advance(DAY * 31);
    assert!(two.find(first.id()).await.unwrap().is_none(), "past its time");
    assert!(two.find(second.id()).await.unwrap().is_some());
}

#[tokio::test]
async fn keys_that_nobody_used_for_a_year_are_followed_by_one_that_signs_at_once() {
    let world = World::new().await;
    let keys = world.replica().await.signing_keys("token");
    let first = keys.current().await.unwrap();
    world.clock.advance(DAY * 365);
    let second = keys.current().await.unwrap();
    assert_ne!(first.id(), second.id());
    let mut admin = world.db.admin().await.unwrap();
    let left: i64 = sqlx::query_scalar("select count(*) from vault.signing_key").fetch_one(&mut admin).await.unwrap();
    assert_eq!(left, 1, "what is past its time is removed");
}

#[tokio::test]
async fn an_unknown_key_is_looked_for_at_most_once_a_second() {
    let world = World::new().await;
    let (one, two) = (world.replica().await.signing_keys("token"), world.replica().await.signing_keys("token"));
    one.current().await.unwrap();
    two.current().await.unwrap();
    assert!(two.find(Uuid::from_u128(1)).await.unwrap().is_none());
    let mut admin = world.db.admin().await.unwrap();
    // As if it had been published without a notice.
    sqlx::query("update vault.signing_key set id = id").execute(&mut admin).await.unwrap();
    let began = std::time::Instant::now();
    for number in 0..10_000 {
        assert!(two.find(Uuid::from_u128(number)).await.unwrap().is_none());
    }
    assert!(began.elapsed() < Duration::from_secs(2), "the database was not asked 10,000 times");
}

#[tokio::test]
async fn after_a_rotation_by_hand_the_other_replica_knows_the_new_key() {
    let world = World::new().await;
    let (one, two) = (world.replica().await.signing_keys("token"), world.replica().await.signing_keys("token"));
    let first = one.current().await.unwrap();
    assert_eq!(two.current().await.unwrap().id(), first.id());
    one.rotate().await.unwrap();
    world.clock.advance(Duration::from_mins(2));
    let second = one.current().await.unwrap();
    assert_ne!(second.id(), first.id());
    assert!(two.find(second.id()).await.unwrap().is_some());
    assert!(two.find(first.id()).await.unwrap().is_some());
}

#[tokio::test]
async fn replaced_keys_are_believed_nowhere() {
    let world = World::new().await;
    let (one, two) = (world.replica().await.signing_keys("token"), world.replica().await.signing_keys("token"));
    let stolen = one.current().await.unwrap().id();
    assert!(two.find(stolen).await.unwrap().is_some());
    one.replace().await.unwrap();
    assert!(one.find(stolen).await.unwrap().is_none());
    assert_ne!(one.current().await.unwrap().id(), stolen);
    soon("the other replica still believes a replaced key", async || two.find(stolen).await.unwrap().is_none()).await;
}

#[tokio::test]
async fn a_lasting_key_verifies_for_ever() {
    let world = World::new().await;
    let keys = world.replica().await.signing_keys_for("checkpoint", Lifetimes::LASTING);
    let first = keys.current().await.unwrap();
    world.clock.advance(DAY * 365 * 50);
    assert_ne!(keys.current().await.unwrap().id(), first.id());
    assert!(keys.find(first.id()).await.unwrap().is_some());
    let short = Lifetimes { signs: SignedDuration::from_hours(1), verifies: Some(SignedDuration::from_hours(1)) };
    let short = world.replica().await.signing_keys_for("short", short);
    let first = short.current().await.unwrap();
    world.clock.advance(Duration::from_hours(2));
    assert!(short.find(first.id()).await.unwrap().is_none());
}

#[tokio::test]
async fn nobody_but_the_keeper_sees_signing_keys_and_they_are_wrapped() {
    let world = World::new().await;
    let secret = *world.replica().await.signing_keys("token").current().await.unwrap().secret();
    let db = world.db.db();
    for mut tx in [
        db.begin(&sample::system()).await.unwrap(),
        db.begin(&sample::teacher()).await.unwrap(),
        db.begin_dispatch().await.unwrap(),
    ] {
        let seen: i64 =
            sqlx::query_scalar("select count(*) from vault.signing_key").fetch_one(tx.conn()).await.unwrap();
        assert_eq!(seen, 0);
        let gone = sqlx::query("delete from vault.signing_key").execute(tx.conn()).await.unwrap();
        assert_eq!(gone.rows_affected(), 0);
    }
    let mut admin = world.db.admin().await.unwrap();
    let wrapped: Vec<u8> =
        sqlx::query_scalar("select wrapped from vault.signing_key").fetch_one(&mut admin).await.unwrap();
    assert!(!wrapped.windows(16).any(|window| secret.windows(16).any(|part| part == window)));
}

#[tokio::test]
async fn another_master_key_is_refused_at_the_door_and_a_moved_key_does_not_unwrap() {
    let world = World::new().await;
    world.replica().await.signing_keys("token").current().await.unwrap();
    let other = MasterKeys::from_bytes(&[[8; 32]]).unwrap();
    let refused = Vault::open(world.db.db().clone(), other, world.clock.clone()).await.unwrap_err();
    assert!(matches!(&refused, VaultError::UnknownMaster(id) if refused.to_string().contains(id.as_str())));
    let mut admin = world.db.admin().await.unwrap();
    sqlx::query("update vault.signing_key set purpose = 'cookie'").execute(&mut admin).await.unwrap();
    let moved = world.replica().await.signing_keys("cookie").current().await.unwrap_err();
    assert!(matches!(moved, VaultError::Tampered));
}

#[tokio::test]
async fn every_table_is_protected() {
    let world = World::new().await;
    assert_eq!(
        world.db.table_faults(&[eduai_vault::WITHOUT_TENANT[0], eduai_jobs::WITHOUT_TENANT[0]]).await.unwrap(),
        Vec::<String>::new()
    );
}
