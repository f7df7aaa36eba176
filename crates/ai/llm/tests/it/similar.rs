//! Answers to questions that are nearly the same. The made-up model for vectors turns "Fugue 8" into a direction of eight
//! degrees: cosines are 0.990 for 8 degrees, 0.966 for 15.

use crate::admin::{another, codes, own, read};
use crate::upstream::Upstream;
use crate::world::{Answer, World, file, price};
use eduai_llm::admin::ModelRoutePatch;
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

#[tokio::test]
async fn no_school_is_given_what_was_answered_to_another() {
    let upstream = Upstream::start().await;
    let world = world(&upstream, "embed").await;
    let school = another(&world.db).await;
    let mut provider = own(&upstream, "p");
    provider.models = vec!["echo".to_owned(), "embed".to_owned()];
    world.gateway.create_provider(&school, &provider).await.unwrap();
    let route = json!({"model": "like", "targets": [{"provider": "p", "model": "echo"}], "cache_seconds": 60,
        "similar": 0.97});
    let made = world.gateway.create_route(&school, &read(route)).await.unwrap();
    assert_eq!(made.similar, Some(0.97));
    let key = world.gateway.create_key(&school, &read(json!({"name": "theirs", "models": ["like"]}))).await.unwrap();
    let theirs = async |text: &str| {
        let body = json!({"model": "like", "messages": [{"role": "user", "content": text}], "max_tokens": 50});
        world.send("POST", "/v1/chat/completions", &key.secret, &body.to_string()).await
    };
    assert_eq!(said(&ask(&world, "Fugue 0", json!({})).await).1, None);
    assert_eq!(said(&theirs("Fugue 1").await), ("Fugue 1".to_owned(), None));
    assert_eq!(
        said(&theirs("Fugue 0").await),
        ("Fugue 1".to_owned(), Some("similar")),
        "its own, though the other is nearer"
    );
    assert_eq!(said(&ask(&world, "Fugue 1", json!({})).await), ("Fugue 0".to_owned(), Some("similar")));
    assert_eq!(upstream.chats_and_embeddings(), (2, 4), "a key need not name the model that the operator compares by");
}

#[tokio::test]
async fn administrators_set_how_much_alike_is_enough() {
    let upstream = Upstream::start().await;
    let world = world(&upstream, "embed").await;
    let school = another(&world.db).await;
    world.gateway.create_provider(&school, &own(&upstream, "p")).await.unwrap();
    let route = |seconds: u32, similar: f64| {
        read(json!({"model": "like", "targets": [{"provider": "p", "model": "good"}], "cache_seconds": seconds,
            "similar": similar}))
    };
    for (seconds, similar, code) in [(60, 0.4, "out_of_range"), (60, 1.1, "out_of_range"), (0, 0.9, "needs_cache")] {
        let wrong = world.gateway.create_route(&school, &route(seconds, similar)).await.unwrap_err();
        assert_eq!((wrong.fields[0].field.as_str(), codes(&wrong)), ("similar", vec![code]));
    }
    let made = world.gateway.create_route(&school, &route(60, 0.9)).await.unwrap();
    let change = async |patch: Value| {
        let patch: ModelRoutePatch = read(patch);
        world.gateway.change_route(&school, made.id, &patch, |_| Ok(())).await
    };
    assert_eq!(change(json!({"attempts": 3})).await.unwrap().similar, Some(0.9), "what is absent stays");
    assert_eq!(codes(&change(json!({"cache_seconds": 0})).await.unwrap_err()), ["needs_cache"]);
    assert_eq!(change(json!({"similar": null, "cache_seconds": 0})).await.unwrap().similar, None);
    assert_eq!(world.gateway.routes(&school).await.unwrap()[0].similar, None);
}
