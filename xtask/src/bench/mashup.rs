//! The mashup: how long a request takes, and how much memory the program holds.

use super::machine;
use crate::run::{Outcome, capture, command, root, say, trouble};
use crate::server::{Server, data_folder};
use crate::{http, up};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

const LEVELS: [&str; 3] = ["beginner", "intermediate", "advanced"];
const CONTEXTS: [&str; 4] = ["classroom", "workshop", "individual_study", "peer_learning"];
const REQUESTS: usize = 100;

/// Measures the mashup: from the request to the stored result, composing alone, start to ready, memory at rest.
pub fn mashup() -> Outcome<()> {
    let program = up::build("release")?;
    let data = data_folder("bench")?;
    say("Starting once, to make the database");
    Server::start(&program, &data)?.stop();
    say("Starting again, with the database that is there");
    let server = Server::start(&program, &data)?;
    std::thread::sleep(Duration::from_secs(2));
    let memory = memory_of(server.id());
    let ready = server.ready_after;
    say(&format!("{REQUESTS} different requests, one after another"));
    let genres = capture(command(&program.to_string_lossy()).args(["genre", "list", "--format", "plain"]))?;
    let measured = requests(&server.url, &genres.lines().collect::<Vec<_>>());
    let after = memory_of(server.id());
    server.stop();
    let _ = fs::remove_dir_all(&data);
    let times = measured?;
    let composing = compose_alone(&program)?;
    let report = format!(
        "# Mashup, measured\n\n{}\n\n| what | measured | must |\n|---|---|---|\n\
         | request to stored result, p50 of {REQUESTS} | {} ms | 250 ms |\n\
         | request to stored result, p95 | {} ms | |\n\
         | request to stored result, slowest | {} ms | |\n\
         | composing alone, p50 ({}) | {:.2} ms | 100 ms |\n\
         | composing alone, p95 | {:.2} ms | |\n\
         | start to ready, with an existing cluster | {} ms | 1,000 ms |\n\
         | memory at rest: program / with its database | {} / {} MB | |\n\
         | memory after {REQUESTS} requests: program / with its database | {} / {} MB | |\n\n\
         Every request was another one (all pairs of genres, three levels, four contexts, another seed each), answered\n\
         with 201 and complete. Made by `cargo xtask bench mashup`.\n",
        machine(),
        millis(quantile(&times, 0.50)),
        millis(quantile(&times, 0.95)),
        millis(quantile(&times, 1.0)),
        composing.what,
        composing.p50_ms,
        composing.p95_ms,
        ready.as_millis(),
        memory.program / 1024,
        memory.all / 1024,
        after.program / 1024,
        after.all / 1024,
    );
    fs::create_dir_all(root().join("bench"))?;
    fs::write(root().join("bench/mashup.md"), &report)?;
    println!("\n{report}");
    Ok(())
}

/// Sends the requests and gives the time of each, in order of size.
fn requests(url: &str, genres: &[&str]) -> Outcome<Vec<Duration>> {
    let mut client = http::Client::new(url)?;
    let mut times = Vec::new();
    for number in 0..REQUESTS {
        let body = request(number, genres).to_string();
        let begun = Instant::now();
        let answer = client.post("/api/v1/mashup/generate", &body)?;
        times.push(begun.elapsed());
        if answer.status != 201 {
            return trouble(format!("request {number} was answered with {}: {}\n{body}", answer.status, answer.body));
        }
    }
    times.sort();
    Ok(times)
}

/// The request with this number: no two are the same.
fn request(number: usize, genres: &[&str]) -> Value {
    let pairs: Vec<(usize, usize)> =
        (0..genres.len()).flat_map(|a| (a + 1..genres.len()).map(move |b| (a, b))).collect();
    let (one, other) = pairs[number % pairs.len()];
    let (one, other) = (genres[one], genres[other]);
    json!({
        "user_prompt": format!("A {one} and {other} piece about the sea, number {number}"),
        "skill_level": LEVELS[number % LEVELS.len()],
        "educational_context": CONTEXTS[number % CONTEXTS.len()],
        "genres": [one, other],
        "seed": 1_000 + number,
    })
}

struct Composing {
    what: String,
    p50_ms: f64,
    p95_ms: f64,
}

/// What the program says about composing without a server, a database or a network.
fn compose_alone(program: &Path) -> Outcome<Composing> {
    say("Composing alone");
    let text = capture(command(&program.to_string_lossy()).args(["music", "measure", "--rounds", "50"]))?;
    let Ok(said) = serde_json::from_str::<Value>(&text) else { return trouble(format!("no figures in {text}")) };
    let number = |name: &str| said[name].as_f64().unwrap_or(f64::NAN);
    let what = format!("{} bars, {} parts", said["bars"], said["parts"]);
    Ok(Composing { what, p50_ms: number("p50_ms"), p95_ms: number("p95_ms") })
}

/// The smallest time that at least this share of the sorted `times` stays within.
fn quantile(times: &[Duration], share: f64) -> Duration {
    let place = (share * times.len() as f64).ceil() as usize;
    times.get(place.saturating_sub(1)).copied().unwrap_or_default()
}

fn millis(time: Duration) -> String {
    format!("{:.1}", time.as_secs_f64() * 1_000.0)
}

/// Memory in kB.
#[derive(Clone, Copy, Default)]
struct Memory {
    program: u64,
    all: u64,
}

/// What a process and all that it started hold, shared pages counted once (Linux: the proportional set size).
fn memory_of(id: u32) -> Memory {
    let mut all = 0;
    let mut family = vec![id.to_string()];
    let program = held_by(&family[0]);
    while let Some(parent) = family.pop() {
        all += held_by(&parent);
        // Each thread has children of its own.
        for thread in fs::read_dir(format!("/proc/{parent}/task")).into_iter().flatten().flatten() {
            let children = fs::read_to_string(thread.path().join("children")).unwrap_or_default();
            family.extend(children.split_whitespace().map(ToOwned::to_owned));
        }
    }
    Memory { program, all }
}

fn held_by(id: &str) -> u64 {
    let text = fs::read_to_string(format!("/proc/{id}/smaps_rollup")).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("Pss:"));
    line.and_then(|rest| rest.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn no_two_requests_are_the_same() {
        let bodies: BTreeSet<String> =
            (0..REQUESTS).map(|number| request(number, &["a", "b", "c"]).to_string()).collect();
        assert_eq!(bodies.len(), REQUESTS);
    }

    #[test]
    fn quantiles_are_times_that_were_measured() {
        let times: Vec<Duration> = (1..=100).map(Duration::from_millis).collect();
        assert_eq!(quantile(&times, 0.5), Duration::from_millis(50));
        assert_eq!(quantile(&times, 0.95), Duration::from_millis(95));
        assert_eq!(quantile(&times, 1.0), Duration::from_millis(100));
    }
}
