//! Streams that are not what they should be, and callers who do not wait for their end.

use crate::upstream::Upstream;
use crate::world::{Front, World};
use serde_json::{Value, json};

/// What the last event of a stream says, in its caller's dialect.
fn last(text: &str) -> Value {
    let line = text.lines().rfind(|line| line.starts_with("data: {")).unwrap_or_else(|| panic!("{text}"));
    serde_json::from_str(line.trim_start_matches("data: ")).unwrap()
}

/// It began, so that no other model can answer: the caller sees that it broke off, and pays for what came.
#[tokio::test]
async fn a_stream_that_breaks_off_ends_with_an_error_that_the_caller_sees() {
    let upstream = Upstream::start().await;
    let route = |provider: &str, model: &str| {
        format!(
            "[[route]]\nmodel = \"r-{model}\"\ntargets = [{{ provider = \"{provider}\", model = \"{model}\" }}, \
             {{ provider = \"p\", model = \"good\", order = 2 }}]\n"
        )
    };
    let more = route("p", "cut") + &route("q", "stall") + &route("p", "error-event") + &route("q", "endless-slow");
    let world = World::with(&upstream, &more).await;
    let models = ["cut", "stall", "error-event", "endless-slow"];
    for (asked, model) in models.iter().enumerate() {
        let model = format!("r-{model}");
        for front in Front::ALL {
            let answer = world.ask_as(front, &model, true).await;
            assert_eq!(answer.status, 200, "{model}");
            let event = last(&answer.text);
            assert!(event["error"]["message"].is_string(), "{model}: {}", answer.text);
            assert_eq!(event["type"] == "error", front == Front::Anthropic, "{model}: {}", answer.text);
            // Google's SDK tells by the number whose fault it is, and looks at the first member alone.
            let numbered = answer.text.contains("data: {\"error\":{\"code\":5");
            assert_eq!(numbered, front == Front::Gemini, "{model}: {}", answer.text);
            assert_eq!(answer.text.matches("\"error\":").count(), 1, "{model}: it is said once: {}", answer.text);
            assert!(answer.text.matches("word ").count() >= 3, "{model}: what came before is passed on");
            for end in ["[DONE]", "message_stop", "finishReason"] {
                assert!(!answer.text.contains(end), "{}", answer.text);
            }
        }
        assert_eq!(upstream.asked(), (asked + 1) * Front::ALL.len(), "{model}: nobody else is asked");
    }
    let calls = world.calls().await;
    let mut statuses: Vec<&str> = calls.iter().map(|(status, ..)| status.as_str()).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [["timeout"; 6], ["unavailable"; 6]].concat());
    for (_, input, output, cost, estimated) in calls {
        assert!(input > 0 && output >= 3 && estimated, "{input} {output}");
        assert_eq!(cost, input * 150_000 + output * 600_000);
    }
}

#[tokio::test]
async fn a_stream_is_known_by_what_it_is_and_not_by_what_it_is_called() {
    let upstream = Upstream::start().await;
    let world = World::with(&upstream, "").await;
    for model in ["called-json", "called-text", "called-nothing"] {
        for front in Front::ALL {
            let answer = world.ask_as(front, model, true).await;
            assert_eq!((answer.status, answer.text.matches("word ").count()), (200, 6), "{model}: {}", answer.text);
            assert!(answer.headers["content-type"].to_str().unwrap().starts_with("text/event-stream"));
        }
    }
    assert!(
        world
            .calls()
            .await
            .iter()
            .all(|(status, input, output, ..)| (status.as_str(), *input, *output) == ("ok", 42, 7))
    );
}

#[tokio::test]
async fn who_does_not_stream_is_passed_on_as_a_stream() {
    let upstream = Upstream::start().await;
    let world = World::with(&upstream, "").await;
    for usage in [false, true] {
        let members = json!({"model": "no-streams", "stream": true, "stream_options": {"include_usage": usage}});
        let answer = world.chat(&members).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        assert!(answer.headers["content-type"].to_str().unwrap().starts_with("text/event-stream"));
        assert!(answer.text.contains("\"Hello.\"") && answer.text.ends_with("data: [DONE]\n\n"), "{}", answer.text);
        assert_eq!(answer.text.contains("prompt_tokens"), usage, "{}", answer.text);
    }
    for (front, end) in [(Front::Anthropic, "event: message_stop"), (Front::Gemini, "\"finishReason\":\"STOP\"")] {
        let answer = world.ask_as(front, "no-streams", true).await;
        assert!(answer.text.contains("Hello.") && answer.text.contains(end), "{}", answer.text);
    }
    let calls = world.calls().await;
    let cost = 30 * 150_000 + 12 * 75_000 + 7 * 600_000;
    assert!(calls.iter().all(|call| *call == ("ok".to_owned(), 42, 7, cost, false)), "{calls:?}");
}

#[tokio::test]
async fn a_line_without_an_end_is_given_up() {
    let upstream = Upstream::start().await;
    let world = World::with(&upstream, "").await;
    for front in Front::ALL {
        let answer = world.ask_as(front, "endless-line", true).await;
        assert_eq!(answer.status, 502, "{front:?}: {}", answer.text);
    }
    assert!(world.calls().await.iter().all(|(status, .., cost, _)| status == "nonsense" && *cost == 0));
}

/// Asks, and gives the answer's stream after its first pieces.
async fn begun(world: &World, front: Front) -> axum::body::BodyDataStream {
    let (path, body) = front.question("endless", true);
    let request = axum::http::Request::post(path).header("authorization", "Bearer sk-test");
    let request = request.body(axum::body::Body::from(body)).unwrap();
    let response = tower::ServiceExt::oneshot(world.router.clone(), request).await.unwrap();
    let mut stream = response.into_body().into_data_stream();
    let mut seen = Vec::new();
    while String::from_utf8_lossy(&seen).matches("word ").count() < 3 {
        let piece = futures_util::StreamExt::next(&mut stream).await.unwrap().unwrap();
        seen.extend_from_slice(&piece);
    }
    stream
}

#[tokio::test]
async fn who_hangs_up_stops_the_provider_and_pays_for_what_came() {
    for front in Front::ALL {
        let upstream = Upstream::start().await;
        let world = World::with(&upstream, "").await;
        drop(begun(&world, front).await);
        upstream.left().await;
        let calls = world.calls().await;
        let [(status, input, output, cost, true)] = &calls[..] else { panic!("{calls:?}") };
        assert!(status == "cancelled" && *input > 0 && *output >= 3, "{calls:?}");
        assert_eq!(*cost, input * 150_000 + output * 600_000);
    }
}

#[tokio::test]
async fn who_hangs_up_before_a_word_came_stops_the_provider_and_pays_for_the_question() {
    for (front, stream) in Front::ALL.into_iter().flat_map(|front| [(front, false), (front, true)]) {
        let upstream = Upstream::start().await;
        let world = World::with(&upstream, "").await;
        // The provider has the question, and the head of its answer is there.
        tokio::select! {
            answer = world.ask_as(front, "quiet", stream) => panic!("{}", answer.text),
            () = upstream.asked_for(1) => {}
        }
        upstream.left().await;
        let calls = world.calls().await;
        let [(status, input, 0, cost, true)] = &calls[..] else { panic!("{calls:?}") };
        assert!(status == "cancelled" && *input > 0, "{calls:?}");
        assert_eq!(*cost, input * 150_000);
    }
}
