//! What programs see.

use crate::upstream::Upstream;
use crate::world::{Front, World};
use serde_json::json;

#[tokio::test]
async fn an_answer_passes_through_byte_by_byte_with_what_nobody_knows_in_it() {
    let upstream = Upstream::start().await;
    let world = World::with(&upstream, "").await;
    let answer = world.chat(&json!({"model": "good", "unknown_wish": [1, {"a": null}]})).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_eq!(answer.json()["unknown_member"]["kept"], true);
    assert_eq!(answer.headers["x-llm-provider"], "p");
    let asked = upstream.bodies.lock().unwrap()[0].clone();
    assert_eq!((&asked["model"], &asked["unknown_wish"][1]), (&json!("good"), &json!({"a": null})));
}

#[tokio::test]
async fn a_stream_passes_through_and_its_usage_only_to_who_asked_for_it() {
    let upstream = Upstream::start().await;
    let world = World::with(&upstream, "").await;
    for (model, asked) in [("good", false), ("good", true), ("bytewise", false), ("bytewise", true)] {
        let options = if asked { json!({"include_usage": true}) } else { json!(null) };
        let answer = world.chat(&json!({"model": model, "stream": true, "stream_options": options})).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        assert!(answer.headers["content-type"].to_str().unwrap().starts_with("text/event-stream"));
        assert_eq!(answer.text.matches("word ").count(), 6, "{}", answer.text);
        assert!(answer.text.ends_with("data: [DONE]\n\n"), "{}", answer.text);
        assert_eq!(answer.text.contains("prompt_tokens"), asked, "{model}: {}", answer.text);
    }
    assert_eq!(upstream.bodies.lock().unwrap()[0]["stream_options"]["include_usage"], true, "we always ask");
    assert!(
        world
            .calls()
            .await
            .iter()
            .all(|(status, input, output, ..)| (status.as_str(), *input, *output) == ("ok", 42, 7))
    );
}

#[tokio::test]
async fn connections_are_used_again() {
    let upstream = Upstream::start().await;
    let world = World::with(&upstream, "").await;
    for _ in 0..5 {
        assert_eq!(world.ask("good").await.status, 200);
        assert_eq!(world.stream("good").await.status, 200);
    }
    assert_eq!(upstream.connected.load(std::sync::atomic::Ordering::SeqCst), 1);
}

#[tokio::test]
async fn who_has_no_good_key_is_told_so_and_nothing_is_asked() {
    let upstream = Upstream::start().await;
    let more = "requests_per_minute = 1\nmodels = [\"go*\"]\n[[key]]\nname = \"old\"\nsecret = \"sk-old\"\n\
        expires = \"2020-01-01T00:00:00Z\"\n[[key]]\nname = \"narrow\"\nsecret = \"sk-narrow\"\nscopes = [\"models\"]\n";
    let world = World::with(&upstream, more).await;
    let body = json!({"model": "good", "messages": []}).to_string();
    for (key, status, code) in [
        ("", 401, "invalid_api_key"),
        ("sk-nobody", 401, "invalid_api_key"),
        ("sk-old", 401, "invalid_api_key"),
        ("sk-narrow", 403, "scope_missing"),
    ] {
        let answer = world.send("POST", "/v1/chat/completions", key, &body).await;
        assert_eq!((answer.status, answer.code().as_str()), (status, code), "{key}: {}", answer.text);
    }
    assert_eq!(world.ask("slow").await.code(), "model_not_allowed");
    let limited = world.ask("good").await;
    assert_eq!((limited.status, limited.code().as_str()), (429, "rate_limit_exceeded"));
    assert_eq!(limited.headers["retry-after"], "60");
    assert_eq!(upstream.asked(), 0);
}

