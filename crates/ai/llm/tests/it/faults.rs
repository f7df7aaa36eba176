//! Providers that fail in every way that is known, before anything of their answer was passed on: what the caller sees,
//! how often was asked, what is written down, and whether another model answers instead.

use crate::upstream::Upstream;
use crate::world::{Answer, Front, World, file};
use serde_json::Value;

/// A way to fail: the model that fails so, the status that the caller sees, how the call is recorded, how often the
/// provider is asked (0: it depends on the connection), and whether another model is asked then.
type Fault = (&'static str, u16, &'static str, usize, bool);

/// Statuses, which reach the caller as themselves.
const STATUSES: &[Fault] = &[
    ("status-302", 502, "nonsense", 2, true),
    ("status-400", 400, "context_overflow", 1, false),
    ("status-401", 401, "authentication", 1, true),
    ("status-403", 403, "permission", 1, true),
    ("status-404", 404, "not_found", 1, true),
    ("status-408", 408, "timeout", 2, true),
    ("status-413", 413, "too_large", 1, false),
    ("status-422", 422, "invalid", 1, false),
    ("status-429", 429, "rate_limited", 2, true),
    ("status-429-after-7", 429, "rate_limited", 1, true),
    ("status-429-ms-20", 429, "rate_limited", 2, true),
    ("status-429-ms-7500", 429, "rate_limited", 1, true),
    ("status-429-date", 429, "rate_limited", 1, true),
    ("status-500", 500, "unavailable", 2, true),
    ("status-502", 502, "unavailable", 2, true),
    ("status-503", 503, "unavailable", 2, true),
    ("status-504", 504, "timeout", 2, true),
    ("status-529", 529, "unavailable", 2, true),
    ("gzip-error", 500, "unavailable", 2, true),
];

/// Answers that are none.
const ANSWERS: &[Fault] = &[
    ("empty", 502, "nonsense", 2, true),
    ("not-json", 502, "nonsense", 2, true),
    ("no-choices", 502, "nonsense", 2, true),
    ("no-choice", 502, "nonsense", 2, true),
    ("no-message", 502, "nonsense", 2, true),
    ("list", 502, "nonsense", 2, true),
    ("error-200", 500, "unavailable", 2, true),
    ("short", 502, "nonsense", 0, true),
    ("half", 503, "unavailable", 2, true),
    ("chunks-cut", 503, "unavailable", 2, true),
    ("head-cut", 503, "unavailable", 0, true),
    ("closed", 503, "unavailable", 0, true),
    ("gzip-bomb", 502, "nonsense", 0, true),
    ("huge", 502, "nonsense", 0, true),
    ("huge-chunks", 502, "nonsense", 0, true),
    ("huge-error", 500, "unavailable", 0, true),
    ("no-http", 502, "nonsense", 0, true),
    ("many-headers", 502, "nonsense", 0, true),
    ("long-header", 502, "nonsense", 0, true),
    ("endless-head", 502, "nonsense", 0, true),
];

/// Those of which the provider has read the question and begun its answer: each try is charged for what was read.
const CHARGED: [&str; 2] = ["half", "chunks-cut"];

/// Every fault behind a route whose second model is well.
fn routes(faults: &[Fault], provider: &str) -> String {
    let route = |(model, ..): &Fault| {
        format!(
            "[[route]]\nmodel = \"r-{model}\"\ntargets = [{{ provider = \"{provider}\", model = \"{model}\" }}, \
             {{ provider = \"p\", model = \"good\", order = 2 }}]\n"
        )
    };
    faults.iter().map(route).collect()
}

/// An error in the shape that the caller's SDK reads.
fn said(answer: &Answer, front: Front) -> String {
    let body = answer.json();
    let error = &body["error"];
    if front == Front::Gemini {
        assert!(error["status"].is_string() && error["code"] == answer.status, "{}", answer.text);
    } else {
        assert!(error["type"].is_string(), "{}", answer.text);
    }
    assert!(front != Front::Anthropic || body["type"] == "error", "{}", answer.text);
    assert!(answer.headers["content-type"].to_str().unwrap().starts_with("application/json"));
    error["message"].as_str().unwrap().to_owned()
}

