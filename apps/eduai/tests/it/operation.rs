//! The real program, as its operator and as its enemies see it.

use crate::server::{Folder, Server};
use serde_json::{Value, json};
use std::io::Read as _;
use std::time::{Duration, Instant};

const GENERATE: &str = "/api/v1/mashup/generate";

fn post(cookie: &str, content_type: &str, length: usize, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "POST {GENERATE} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncookie: {cookie}\r\n\
         content-type: {content_type}\r\ncontent-length: {length}\r\n\r\n"
    );
    [head.as_bytes(), body].concat()
}

/// Status and problem of an answer.
fn problem(answer: &str) -> (u16, Value) {
    let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    let body = answer.split_once("\r\n\r\n").map(|(_, body)| body).unwrap_or_default();
    (status, serde_json::from_str(body).unwrap_or(Value::Null))
}

#[test]
fn what_happens_is_counted_and_logged_without_words_of_persons() {
    let folder = Folder::new("operation");
    let server = Server::start(&folder.0);
    let cookie = server.visitor();
    let request = json!({"user_prompt": "blues and folk about my neighbour Zebulon", "seed": 1,
                         "skill_level": "beginner", "educational_context": "classroom"});
    let mut answer = String::new();
    server
        .open("POST", GENERATE, &cookie, "application/json", &request.to_string())
        .read_to_string(&mut answer)
        .unwrap();
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");

    let mut metrics = String::new();
    server.open("GET", "/metrics", "", "*/*", "").read_to_string(&mut metrics).unwrap();
    let counted = "http_requests_total{method=\"POST\",endpoint=\"/api/v1/mashup/generate\",status_code=\"201\"} 1";
    assert!(metrics.contains(counted), "{metrics}");
    assert!(metrics.contains("http_request_duration_seconds_bucket"), "{metrics}");

    let log = server.log();
    let first: Value = serde_json::from_str(log.lines().next().unwrap()).unwrap();
    assert_eq!(first["level"], "INFO", "{log}");
    let secret = cookie.split_once('=').unwrap().1;
    assert!(!log.contains("Zebulon") && !log.contains(secret), "{log}");
}

#[test]
fn bodies_that_are_no_requests_are_refused_without_waiting() {
    let folder = Folder::new("bodies");
    let server = Server::start(&folder.0);
    let cookie = server.visitor();
    let deep = format!("{{\"user_prompt\": {}{}}}", "[".repeat(10_000), "]".repeat(10_000));
    let large = format!("{{\"user_prompt\": \"{}\"}}", "a".repeat(10 << 20));
    let nul = json!({"user_prompt": "jazz and rock\u{0} with a hole", "skill_level": "beginner",
                     "educational_context": "classroom"})
    .to_string();
    let surrogate = r#"{"user_prompt": "jazz and rock \ud800 halved", "skill_level": "beginner", "educational_context": "classroom"}"#;
    let latin = b"{\"user_prompt\": \"m\xfasica de jazz y rock\"}";
    let cases: [(&str, &str, &[u8], u16); 8] = [
        ("10 MB", "application/json", large.as_bytes(), 413),
        ("10,000 levels", "application/json", deep.as_bytes(), 400),
        ("a form", "application/x-www-form-urlencoded", b"user_prompt=jazz+and+rock", 415),
        ("no JSON", "application/json", b"{\"user_prompt\": \"jazz", 400),
        ("a NUL", "application/json", nul.as_bytes(), 422),
        ("half a character", "application/json", surrogate.as_bytes(), 400),
        ("Latin-1", "application/json", latin, 400),
        ("nothing", "application/json", b"", 400),
    ];
    for (name, content_type, body, expected) in cases {
        let began = Instant::now();
        let answer = server.raw(&post(&cookie, content_type, body.len(), body), Duration::from_secs(5));
        let took = began.elapsed();
        let (status, told) = problem(&answer);
        assert_eq!(status, expected, "{name}: {answer}");
        assert!(told["detail"].as_str().is_some_and(|text| text.len() > 10), "{name}: {answer}");
        assert!(took < Duration::from_secs(4), "{name}: {took:?}");
    }
    let (_, list) = server.ask("/api/v1/mashup", &cookie);
    assert_eq!(list["items"], json!([]), "nothing is half-stored");
}

#[test]
fn a_connection_that_breaks_does_no_harm() {
    let folder = Folder::new("broken");
    let server = Server::start(&folder.0);
    let cookie = server.visitor();
    // Half a body, then silence: the connection ends without a piece, and others are answered meanwhile.
    let half = post(&cookie, "application/json", 500, b"{\"user_prompt\": \"jazz and");
    let waiting = std::thread::spawn({
        let address = server.address.clone();
        move || {
            use std::io::Write as _;
            let mut stream = std::net::TcpStream::connect(address).unwrap();
            stream.write_all(&half).unwrap();
            std::thread::sleep(Duration::from_millis(500));
        }
    });
    assert_eq!(server.ask("/health", "").1["status"], "ok");
    waiting.join().unwrap();
    // A stream that nobody reads to its end: the piece is made all the same.
    let request = json!({"user_prompt": "country and house for a school party", "seed": 5,
                         "skill_level": "beginner", "educational_context": "classroom"});
    let mut stream = server.open("POST", GENERATE, &cookie, "text/event-stream", &request.to_string());
    let mut first = [0; 64];
    stream.read_exact(&mut first).unwrap();
    drop(stream);
    let began = Instant::now();
    let items = loop {
        let (_, list) = server.ask("/api/v1/mashup", &cookie);
        if list["items"].as_array().is_some_and(|items| !items.is_empty()) {
            break list["items"].clone();
        }
        assert!(began.elapsed() < Duration::from_secs(20), "the piece was not made: {list}");
        std::thread::sleep(Duration::from_millis(50));
    };
    assert_eq!(items.as_array().unwrap().len(), 1, "half a request makes nothing: {items}");
}