#[tokio::test]
async fn models_are_listed_and_one_that_is_not_there_has_near_ones() {
    let upstream = Upstream::start().await;
    let world = World::with(&upstream, "").await;
    let listed = world.send("GET", "/v1/models", "sk-test", "").await.json();
    let names: Vec<&str> = listed["data"].as_array().unwrap().iter().map(|m| m["id"].as_str().unwrap()).collect();
    assert!(names.contains(&"good") && names.contains(&"p/good"), "{names:?}");
    let unknown = world.ask("godo").await;
    assert_eq!((unknown.status, unknown.code().as_str()), (404, "model_not_found"));
    assert!(unknown.text.contains("good"), "{}", unknown.text);
}

#[tokio::test]
async fn what_is_no_question_is_refused_with_the_field() {
    let upstream = Upstream::start().await;
    let world = World::with(&upstream, "").await;
    let deep = format!("{{\"model\":\"good\",\"messages\":{}1{}}}", "[".repeat(300), "]".repeat(300));
    for body in [
        "",
        "{",
        "[]",
        "nonsense",
        "{\"messages\":[]}",
        "{\"model\":7}",
        "{\"model\":\"good\",\"stream\":\"yes\"}",
        &deep,
    ] {
        let answer = world.send("POST", "/v1/chat/completions", "sk-test", body).await;
        assert_eq!(answer.status, 400, "{body}: {}", answer.text);
        assert!(answer.json()["error"]["message"].is_string());
    }
    let large = format!("{{\"model\":\"good\",\"x\":\"{}\"}}", "x".repeat(33 << 20));
    assert_eq!(world.send("POST", "/v1/chat/completions", "sk-test", &large).await.status, 413);
    assert_eq!(upstream.asked(), 0);
}

#[tokio::test]
async fn a_program_of_anthropic_is_answered_by_a_provider_of_openai() {
    let upstream = Upstream::start().await;
    let world = World::with(&upstream, "").await;
    let ask = |model: &str, stream: bool| {
        json!({"model": model, "max_tokens": 50, "stream": stream, "system": "Be brief.",
            "messages": [{"role": "user", "content": "Hello?"}]})
        .to_string()
    };
    let answer = world.send("POST", "/v1/messages", "sk-test", &ask("good", false)).await;
    let reply = answer.json();
    assert_eq!(
        (answer.status, &reply["type"], &reply["content"][0]["text"]),
        (200, &json!("message"), &json!("Hello."))
    );
    assert_eq!((&reply["stop_reason"], &reply["usage"]["output_tokens"]), (&json!("end_turn"), &json!(7)));
    let asked = upstream.bodies.lock().unwrap()[0].clone();
    assert_eq!((&asked["messages"][0]["role"], &asked["messages"][1]["content"]), (&json!("system"), &json!("Hello?")));
    let stream = world.send("POST", "/v1/messages", "sk-test", &ask("good", true)).await;
    assert_eq!(stream.text.matches("text_delta").count(), 6, "{}", stream.text);
    assert!(stream.text.contains("event: message_stop"), "{}", stream.text);
    let cut = world.send("POST", "/v1/messages", "sk-test", &ask("cut", true)).await;
    assert!(cut.text.contains("event: error"), "{}", cut.text);
    let refused = world.send("POST", "/v1/messages", "sk-nobody", &ask("good", false)).await;
    assert_eq!(
        (refused.status, &refused.json()["type"], &refused.json()["error"]["type"]),
        (401, &json!("error"), &json!("authentication_error"))
    );
    let limited = world.send("POST", "/v1/messages", "sk-test", &ask("status-429-after-7", false)).await;
    assert_eq!((limited.status, limited.headers["retry-after"].to_str().unwrap()), (429, "7"));
    let calls = world.calls().await;
    let good: Vec<_> = calls.iter().filter(|(status, ..)| status == "ok").collect();
    assert!(good.len() == 2 && good.iter().all(|(_, input, output, ..)| (*input, *output) == (42, 7)), "{calls:?}");
}

