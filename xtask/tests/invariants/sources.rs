//! Rules about what stands in which file.

use crate::repository::{Source, written};
use std::collections::BTreeMap;

/// The rule holds of the repository, and catches the sample.
fn holds(rule: impl Fn(&[Source]) -> Vec<String>, endings: &[&str], broken: &[(&str, &str)]) {
    assert_eq!(rule(&written(endings)), Vec::<String>::new());
    for (path, text) in broken {
        assert!(!rule(&[Source::new(path, text)]).is_empty(), "the rule does not catch {path}: {text}");
    }
}

/// The database's own room and its tests are built before anything could check their queries; their README says so.
fn sql_only_in_stores(sources: &[Source]) -> Vec<String> {
    let free = |path: &str| {
        ["crates/platform/db/", "crates/platform/testkit/", "xtask/"].iter().any(|room| path.starts_with(room))
            || path.ends_with("/store.rs")
            || path.contains("/store/")
    };
    let macros = ["sqlx::query", "query!(", "query_as!(", "query_scalar!("];
    let guilty = sources.iter().filter(|s| !free(&s.path) && macros.iter().any(|m| s.outside_tests().contains(m)));
    guilty.map(|s| format!("{}: SQL outside of store.rs", s.path)).collect()
}

#[test]
fn only_stores_have_sql() {
    let broken = [("crates/studio/mashup/src/service.rs", "sqlx::query!(\"select 1\")")];
    holds(sql_only_in_stores, &[".rs"], &broken);
}

fn status_only_in_http(sources: &[Source]) -> Vec<String> {
    let free =
        |path: &str| path.contains("/http/") || path.starts_with("crates/platform/web/") || path.starts_with("xtask/");
    let guilty = sources.iter().filter(|s| !free(&s.path) && s.outside_tests().contains("StatusCode"));
    guilty.map(|s| format!("{}: knows HTTP statuses", s.path)).collect()
}

#[test]
fn only_http_knows_statuses() {
    holds(status_only_in_http, &[".rs"], &[("crates/studio/mashup/src/service.rs", "StatusCode::OK")]);
}

fn core_is_pure(sources: &[Source]) -> Vec<String> {
    let doors = [
        "std::fs",
        "std::net",
        "std::process",
        "std::env",
        "std::thread",
        "SystemTime",
        "Instant::now",
        "std::io::stdin",
    ];
    let mut faults = Vec::new();
    let pure = |path: &str| path.starts_with("crates/core/") || path.starts_with("crates/ai/wire/");
    for source in sources.iter().filter(|s| pure(&s.path) && s.path.contains("/src/")) {
        // Programs for people who work on data (`src/bin`) read and write files; the library does not.
        if source.path.contains("/src/bin/") {
            continue;
        }
        let code = source.outside_tests().lines().filter(|line| !line.trim_start().starts_with("//"));
        for line in code.filter(|line| doors.iter().any(|door| line.contains(door))) {
            faults.push(format!("{}: {}", source.path, line.trim()));
        }
    }
    faults
}

#[test]
fn the_core_does_no_io_and_asks_for_no_time() {
    let broken = [
        ("crates/core/music/src/lib.rs", "let now = std::time::Instant::now();"),
        ("crates/ai/wire/src/lib.rs", "use std::net::TcpStream;"),
    ];
    holds(core_is_pure, &[".rs"], &broken);
}

/// The schemas that a crate's migrations make.
fn schemas(sources: &[Source]) -> BTreeMap<String, String> {
    let mut owners = BTreeMap::new();
    for source in sources.iter().filter(|s| s.path.contains("/migrations/")) {
        let room = source.path.split("/migrations/").next().unwrap_or_default();
        for name in source.text.lines().filter_map(|line| line.trim().strip_prefix("create schema ")) {
            owners.insert(name.trim_end_matches(';').to_owned(), room.to_owned());
        }
    }
    owners
}

/// Looks for a schema's name after a word that leads to a table. Institutions are everybody's.
fn tables_stay_at_home(sources: &[Source], owners: &BTreeMap<String, String>) -> Vec<String> {
    let words = ["from", "join", "into", "update", "references", "table", "only"];
    let mut faults = Vec::new();
    for source in sources.iter().filter(|s| !s.path.contains("/tests/") && !s.path.starts_with("xtask/")) {
        let text = if source.path.contains("/migrations/") { &source.text } else { source.outside_tests() };
        let text = text.to_lowercase().replace(['"', '(', ')'], " ");
        let mut before = "";
        for word in text.split_whitespace() {
            let home = word.split_once('.').and_then(|(schema, table)| Some((owners.get(schema)?, table)));
            if let Some((home, table)) = home
                && words.contains(&before)
                && !source.path.starts_with(&format!("{home}/"))
                && !table.starts_with("institution")
            {
                faults.push(format!("{}: reads {word}, which is {home}'s", source.path));
            }
            before = word;
        }
    }
    faults
}

