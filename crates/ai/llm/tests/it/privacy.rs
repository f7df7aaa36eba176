//! What may leave the house, and what of it.

use crate::upstream::Upstream;
use crate::world::{World, file};
use serde_json::json;
use std::sync::atomic::Ordering;

/// An institution of this level, with a provider that is not of the house (though a test can only have it on this
/// machine) and one that is.
async fn world(level: &str, upstream: &Upstream, agreement: &str) -> World {
    let more = format!(
        "[[provider]]\nname = \"cloud\"\ndialect = \"openai\"\nbase_url = \"http://127.0.0.1:{0}/v1\"\nlocal = false\n\
         models = [\"echo\"]\n{agreement}\n[[route]]\nmodel = \"either\"\ntargets = [{{ provider = \"cloud\", model = \"good\" }}, \
         {{ provider = \"p\", model = \"good\", order = 2 }}]\n",
        upstream.port
    );
    World::at_level(World::database().await, &file(1, &more), level).await
}

#[tokio::test]
async fn from_a_strict_house_no_connection_is_opened() {
    let upstream = Upstream::start().await;
    let world = world("strict", &upstream, "agreement = \"signed\"").await;
    for members in [json!({"model": "echo"}), json!({"model": "echo", "stream": true}), json!({"model": "cloud/echo"})]
    {
        let answer = world.chat(&members).await;
        assert_eq!((answer.status, answer.text.contains("house")), (403, true), "{}", answer.text);
    }
    let body = json!({"model": "echo", "input": "Hello"}).to_string();
    assert_eq!(world.send("POST", "/v1/embeddings", "sk-test", &body).await.status, 403);
    // The route's other model is of the house, and nobody is at home.
    assert_eq!(world.ask("either").await.status, 503);
    assert_eq!(upstream.connected.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn without_an_agreement_on_record_nothing_leaves_a_standard_house() {
    let upstream = Upstream::start().await;
    assert_eq!(world("standard", &upstream, "").await.ask("echo").await.status, 403);
    assert_eq!(upstream.connected.load(Ordering::SeqCst), 0);
    assert_eq!(world("relaxed", &upstream, "").await.ask("echo").await.status, 200);
}

#[tokio::test]
async fn what_is_personal_is_replaced_before_and_put_back_after() {
    let upstream = Upstream::start().await;
    let world = world("standard", &upstream, "agreement = \"signed\"").await;
    let said = "Write to ana@school.example or +34 612 345 678.";
    let messages = json!([{"role": "user", "content": said}]);
    for streamed in [false, true] {
        let answer = world.chat(&json!({"model": "echo", "messages": messages, "stream": streamed})).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        let text = if streamed {
            let pieces = answer
                .text
                .lines()
                .filter_map(|line| serde_json::from_str::<serde_json::Value>(line.strip_prefix("data: ")?).ok());
            pieces.filter_map(|piece| piece["choices"][0]["delta"]["content"].as_str().map(ToOwned::to_owned)).collect()
        } else {
            answer.json()["choices"][0]["message"]["content"].as_str().unwrap().to_owned()
        };
        assert_eq!(text, said, "streamed: {streamed}");
    }
    let asked = serde_json::to_string(&*upstream.bodies.lock().unwrap()).unwrap();
    assert!(!asked.contains("ana@") && !asked.contains("612"), "{asked}");
    assert!(asked.contains("[EMAIL_1]") && asked.contains("[PHONE_1]"), "{asked}");
    assert!(
        world
            .calls()
            .await
            .iter()
            .all(|(status, input, output, ..)| (status.as_str(), *input, *output) == ("ok", 42, 7))
    );
}
