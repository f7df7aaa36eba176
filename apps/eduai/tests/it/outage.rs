//! The database goes away, in every way that it can, and comes back: whoever needs it meanwhile hears so in time, nobody
//! hears of a fault of ours, and a second after its return all is as before.

use crate::proxy::{Mode, Proxy};
use crate::server::{Folder, Server};
use eduai::rooms;
use eduai_testkit::TestDb;
use serde_json::{Value, json};
use sqlx::Executor as _;
use std::io::Read as _;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

const UNLIMITED: (&str, &str) = ("EDUAI_REQUESTS_PER_MINUTE", "0");
/// No answer may take longer.
const AT_ONCE: Duration = Duration::from_secs(5);
/// So soon after the database's return everything works.
const SOON: Duration = Duration::from_secs(1);

/// An answer: when its request was sent, how long it took, its status and body.
#[derive(Debug)]
struct Seen {
    sent: Instant,
    took: Duration,
    status: u16,
    body: String,
}

/// Asks again and again on several threads, a new connection each time, until told to stop.
struct Load {
    stop: Arc<AtomicBool>,
    seen: Arc<Mutex<Vec<Seen>>>,
    threads: Vec<JoinHandle<()>>,
}

fn ask(address: &str, request: &str) -> Seen {
    use std::io::Write as _;
    let sent = Instant::now();
    let mut text = String::new();
    let mut stream = std::net::TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let _ = stream.read_to_string(&mut text);
    let status = text.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    let body = text.split_once("\r\n\r\n").map(|(_, body)| body.to_owned()).unwrap_or_default();
    Seen { sent, took: sent.elapsed(), status, body }
}

fn get(path: &str, cookie: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncookie: {cookie}\r\n\r\n")
}

impl Load {
    fn start(server: &Server, cookie: &str) -> Self {
        let (stop, seen) = (Arc::new(AtomicBool::new(false)), Arc::new(Mutex::new(Vec::new())));
        // Reads of two rooms, and a newcomer, for whom something is written.
        let requests = [get("/api/v1/mashup", cookie), get("/api/v1/me", cookie), get("/api/v1/me", "")];
        let threads = (0..12).map(|number| {
            let (stop, seen) = (stop.clone(), seen.clone());
            let (address, request) = (server.address.clone(), requests[number % 3].clone());
            std::thread::spawn(move || {
                while !stop.load(Ordering::Relaxed) {
                    let answer = ask(&address, &request);
                    seen.lock().unwrap().push(answer);
                    std::thread::sleep(Duration::from_millis(if number % 3 == 2 { 100 } else { 20 }));
                }
            })
        });
        Self { threads: threads.collect(), stop, seen }
    }

    fn end(self) -> Vec<Seen> {
        self.stop.store(true, Ordering::Relaxed);
        self.threads.into_iter().for_each(|thread| thread.join().unwrap());
        Arc::into_inner(self.seen).unwrap().into_inner().unwrap()
    }
}

/// What holds for every answer while the database was away, from `gone` until it was back at `back`.
fn judge(seen: &[Seen], gone: Instant, back: Instant) -> usize {
    let mut refused = 0;
    for answer in seen {
        assert!(answer.took < AT_ONCE, "{answer:?}");
        match answer.status {
            200 => {}
            503 => {
                let problem: Value = serde_json::from_str(&answer.body).unwrap();
                assert_eq!(problem["code"], "database_unavailable", "{answer:?}");
                assert!(answer.sent + answer.took >= gone, "before anything happened: {answer:?}");
                assert!(answer.sent < back + SOON, "{:?} after its return: {answer:?}", answer.sent - back);
                refused += 1;
            }
            _ => panic!("{answer:?}"),
        }
    }
    assert!(
        seen.iter().any(|answer| answer.sent > back + SOON && answer.status == 200),
        "nothing was asked afterwards"
    );
    refused
}

fn postmaster(data: &Path) -> i32 {
    let text = std::fs::read_to_string(data.join("pg/postmaster.pid")).unwrap_or_default();
    let ready = text.lines().nth(7).is_some_and(|line| line.trim() == "ready");
    text.lines().next().filter(|_| ready).and_then(|pid| pid.parse().ok()).unwrap_or(0)
}

fn signal(pid: i32, name: &str) {
    assert!(Command::new("kill").args([name, &pid.to_string()]).status().unwrap().success());
}

#[test]
fn a_database_of_its_own_that_is_killed_or_stopped_is_started_again() {
    let folder = Folder::new("revive");
    let server = Server::start_with(&folder.0, &[UNLIMITED]);
    let cookie = server.visitor();
    for how in ["-KILL", "-INT", "-QUIT"] {
        let load = Load::start(&server, &cookie);
        std::thread::sleep(Duration::from_millis(500));
        let (first, gone) = (postmaster(&folder.0), Instant::now());
        signal(first, how);
        while [0, first].contains(&postmaster(&folder.0)) {
            assert!(gone.elapsed() < Duration::from_secs(10), "{how}: it was not started again\n{}", server.log());
            std::thread::sleep(Duration::from_millis(5));
        }
        let back = Instant::now();
        std::thread::sleep(SOON + Duration::from_millis(700));
        let seen = load.end();
        let refused = judge(&seen, gone, back);
        println!("{how}: away for {:?}, {refused} of {} requests refused", back - gone, seen.len());
    }
    assert_eq!(server.ask("/api/v1/me", &cookie).1["role"], "guest", "nothing that was committed is lost");
}