#[tokio::test]
async fn a_program_of_googles_is_answered_by_a_provider_of_openai() {
    let upstream = Upstream::start().await;
    let world =
        World::with(&upstream, "[[key]]\nname = \"vectors\"\nsecret = \"sk-vectors\"\nscopes = [\"embeddings\"]\n")
            .await;
    let answer = world.ask_as(Front::Gemini, "good", false).await;
    let reply = answer.json();
    assert_eq!((answer.status, &reply["candidates"][0]["content"]["parts"][0]["text"]), (200, &json!("Hello.")));
    let usage = json!({"promptTokenCount": 42, "cachedContentTokenCount": 12, "candidatesTokenCount": 7, "totalTokenCount": 49});
    assert_eq!((&reply["candidates"][0]["finishReason"], &reply["usageMetadata"]), (&json!("STOP"), &usage));
    let asked = upstream.bodies.lock().unwrap()[0].clone();
    assert_eq!((&asked["model"], &asked["messages"][0]["content"]), (&json!("good"), &json!("Hello?")));
    let stream = world.ask_as(Front::Gemini, "p/good", true).await;
    assert_eq!(stream.text.matches("\"text\":\"word \"").count(), 6, "{}", stream.text);
    assert!(stream.text.trim_end().ends_with('}') && stream.text.contains("\"totalTokenCount\":49"), "{}", stream.text);
    let limited = world.ask_as(Front::Gemini, "status-429-after-7", false).await;
    assert_eq!((limited.status, limited.headers["retry-after"].to_str().unwrap()), (429, "7"));
    assert!(limited.text.contains("\"retryDelay\":\"7s\""), "{}", limited.text);
    let calls = world.calls().await;
    let good: Vec<_> = calls.iter().filter(|(status, ..)| status == "ok").collect();
    assert!(good.len() == 2 && good.iter().all(|(_, input, output, ..)| (*input, *output) == (42, 7)), "{calls:?}");

    // Each of the path's methods asks for its own scope, and what is no method is nobody's.
    let (path, body) = Front::Gemini.question("good", false);
    for (path, key, status) in [
        (path.as_str(), "sk-nobody", 401),
        (path.as_str(), "sk-vectors", 403),
        ("/gemini/v1beta/models/good:batchEmbedContents", "sk-vectors", 400),
        ("/gemini/v1beta/models/good:embedContent", "sk-vectors", 400),
        ("/gemini/v1beta/models/good:streamGenerateContent", "sk-test", 400),
        ("/gemini/v1beta/models/good:countTokens", "sk-test", 404),
        ("/gemini/v1beta/models/godo:generateContent", "sk-test", 404),
        ("/gemini/v1beta/models/%ff:generateContent", "sk-test", 404),
        ("/gemini/v2/models/good:generateContent", "sk-test", 404),
    ] {
        let answer = world.send("POST", path, key, &body).await;
        assert_eq!(
            (answer.status, &answer.json()["error"]["code"]),
            (status, &json!(status)),
            "{path}: {}",
            answer.text
        );
    }
    let listed = world.send("GET", "/gemini/v1beta/models", "sk-test", "").await.json();
    assert!(listed["models"].as_array().unwrap().iter().any(|model| model["name"] == "models/p/good"), "{listed}");
    assert_eq!(world.send("GET", "/gemini/v1beta/models", "sk-vectors", "").await.status, 403);
    assert_eq!(world.send("GET", "/gemini/v1/models/p%2Fgood", "sk-test", "").await.json()["name"], "models/p/good");
    assert_eq!(world.send("GET", "/gemini/v1beta/models/godo", "sk-test", "").await.status, 404);
}

/// Where the model stands in the path alone, an answer that is kept must not be another model's.
#[tokio::test]
async fn an_answer_that_is_kept_is_the_models_own() {
    let upstream = Upstream::start().await;
    let route = |name: &str| {
        format!(
            "[[route]]\nmodel = \"{name}\"\ncache_seconds = 600\ntargets = [{{ provider = \"p\", model = \"good\" }}]\n"
        )
    };
    let world = World::with(&upstream, &(route("one") + &route("other"))).await;
    for (model, asked) in [("one", 1), ("other", 2), ("one", 2), ("other", 2)] {
        assert_eq!(world.ask_as(Front::Gemini, model, false).await.status, 200);
        assert_eq!(upstream.asked(), asked, "{model}");
    }
}