/// Asks for each fault, whole and as a stream, in each caller's words, alone and where another model can answer.
async fn each(faults: &[Fault], provider: &str) {
    let upstream = Upstream::start().await;
    let world = World::with(&upstream, &routes(faults, provider)).await;
    let mut expected = Vec::new();
    for &(model, status, recorded, tries, another) in faults {
        for (front, stream) in Front::ALL.into_iter().flat_map(|front| [(front, false), (front, true)]) {
            let case = format!("{model}, stream: {stream}, {front:?}");
            let before = upstream.asked();
            let answer = world.ask_as(front, model, stream).await;
            assert_eq!(answer.status, status, "{case}: {}", answer.text);
            assert!(!said(&answer, front).is_empty(), "{case}");
            let asked = upstream.asked() - before;
            assert!(asked == tries || (tries == 0 && asked > 0), "{case}: asked {asked} times");
            expected.push(recorded);
            if CHARGED.contains(&model) {
                // Each of the tries has a line of its own.
                expected.extend([recorded; 3]);
            }
            let answer = world.ask_as(front, &format!("r-{model}"), stream).await;
            assert_eq!(answer.status, if another { 200 } else { status }, "{case}: {}", answer.text);
            assert_eq!(
                answer.text.contains("Hello.") || answer.text.contains("word "),
                another,
                "{case}: {}",
                answer.text
            );
            expected.push(if another { "ok" } else { recorded });
        }
    }
    let calls = world.calls().await;
    let mut recorded: Vec<&str> = calls.iter().map(|(status, ..)| status.as_str()).collect();
    recorded.sort_unstable();
    expected.sort_unstable();
    assert_eq!(recorded, expected);
    for (status, input, output, cost, estimated) in &calls {
        if status == "ok" {
            let charged = 30 * 150_000 + 12 * 75_000 + 7 * 600_000;
            assert_eq!((*input, *output, *cost, *estimated), (42, 7, charged, false));
        } else {
            assert_eq!((*output, *cost, *estimated), (0, input * 150_000, *input > 0), "{status}");
        }
    }
    let charged = faults.iter().filter(|(model, ..)| CHARGED.contains(model)).count();
    assert_eq!(calls.iter().filter(|(.., estimated)| *estimated).count(), charged * Front::ALL.len() * 2 * 4);
}

async fn ask(world: &World, model: &str, stream: bool) -> Answer {
    world.ask_as(Front::OpenAi, model, stream).await
}

#[tokio::test]
async fn every_status_reaches_the_caller_as_itself() {
    each(STATUSES, "p").await;
}

#[tokio::test]
async fn what_cannot_be_read_is_an_error_and_never_an_answer() {
    each(ANSWERS, "p").await;
}

#[tokio::test]
async fn the_wait_that_a_provider_asks_for_is_told_however_it_was_said() {
    let upstream = Upstream::start().await;
    let world = World::with(&upstream, "").await;
    assert_eq!(world.ask("status-400").await.code(), "context_length_exceeded");
    for (model, wait) in [
        ("status-429", None),
        ("status-429-after-7", Some("7")),
        // A program that comes back too early comes in vain.
        ("status-429-ms-7500", Some("8")),
        ("status-429-date", Some("7")),
    ] {
        for stream in [false, true] {
            let answer = ask(&world, model, stream).await;
            assert_eq!((answer.status, answer.code().as_str()), (429, "rate_limit_exceeded"));
            assert_eq!(answer.headers.get("retry-after").map(|wait| wait.to_str().unwrap()), wait, "{model}");
        }
    }
}

/// What was packed without being asked for is not shown to anybody.
#[tokio::test]
async fn the_words_of_an_error_are_words() {
    let upstream = Upstream::start().await;
    let world = World::with(&upstream, "").await;
    let message = said(&world.ask("gzip-error").await, Front::OpenAi);
    assert_eq!(message, "the provider answered 500 and said nothing");
    let message = said(&world.ask("huge-error").await, Front::OpenAi);
    assert!(message.len() < 400, "{message}");
}

#[tokio::test]
async fn one_bad_answer_does_not_spoil_the_next() {
    let upstream = Upstream::start().await;
    let world = World::with(&upstream, "").await;
    for (model, ..) in ANSWERS {
        world.ask(model).await;
        for stream in [false, true] {
            let answer = ask(&world, "good", stream).await;
            assert_eq!(answer.status, 200, "after {model}: {}", answer.text);
        }
    }
    assert_eq!(world.ask("bytewise").await.status, 200);
}

/// Who is slow is given up after the time that the file sets, and the provider is left.
#[tokio::test]
async fn who_does_not_come_to_an_end_is_given_up() {
    let upstream = Upstream::start().await;
    let world = World::with(&upstream, "").await;
    let cases = [
        ("hang", false),
        ("hang", true),
        ("trickle", false),
        ("trickle", true),
        ("trickle-head", false),
        ("waiting", true),
    ];
    let asked = cases.map(|(model, stream)| ask(&world, model, stream));
    for ((model, stream), answer) in cases.iter().zip(futures_util::future::join_all(asked).await) {
        assert_eq!(answer.status, 504, "{model}, stream: {stream}: {}", answer.text);
        assert_eq!(answer.json()["error"]["type"], "timeout_error", "{}", answer.text);
    }
    upstream.left().await;
    // They had the question, and may have read it.
    let calls = world.calls().await;
    let charged = |(status, input, output, cost, estimated): &(String, i64, i64, i64, bool)| {
        status == "timeout" && *estimated && *input > 0 && *output == 0 && *cost == input * 150_000
    };
    assert!(calls.len() >= cases.len() && calls.iter().all(charged), "{calls:?}");
}