#[test]
fn no_room_reads_anothers_tables() {
    let sources = written(&[".rs", ".sql"]);
    let owners = schemas(&sources);
    assert_eq!(owners.get("users").map(String::as_str), Some("crates/school/users"), "{owners:?}");
    assert_eq!(tables_stay_at_home(&sources, &owners), Vec::<String>::new());
    let broken = Source::new("crates/studio/mashup/src/store.rs", "\"select id from users.account where true\"");
    assert_eq!(tables_stay_at_home(&[broken], &owners).len(), 1);
}

fn short_enough(sources: &[Source]) -> Vec<String> {
    let made = |path: &str| path.ends_with(".d.ts");
    let long = sources.iter().map(|s| (s, s.text.lines().count())).filter(|(s, lines)| *lines > 700 && !made(&s.path));
    long.map(|(s, lines)| format!("{} has {lines} lines", s.path)).collect()
}

#[test]
fn no_file_is_longer_than_seven_hundred_lines() {
    let broken = "line\n".repeat(701);
    holds(short_enough, &[".rs", ".ts", ".tsx", ".mjs", ".py", ".sql", ".css"], &[("apps/web/src/app.tsx", &broken)]);
}

fn no_machine_paths(sources: &[Source]) -> Vec<String> {
    let places = ["work", "root", "home", "Users"].map(|folder| format!("/{folder}/"));
    let mut faults = Vec::new();
    for source in sources {
        for (number, line) in source.text.lines().enumerate() {
            let found = places.iter().filter_map(|place| line.find(place.as_str()).map(|at| (place, at)));
            for (place, at) in found {
                // A part of an address (`example.org/home/`) or of a longer path is no machine's.
                let before = line[..at].chars().next_back();
                let after = line[at + place.len()..].chars().next();
                if !before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '.' | '/' | '}' | '~' | '-' | '_' | '*'))
                    && after.is_some_and(char::is_alphanumeric)
                {
                    faults.push(format!("{}:{}: {}", source.path, number + 1, line.trim()));
                }
            }
        }
    }
    faults
}

#[test]
fn no_path_of_anybodys_machine_is_in_the_repository() {
    let broken = format!("let path = \"/{}/someone/eduai\";", "home");
    let endings = [".rs", ".ts", ".tsx", ".mjs", ".py", ".toml", ".md", ".json", ".sh", ".yml", ".yaml"];
    holds(no_machine_paths, &endings, &[("crates/x/src/lib.rs", &broken)]);
}

fn nothing_unfinished(sources: &[Source]) -> Vec<String> {
    let marks = ["TO", "FIX", "XX"].map(|half| match half {
        "TO" => "TODO".to_owned(),
        "FIX" => "FIXME".to_owned(),
        _ => "XXX".to_owned(),
    });
    let mut faults = Vec::new();
    for source in sources.iter().filter(|s| !s.path.starts_with("xtask/tests/")) {
        for (number, line) in source.text.lines().enumerate() {
            let comment = line.split_once("//").map(|(_, comment)| comment).unwrap_or_default();
            if marks.iter().any(|mark| comment.contains(mark.as_str())) {
                faults.push(format!("{}:{}: {}", source.path, number + 1, line.trim()));
            }
        }
    }
    faults
}

#[test]
fn nothing_is_left_for_later_in_a_comment() {
    holds(nothing_unfinished, &[".rs", ".ts", ".tsx", ".mjs"], &[("crates/x/src/lib.rs", "let x = 1; // TODO later")]);
}

fn heads(sources: &[Source]) -> Vec<String> {
    let crates = sources.iter().filter(|s| s.path.starts_with("crates/") && s.path.ends_with("/src/lib.rs"));
    let crates = crates.filter(|s| s.text.contains("pub "));
    let headless = crates.filter(|s| {
        let head: String = s.text.lines().take_while(|line| line.starts_with("//!")).collect();
        !head.contains("Start reading")
    });
    headless.map(|s| format!("{}: its head does not say where to start reading", s.path)).collect()
}

#[test]
fn every_crate_says_what_it_is_and_where_to_start() {
    holds(heads, &[".rs"], &[("crates/x/y/src/lib.rs", "pub mod a;\n")]);
}
