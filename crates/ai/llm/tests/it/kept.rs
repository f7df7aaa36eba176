//! Answers that are kept.

use crate::upstream::Upstream;
use crate::world::World;
use futures_util::future::join_all;
use serde_json::json;

const ROUTE: &str = "[[route]]\nmodel = \"kept\"\ntargets = [{ provider = \"p\", model = \"good\" }]\ncache_seconds = 60\n\
    [[route]]\nmodel = \"kept-bad\"\ntargets = [{ provider = \"p\", model = \"status-500\" }]\ncache_seconds = 60\n";

#[tokio::test]
async fn the_same_question_is_asked_once_and_paid_once() {
    let upstream = Upstream::start().await;
    let world = World::with(&upstream, ROUTE).await;
    let answers = join_all((0..30).map(|_| world.ask("kept"))).await;
    assert!(answers.iter().all(|answer| answer.status == 200 && answer.text == answers[0].text));
    assert_eq!(upstream.asked(), 1, "who asks at the same time waits for the answer");
    let calls = world.calls().await;
    assert_eq!(calls.len(), 30, "each of them stands in the list");
    assert_eq!(calls.iter().filter(|(.., cost, _)| *cost > 0).count(), 1);
    // Another question, and a stream, are asked.
    assert_eq!(world.chat(&json!({"model": "kept", "temperature": 0.5})).await.status, 200);
    assert_eq!(world.stream("kept").await.status, 200);
    assert_eq!(upstream.asked(), 3);
}

#[tokio::test]
async fn a_failure_is_not_kept() {
    let upstream = Upstream::start().await;
    let world = World::with(&upstream, ROUTE).await;
    for _ in 0..2 {
        assert_eq!(world.ask("kept-bad").await.status, 500);
    }
    assert_eq!(upstream.asked(), 4, "two tries each");
}
