//! Two programs over one database behave as one.

use crate::server::{Folder, Server};
use serde_json::{Value, json};
use std::io::Read as _;
use std::time::{Duration, Instant};

const UNLIMITED: (&str, &str) = ("EDUAI_REQUESTS_PER_MINUTE", "0");

fn status(server: &Server, path: &str, cookie: &str) -> u16 {
    let (head, _) = server.ask(path, cookie);
    head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0)
}

/// A piece that is asked for under a key: status, whether it is a repeated answer, and its id.
fn generate(server: &Server, cookie: &str, key: &str) -> (u16, bool, String) {
    use std::io::Write as _;
    let body = json!({"user_prompt": "jazz and blues for a school party", "seed": 3, "skill_level": "beginner",
                      "educational_context": "classroom"})
    .to_string();
    let mut stream = std::net::TcpStream::connect(&server.address).unwrap();
    write!(
        stream,
        "POST /api/v1/mashup/generate HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncookie: {cookie}\r\n\
         content-type: application/json\r\nidempotency-key: {key}\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    let answer: Value = serde_json::from_str(body).unwrap_or(Value::Null);
    let code = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    (code, head.contains("idempotency-replayed: true"), answer["id"].as_str().unwrap_or_default().to_owned())
}

#[test]
fn what_is_done_on_one_is_known_to_the_other() {
    let folder = Folder::new("replicas");
    let one = Server::start_with(&folder.0, &[UNLIMITED]);
    let two = Server::start_with(&folder.0, &[UNLIMITED]);
    let cookie = one.visitor();
    let (_, me) = one.ask("/api/v1/me", &cookie);
    assert_eq!(two.ask("/api/v1/me", &cookie).1["id"], me["id"], "a visitor of one is the same visitor of the other");

    // The same key at the same time on both: one piece, and both give it in the end.
    let both = [&one, &two].map(|server| {
        let (server, cookie) = (server.address.clone(), cookie.clone());
        std::thread::spawn(move || {
            let server = Server::at(&server);
            loop {
                match generate(&server, &cookie, "the-same-key") {
                    (409, ..) => std::thread::sleep(Duration::from_millis(50)),
                    done => return done,
                }
            }
        })
    });
    let answers = both.map(|asked| asked.join().unwrap());
    assert!(answers.iter().all(|(status, _, id)| *status == 201 && !id.is_empty()), "{answers:?}");
    assert_eq!(answers[0].2, answers[1].2);
    assert_eq!(answers.iter().filter(|(_, repeated, _)| *repeated).count(), 1, "{answers:?}");
    for server in [&one, &two] {
        assert_eq!(server.ask("/api/v1/mashup", &cookie).1["items"].as_array().unwrap().len(), 1);
        assert_eq!(status(server, &format!("/api/v1/mashup/{}", answers[0].2), &cookie), 200);
    }
}

#[test]
fn a_piece_whose_program_is_killed_is_finished_by_the_other() {
    let folder = Folder::new("take-over");
    let mut one = Server::start_with(&folder.0, &[UNLIMITED]);
    let two = Server::start_with(&folder.0, &[UNLIMITED]);
    let cookie = one.visitor();
    let request = json!({"user_prompt": "jazz and blues for a school party", "seed": 4, "skill_level": "beginner",
                         "educational_context": "classroom"});
    let mut stream = one.open("POST", "/api/v1/mashup/generate", &cookie, "text/event-stream", &request.to_string());
    let mut begun = [0; 900];
    stream.read_exact(&mut begun).unwrap();
    let text = String::from_utf8_lossy(&begun).into_owned();
    let at = text.find("\"session_id\":\"").unwrap() + 14;
    one.kill();
    let path = format!("/api/v1/sessions/{}", &text[at..at + 36]);
    let began = Instant::now();
    loop {
        let (_, session) = two.ask(&path, &cookie);
        if session["status"] == "completed" {
            break;
        }
        assert!(began.elapsed() < Duration::from_secs(20), "{session}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn a_rate_holds_for_both_together() {
    const QUOTA: usize = 600;
    let folder = Folder::new("rates");
    let quota = QUOTA.to_string();
    let limited = [("EDUAI_REQUESTS_PER_MINUTE", quota.as_str())];
    let (one, two) = (Server::start_with(&folder.0, &limited), Server::start_with(&folder.0, &limited));
    // Until each has heard that it is not alone.
    std::thread::sleep(Duration::from_secs(4));
    let began = Instant::now();
    let asking = [&one, &two].map(|server| {
        let address = server.address.clone();
        std::thread::spawn(move || {
            let server = Server::at(&address);
            (0..QUOTA)
                .filter(|_| {
                    std::thread::sleep(Duration::from_millis(2));
                    status(&server, "/health", "") == 200
                })
                .count()
        })
    });
    let passed: usize = asking.map(|asked| asked.join().unwrap()).iter().sum();
    let allowed = QUOTA + QUOTA * began.elapsed().as_millis() as usize / 60_000;
    println!("{passed} of {} passed in {:?}; {allowed} were allowed", 2 * QUOTA, began.elapsed());
    assert!(passed >= QUOTA && passed <= allowed + allowed / 5, "{passed} passed, {allowed} were allowed");
    // Now that both know, neither lets another in.
    std::thread::sleep(Duration::from_millis(400));
    assert!([&one, &two].iter().all(|server| (0..20).any(|_| status(server, "/health", "") == 429)));
}

#[test]
fn composing_is_limited_for_both_together() {
    let folder = Folder::new("generations");
    let limited = [UNLIMITED, ("EDUAI_GUEST_GENERATIONS_PER_HOUR", "4")];
    let (one, two) = (Server::start_with(&folder.0, &limited), Server::start_with(&folder.0, &limited));
    // Until each has heard that it is not alone.
    std::thread::sleep(Duration::from_secs(4));
    let cookie = one.visitor();
    let made = |server: &Server, key: &str| {
        let (status, ..) = generate(server, &cookie, key);
        std::thread::sleep(Duration::from_millis(500));
        status
    };
    assert_eq!(["a", "b", "c"].map(|key| made(&one, key)), [201, 201, 201]);
    assert_eq!(made(&two, "d"), 201, "one was left");
    assert_eq!([made(&two, "e"), made(&one, "f")], [429, 429]);
    // Another visitor of the same address has none left either, wherever they ask.
    let other = two.visitor();
    assert_eq!([generate(&one, &other, "g").0, generate(&two, &other, "h").0], [429, 429]);
}