/// A request for a piece, under a key of its own.
fn making(cookie: &str, number: usize) -> String {
    let body = json!({"user_prompt": "jazz and blues for a school party", "seed": number,
                      "skill_level": "beginner", "educational_context": "classroom"})
    .to_string();
    format!(
        "POST /api/v1/mashup/generate HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncookie: {cookie}\r\n\
         content-type: application/json\r\nidempotency-key: piece-{number}\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
}

fn asked(server: &Server, request: &str) -> JoinHandle<Seen> {
    let (address, request) = (server.address.clone(), request.to_owned());
    std::thread::spawn(move || ask(&address, &request))
}

/// Asks until the piece is made.
fn made(server: &Server, request: &str, patience: Duration) {
    let began = Instant::now();
    loop {
        let again = ask(&server.address, request);
        match again.status {
            201 | 202 => break,
            409 | 503 if began.elapsed() < patience => std::thread::sleep(Duration::from_millis(200)),
            _ => panic!("{again:?}"),
        }
    }
}

#[test]
fn a_piece_that_is_being_made_when_the_database_is_killed_is_made_or_not_there() {
    let folder = Folder::new("halfway");
    let server = Server::start(&folder.0);
    let cookie = server.visitor();
    for (number, wait) in [5, 40, 90, 150, 220].into_iter().enumerate() {
        let request = making(&cookie, number);
        let first = asked(&server, &request);
        std::thread::sleep(Duration::from_millis(wait));
        signal(postmaster(&folder.0), "-KILL");
        let first = first.join().unwrap();
        assert!([201, 202, 503].contains(&first.status), "{first:?}\n{}", server.log());
        let began = Instant::now();
        while server.ask("/ready", "").1["ready"] != true {
            assert!(began.elapsed() < AT_ONCE, "it is not back");
            std::thread::sleep(Duration::from_millis(20));
        }
        std::thread::sleep(SOON);
        // Whoever asks again under the same key has one piece in the end, and not two.
        made(&server, &request, Duration::from_secs(30));
    }
    let (_, list) = server.ask("/api/v1/mashup?limit=50", &cookie);
    for item in list["items"].as_array().unwrap() {
        let path = format!("/api/v1/mashup/{}", item["id"].as_str().unwrap());
        let (head, piece) = server.ask(&path, &cookie);
        assert!(head.starts_with("HTTP/1.1 200") && piece["playback"]["parts"][0]["notes"][0].is_object(), "{head}");
    }
}

/// The program over a database that a proxy can take away.
async fn behind_a_proxy(folder: &Folder) -> (TestDb, Proxy, Server) {
    let db = TestDb::new(&rooms::migrations()).await.unwrap();
    let mut admin = db.admin().await.unwrap();
    admin.execute("grant eduai_app to eduai_owner").await.unwrap();
    let url = db.url("eduai_owner").unwrap();
    let (host, rest) = url.trim_start_matches("postgres://eduai_owner@").split_once(":5432/").unwrap();
    let proxy = Proxy::before(&Path::new(&host.replace("%2F", "/")).join(".s.PGSQL.5432"));
    let given = format!("postgres://eduai_owner@{}/{rest}", proxy.address);
    let server = Server::start_with(&folder.0, &[("DATABASE_URL", &given), UNLIMITED]);
    (db, proxy, server)
}

#[tokio::test]
async fn a_database_that_falls_silent_or_cannot_be_reached_is_reported_in_time() {
    let folder = Folder::new("silent");
    let (_db, proxy, server) = behind_a_proxy(&folder).await;
    let cookie = server.visitor();
    for mode in [Mode::Silent, Mode::Away] {
        let load = Load::start(&server, &cookie);
        std::thread::sleep(Duration::from_millis(700));
        let gone = Instant::now();
        proxy.set(mode);
        std::thread::sleep(Duration::from_secs(6));
        let alive = ask(&server.address, &get("/health", ""));
        assert!(alive.status == 200 && alive.took < Duration::from_secs(2), "{alive:?}");
        assert_eq!(ask(&server.address, &get("/ready", "")).status, 503);
        proxy.set(Mode::Open);
        let back = Instant::now();
        std::thread::sleep(SOON + Duration::from_secs(1));
        let seen = load.end();
        let refused = judge(&seen, gone, back);
        assert!(refused > 0, "nobody was told");
        println!("{refused} of {} requests refused", seen.len());
    }
    drop(server);
}

#[tokio::test]
async fn a_key_is_free_soon_after_the_database_is_back() {
    let folder = Folder::new("keys");
    let (_db, proxy, server) = behind_a_proxy(&folder).await;
    let cookie = server.visitor();
    for (number, wait) in [5, 20, 60, 120].into_iter().enumerate() {
        let request = making(&cookie, number);
        let first = asked(&server, &request);
        std::thread::sleep(Duration::from_millis(wait));
        proxy.set(Mode::Away);
        let first = first.join().unwrap();
        assert!([201, 202, 503].contains(&first.status), "{first:?}\n{}", server.log());
        // Long enough for every first try to write down what became of the request to have failed.
        std::thread::sleep(Duration::from_secs(4));
        proxy.set(Mode::Open);
        made(&server, &request, Duration::from_secs(8));
    }
    drop(server);
}
