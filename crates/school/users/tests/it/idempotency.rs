//! Repeated requests, which need an actor and a database.

use crate::world::World;
use eduai_testkit::sample;
use serde_json::json;
use std::sync::atomic::Ordering;
use std::time::Duration;

#[tokio::test]
async fn a_repeated_request_is_done_once_and_answered_alike() {
    let world = World::new().await;
    let me = world.visitor().await;
    let first = world.work(&me, "key-1", &json!({ "a": 1 })).await;
    let again = world.work(&me, "key-1", &json!({ "a": 1 })).await;
    assert_eq!((first.status, first.replayed, again.status, again.replayed), (201, false, 201, true));
    assert_eq!(first.text, again.text);
    assert_eq!(world.worked.load(Ordering::SeqCst), 1);
    let another = world.work(&me, "key-2", &json!({ "a": 1 })).await;
    assert_eq!((another.member("number").as_str(), another.replayed), ("2", false));
}

#[tokio::test]
async fn a_key_is_for_one_request_of_one_actor() {
    let world = World::new().await;
    let (me, them) = (world.visitor().await, world.visitor().await);
    assert_eq!(world.work(&me, "key", &json!({ "a": 1 })).await.status, 201);
    let other = world.work(&me, "key", &json!({ "a": 2 })).await;
    assert_eq!((other.status, other.member("code").as_str()), (422, "idempotency_key_reused"));
    assert_eq!(other.json()["errors"][0]["field"], "Idempotency-Key");
    let theirs = world.work(&them, "key", &json!({ "a": 2 })).await;
    assert_eq!((theirs.status, theirs.member("number").as_str()), (201, "2"));
}

#[tokio::test]
async fn a_twin_that_comes_at_the_same_time_is_told_to_wait() {
    let world = World::new().await;
    let me = world.visitor().await;
    let wish = json!({ "takes_ms": 300 });
    let twin = async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        world.work(&me, "key", &wish).await
    };
    let (first, twin) = tokio::join!(world.work(&me, "key", &wish), twin);
    assert_eq!((first.status, twin.status, twin.member("code").as_str()), (201, 409, "idempotent_request_running"));
    assert_eq!(world.work(&me, "key", &wish).await.text, first.text);
    assert_eq!(world.worked.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn what_failed_may_be_tried_again_and_what_was_given_up_too() {
    let world = World::new().await;
    let me = world.visitor().await;
    assert_eq!(world.work(&me, "fails", &json!({ "fails": true })).await.status, 503);
    assert_eq!(world.work(&me, "fails", &json!({ "fails": true })).await.status, 503);
    assert_eq!(world.worked.load(Ordering::SeqCst), 2);
    // A program that was killed leaves a key without an answer.
    assert_eq!(world.work(&me, "killed", &json!({})).await.status, 201);
    let mut admin = world.db.admin().await.unwrap();
    let forget = "update web.idempotency set status = null, headers = null, body = null where key = 'killed'";
    sqlx::query(forget).execute(&mut admin).await.unwrap();
    assert_eq!(world.work(&me, "killed", &json!({})).await.status, 409);
    world.clock.advance(Duration::from_secs(121));
    assert_eq!(world.work(&me, "killed", &json!({})).await.status, 201);
}

#[tokio::test]
async fn a_stream_is_given_again_whole() {
    let world = World::new().await;
    let me = world.visitor().await;
    let first = world.work(&me, "key", &json!({ "streams": true })).await;
    assert!(first.text.contains("id: 3\nevent: step\ndata: {\"work\":1}"), "{}", first.text);
    let mut again = world.work(&me, "key", &json!({ "streams": true })).await;
    // It is kept a moment after its last event was sent.
    for _ in 0..50 {
        if again.status == 200 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
        again = world.work(&me, "key", &json!({ "streams": true })).await;
    }
    assert_eq!((again.status, again.replayed, again.text), (200, true, first.text));
    assert_eq!(world.worked.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_bad_key_is_named_and_old_answers_are_forgotten() {
    let world = World::new().await;
    let me = world.visitor().await;
    let long = "k".repeat(256);
    for bad in ["", " ", "two words", "a\"b", "\"\"", long.as_str()] {
        let answer = world.work(&me, bad, &json!({})).await;
        assert_eq!((answer.status, answer.member("code").as_str()), (400, "bad_idempotency_key"), "{bad:?}");
    }
    assert_eq!(world.work(&me, "key", &json!({})).await.status, 201);
    assert_eq!(world.idempotency.remove_old(&sample::system()).await.unwrap(), 0);
    world.clock.advance(Duration::from_hours(25));
    assert_eq!(world.idempotency.remove_old(&sample::system()).await.unwrap(), 1);
    assert_eq!(world.work(&me, "key", &json!({})).await.member("number"), "2");
}
