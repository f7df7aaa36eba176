//! Answers to questions that are nearly the same. The made-up model for vectors turns "Fugue 8" into a direction of eight
//! degrees: cosines are 0.990 for 8 degrees, 0.966 for 15.

use crate::upstream::Upstream;
use crate::world::{Answer, World, file, price};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// A provider of vectors, in the house or outside, and a route whose answers are kept.
fn settings(port: u16, embeddings: &str, local: bool, seconds: u32) -> String {
    let route = |name: &str| {
        format!(
            "[[route]]\nmodel = \"{name}\"\ntargets = [{{ provider = \"p\", model = \"echo\" }}]\n\
             cache_seconds = {seconds}\nsimilar = 0.97\n"
        )
    };
    let more = format!(
        "[cache]\nembeddings = \"{embeddings}\"\n[[provider]]\nname = \"vectors\"\ndialect = \"openai\"\n\
         base_url = \"http://127.0.0.1:{port}/v1\"\nlocal = {local}\nmodels = [\"embed\"]\n{}{}\n{}{}",
        price("vectors", "embed"),
        price("p", "echo"),
        route("like"),
        route("other")
    );
    file(port, &more)
}

async fn world(upstream: &Upstream, embeddings: &str) -> World {
    World::new(&settings(upstream.port, embeddings, true, 60)).await
}

/// What was answered, and where it was kept.
fn said(answer: &Answer) -> (String, Option<&str>) {
    assert_eq!(answer.status, 200, "{}", answer.text);
    let text = answer.json()["choices"][0]["message"]["content"].as_str().unwrap().to_owned();
    (text, answer.headers.get("x-llm-cache").map(|value| value.to_str().unwrap()))
}

async fn ask(world: &World, text: &str, members: Value) -> Answer {
    let mut body = json!({"model": "like", "messages": [{"role": "user", "content": text}]});
    body.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    world.chat(&body).await
}

#[tokio::test]
async fn a_question_that_is_nearly_the_same_gets_the_same_answer() {
    let upstream = Upstream::start().await;
    let world = world(&upstream, "embed").await;
    let asked = async |text: &str| {
        let answer = ask(&world, text, json!({})).await;
        let (text, kept) = said(&answer);
        (text, kept.unwrap_or("asked").to_owned())
    };
    let is = |text: &str, kept: &str| (text.to_owned(), kept.to_owned());
    assert_eq!(asked("Fugue 0").await, is("Fugue 0", "asked"));
    assert_eq!(asked("Fugue 8").await, is("Fugue 0", "similar"));
    assert_eq!(asked("Fugue 15").await, is("Fugue 15", "asked"), "below the threshold");
    assert_eq!(asked("Fugue 9").await, is("Fugue 15", "similar"), "the nearer one");
    assert_eq!(asked("Fugue 0").await, is("Fugue 0", "exact"));
    assert_eq!(upstream.chats_and_embeddings(), (2, 4), "the same needs no vector");
    world.gateway.flush().await.unwrap();
    let sql = "select operation, cached, cost, key_id is not null from llm.call order by operation, cost desc";
    let calls: Vec<(String, bool, i64, bool)> =
        sqlx::query_as(sql).fetch_all(&mut world.db.admin().await.unwrap()).await.unwrap();
    assert_eq!(calls.len(), 9);
    for (operation, cached, cost, key) in calls {
        assert!(key, "whoever asks has asked for the vector too");
        match operation.as_str() {
            "embeddings" => assert_eq!((cached, cost), (false, 4 * 150_000)),
            _ => assert_eq!(cached, cost == 0),
        }
    }
}

#[tokio::test]
async fn everything_but_the_last_words_has_to_be_equal() {
    let upstream = Upstream::start().await;
    let world = world(&upstream, "embed").await;
    let with = |system: &str| json!({"messages": [{"role": "system", "content": system}, {"role": "user", "content": "Fugue 0"}]});
    let all = [
        json!({}),
        json!({"model": "other"}),
        json!({"temperature": 0.5}),
        json!({"max_tokens": 7}),
        json!({"response_format": {"type": "json_object"}}),
        with("Be short."),
        with("Be long."),
    ];
    for (turn, members) in all.iter().enumerate() {
        assert_eq!(said(&ask(&world, "Fugue 0", members.clone()).await).1, None, "{members}");
        assert_eq!(upstream.chats_and_embeddings(), (turn + 1, turn + 1));
    }
    // Who speaks another dialect is answered in another form.
    let message = json!({"model": "like", "max_tokens": 50, "messages": [{"role": "user", "content": "Fugue 0"}]});
    let answer = world.send("POST", "/v1/messages", "sk-test", &message.to_string()).await;
    assert_eq!((answer.status, answer.headers.get("x-llm-cache")), (200, None), "{}", answer.text);
    let message = message.to_string().replace("Fugue 0", "Fugue 1");
    let answer = world.send("POST", "/v1/messages", "sk-test", &message).await;
    assert_eq!((answer.status, answer.json()["content"][0]["text"].as_str()), (200, Some("Fugue 0")));
}