#[tokio::test]
async fn another_model_answers_where_one_says_nothing_and_a_caller_may_ask_again() {
    let upstream = Upstream::start().await;
    let world = World::with(&upstream, &routes(&[("hang", 504, "timeout", 0, true)], "q")).await;
    let asked = [ask(&world, "r-hang", false), ask(&world, "r-hang", true)];
    for answer in futures_util::future::join_all(asked).await {
        assert_eq!(answer.status, 200, "{}", answer.text);
    }
    // The first question of a new provider fails, and the second does not.
    let upstream = Upstream::start().await;
    let world = World::with(&upstream, "").await;
    assert_eq!(world.ask("once-500").await.status, 200);
    assert_eq!(upstream.asked(), 2);
}

#[tokio::test]
async fn nobody_there_is_said_so() {
    for (address, why, code) in [
        ("http://127.0.0.1:9/v1", "connections", 503),
        ("http://no-such-name.invalid/v1", "no-such-name.invalid", 503),
        ("http://169.254.169.254/v1", "may be asked", 503),
    ] {
        let upstream = Upstream::start().await;
        // The other provider is there, and answers instead.
        let more = format!(
            "[[provider]]\nname = \"well\"\ndialect = \"openai\"\nbase_url = \"http://127.0.0.1:{}/v1\"\n{}[[route]]\n\
             model = \"r\"\ntargets = [{{ provider = \"p\", model = \"good\" }}, {{ provider = \"well\", model = \"good\", order = 2 }}]\n",
            upstream.port,
            crate::world::price("well", "good")
        );
        let text = file(1, &more).replacen("http://127.0.0.1:1/v1\"", &format!("{address}\"\nlocal = true"), 1);
        let world = World::new(&text).await;
        for stream in [false, true] {
            let answer = ask(&world, "good", stream).await;
            // Where no server of names answers at all, that is late and not unknown.
            assert!([code, 504].contains(&answer.status), "{}", answer.text);
            assert!(answer.text.contains(why), "{address}: {}", answer.text);
            assert_eq!(ask(&world, "r", stream).await.status, 200);
        }
        let calls = world.calls().await;
        assert!(calls.iter().all(|(status, .., cost, _)| (status == "ok") == (*cost > 0)), "{calls:?}");
    }
}

#[tokio::test]
async fn without_a_safe_connection_nothing_is_asked() {
    let folder = std::env::temp_dir().join(format!("eduai-tls-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    for (name, trusted, status) in
        [("localhost", true, 200), ("localhost", false, 503), ("elsewhere.example", true, 503)]
    {
        let (upstream, certificate) = Upstream::start_tls(name).await;
        let path = folder.join(format!("{}.pem", upstream.port));
        std::fs::write(&path, certificate).unwrap();
        let trust = if trusted { format!("ca_file = {:?}\n", path.to_str().unwrap()) } else { String::new() };
        let text = trust + &file(upstream.port, "").replace("http://127.0.0.1", "https://localhost");
        let world = World::new(&text).await;
        for stream in [false, true] {
            let answer = ask(&world, "good", stream).await;
            assert_eq!(answer.status, status, "{name}, trusted: {trusted}: {}", answer.text);
            assert!(status == 200 || answer.text.contains("no safe connection"), "{}", answer.text);
        }
        assert_eq!(upstream.asked() > 0, status == 200, "{name}, trusted: {trusted}");
    }
    std::fs::remove_dir_all(&folder).unwrap();
    // A server that speaks no TLS.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = tokio::io::AsyncWriteExt::write_all(&mut stream, b"220 hello\r\n").await;
        }
    });
    let text = file(port, "").replace("http://127.0.0.1", "https://127.0.0.1");
    let answer = World::new(&text).await.ask("good").await;
    assert_eq!(answer.status, 503, "{}", answer.text);
    assert!(answer.text.contains("no safe connection"), "{}", answer.text);
}

#[tokio::test]
async fn a_provider_that_fails_again_and_again_is_left_alone() {
    let upstream = Upstream::start().await;
    let text = file(upstream.port, "").replace("failures = 0", "failures = 3\nopen_ms = 3600000");
    let world = World::new(&text).await;
    for _ in 0..5 {
        assert!(world.ask("status-500").await.status >= 500);
    }
    assert!(upstream.asked() <= 4, "{}", upstream.asked());
    let answer = world.ask("good").await;
    assert_eq!((answer.status, answer.headers["retry-after"].to_str().unwrap()), (503, "5"));
    let body: Value = answer.json();
    assert_eq!(body["error"]["code"], "provider_resting");
}
