//! `kill -9` of the real program at each step of a generation: after the restart the run ends, and nothing that was
//! recorded is done again.

use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The program as a process of its own. Killed when dropped.
struct Server {
    process: Child,
    address: String,
}

impl Server {
    fn start(data_dir: &Path) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_eduai"))
            .args(["serve", "--listen", "127.0.0.1:0", "--data-dir"])
            .arg(data_dir)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let ready = lines.find_map(|line| line.unwrap().split("http://").nth(1).map(str::to_owned)).unwrap();
        // Its output must go on being read, or it would wait for us.
        std::thread::spawn(move || lines.for_each(drop));
        Self { process, address: ready.trim().to_owned() }
    }

    fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    fn open(&self, method: &str, path: &str, cookie: &str, accept: &str, body: &str) -> BufReader<TcpStream> {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_mins(1))).unwrap();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncookie: {cookie}\r\naccept: {accept}\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        )
        .unwrap();
        BufReader::new(stream)
    }

    /// The head and the body of an answer.
    fn ask(&self, path: &str, cookie: &str) -> (String, Value) {
        let mut text = String::new();
        self.open("GET", path, cookie, "application/json", "").read_to_string(&mut text).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        let json =
            body.find('{').zip(body.rfind('}')).map(|(from, to)| serde_json::from_str(&body[from..=to]).unwrap());
        (head.to_owned(), json.unwrap_or(Value::Null))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A folder for the program's data, removed when dropped.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        let path = std::env::temp_dir().join(format!("eduai-crash-{}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn a_killed_program_ends_what_it_began_and_repeats_nothing() {
    let folder = Folder::new();
    let mut server = Server::start(&folder.0);
    let (head, _) = server.ask("/api/v1/me", "");
    let cookie =
        head.lines().find_map(|l| l.strip_prefix("set-cookie: ")).unwrap().split(';').next().unwrap().to_owned();
    let request = json!({"user_prompt": "jazz and hip-hop for ninth graders, 45 minutes", "seed": 7,
                         "skill_level": "intermediate", "educational_context": "classroom"});
    let mut titles = Vec::new();
    for agent in eduai_mashup::graph::AGENTS {
        let stream = server.open("POST", "/api/v1/mashup/generate", &cookie, "text/event-stream", &request.to_string());
        let mut session = String::new();
        for line in stream.lines().map_while(Result::ok) {
            if let Some(at) = line.find("\"session_id\":\"") {
                session = line[at + 14..at + 50].to_owned();
            }
            if line.contains(&format!("\"agent\":\"{agent}\"")) && line.contains("\"started\"") {
                break;
            }
        }
        assert!(!session.is_empty(), "the run has started before {agent}");
        server.kill();
        server = Server::start(&folder.0);

        let path = format!("/api/v1/sessions/{session}");
        let patience = Instant::now();
        let done = loop {
            let (_, view) = server.ask(&path, &cookie);
            if view["status"] != "running" {
                break view;
            }
            assert!(patience.elapsed() < Duration::from_secs(30), "killed at {agent}, the run goes on: {view}");
            std::thread::sleep(Duration::from_millis(50));
        };
        assert_eq!(done["status"], "completed", "killed at {agent}: {done}");
        let steps: Vec<&str> = done["steps"].as_array().unwrap().iter().map(|s| s["agent"].as_str().unwrap()).collect();
        assert_eq!(steps, eduai_mashup::graph::AGENTS, "killed at {agent}: each step is recorded once");
        let (_, mashup) = server.ask(&format!("/api/v1/mashup/{session}"), &cookie);
        titles.push(mashup["title"].as_str().unwrap().to_owned());
    }
    assert!(titles.windows(2).all(|pair| pair[0] == pair[1]), "a crash does not change the piece: {titles:?}");
    let (_, list) = server.ask("/api/v1/mashup", &cookie);
    assert_eq!(list["items"].as_array().unwrap().len(), titles.len(), "each run has kept one piece");
}
