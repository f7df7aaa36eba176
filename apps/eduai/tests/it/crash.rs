//! `kill -9` of the real program at each step of a generation: after the restart the run ends, and nothing that was
//! recorded is done again.

use crate::server::{Folder, Server};
use serde_json::json;
use std::io::BufRead as _;
use std::time::{Duration, Instant};

#[test]
fn a_killed_program_ends_what_it_began_and_repeats_nothing() {
    let folder = Folder::new("crash");
    let mut server = Server::start(&folder.0);
    let cookie = server.visitor();
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