#[tokio::test]
async fn streams_tools_and_what_tells_of_somebody_are_asked_and_never_compared() {
    let upstream = Upstream::start().await;
    let world = world(&upstream, "embed").await;
    let tool = json!({"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}});
    for text in ["Fugue 0", "Fugue 1"] {
        assert_eq!(ask(&world, text, json!({"stream": true})).await.status, 200);
        assert_eq!(said(&ask(&world, text, json!({"tools": [tool]})).await).1, None);
        let told = format!("{text} for ana@school.example");
        assert_eq!(said(&ask(&world, &told, json!({})).await), (told.clone(), None));
    }
    assert_eq!(upstream.chats_and_embeddings(), (6, 0));
}

#[tokio::test]
async fn where_no_vector_comes_in_time_the_question_is_asked() {
    for embeddings in ["status-500", "hang", "not-json", "nowhere"] {
        let upstream = Upstream::start().await;
        let world = world(&upstream, embeddings).await;
        for number in 0..7 {
            let begun = Instant::now();
            let text = format!("Fugue {number}");
            assert_eq!(said(&ask(&world, &text, json!({})).await), (text, None), "{embeddings}");
            assert!(begun.elapsed() < Duration::from_secs(5), "{embeddings}: {:?}", begun.elapsed());
        }
        let (chats, vectors) = upstream.chats_and_embeddings();
        assert_eq!(chats, 7);
        // Two tries each; after five failures nobody waits for a while.
        assert!(vectors <= 10, "{embeddings}: {vectors}");
    }
}

#[tokio::test]
async fn what_has_ended_is_asked_again() {
    let upstream = Upstream::start().await;
    let world = World::new(&settings(upstream.port, "embed", true, 2)).await;
    assert_eq!(said(&ask(&world, "Fugue 0", json!({})).await).1, None);
    assert_eq!(said(&ask(&world, "Fugue 1", json!({})).await).1, Some("similar"));
    tokio::time::sleep(Duration::from_millis(2_100)).await;
    assert_eq!(said(&ask(&world, "Fugue 2", json!({})).await), ("Fugue 2".to_owned(), None));
}

#[tokio::test]
async fn no_question_goes_further_to_be_compared_than_to_be_answered() {
    // The model for vectors is not of the house, and has no agreement.
    for level in ["strict", "standard", "relaxed"] {
        let upstream = Upstream::start().await;
        let text = settings(upstream.port, "embed", false, 60);
        let world = World::at_level(World::database().await, &text, level).await;
        for text in ["Fugue 0", "Fugue 1"] {
            assert_eq!(said(&ask(&world, text, json!({})).await), (text.to_owned(), None), "{level}");
        }
        assert_eq!(upstream.chats_and_embeddings(), (2, 0), "{level}: the answer is of the house");
    }
    for (level, vectors) in [("standard", 0), ("relaxed", 2)] {
        let upstream = Upstream::start().await;
        let route = "targets = [{ provider = \"p\", model = \"echo\" }]";
        let outside = "targets = [{ provider = \"cloud\", model = \"echo\" }]";
        let cloud = format!(
            "[[provider]]\nname = \"cloud\"\ndialect = \"openai\"\nbase_url = \"http://127.0.0.1:{}/v1\"\nlocal = false\n\
             agreement = \"signed\"\n",
            upstream.port
        );
        let text = settings(upstream.port, "embed", false, 60).replace(route, outside) + &cloud;
        let world = World::at_level(World::database().await, &text, level).await;
        let kept = [("Fugue 0", None), ("Fugue 1", (vectors > 0).then_some("similar"))];
        for (text, kept) in kept {
            assert_eq!(said(&ask(&world, text, json!({})).await).1, kept, "{level}");
        }
        assert_eq!(upstream.chats_and_embeddings().1, vectors, "{level}");
    }
}

#[tokio::test]
async fn a_spent_budget_stops_vectors_as_well() {
    let upstream = Upstream::start().await;
    let text = settings(upstream.port, "embed", true, 60)
        + "[[budget]]\nfor = \"key:k\"\nperiod = \"day\"\namount = \"0\"\nhard = true\n";
    let world = World::new(&text).await;
    assert_eq!(ask(&world, "Fugue 0", json!({})).await.status, 429);
    assert_eq!(upstream.chats_and_embeddings(), (0, 0));
}
