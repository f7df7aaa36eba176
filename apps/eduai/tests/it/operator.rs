//! What the operator does at the machine, beside the running program: accounts, keys, the audit log, backups.

use crate::server::{Folder, Server};
use serde_json::{Value, json};
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::{Command, Output, Stdio};

const PASSWORD: &str = "correct horse battery";

fn eduai(arguments: &[&str], data_dir: &Path, input: &str) -> Output {
    let mut process = Command::new(env!("CARGO_BIN_EXE_eduai"))
        .args(arguments)
        .arg("--data-dir")
        .arg(data_dir)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    process.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    process.wait_with_output().unwrap()
}

fn done(arguments: &[&str], data_dir: &Path, input: &str) -> String {
    let output = eduai(arguments, data_dir, input);
    let (said, complained) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{arguments:?}: {said}{complained}");
    assert!(!said.contains(PASSWORD) && !complained.contains(PASSWORD));
    said.into_owned()
}

fn login(server: &Server, password: &str) -> (u16, Value) {
    let body = json!({"email": "head@school.example", "password": password}).to_string();
    let mut text = String::new();
    server.open("POST", "/api/v1/auth/login", "", "application/json", &body).read_to_string(&mut text).unwrap();
    let status = text.split(' ').nth(1).unwrap().parse().unwrap();
    let json = text.split_once("\r\n\r\n").map(|(_, body)| body).unwrap_or_default();
    let json = json.find('{').zip(json.rfind('}')).map(|(from, to)| serde_json::from_str(&json[from..=to]).unwrap());
    (status, json.unwrap_or(Value::Null))
}

fn me(server: &Server, token: &str) -> u16 {
    let request = format!(
        "GET /api/v1/me HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\nauthorization: Bearer {token}\r\n\r\n"
    );
    let answer = server.raw(request.as_bytes(), std::time::Duration::from_secs(10));
    answer.split(' ').nth(1).unwrap().parse().unwrap()
}

#[test]
fn the_first_administrator_keys_the_log_and_a_backup() {
    let folder = Folder::new("operator");
    let data = folder.0.join("data");
    std::fs::create_dir_all(&data).unwrap();
    let server = Server::start(&data);
    let new = ["admin", "create-user", "--email", "Head@School.example", "--role", "school_admin", "--password-stdin"];
    let said = done(&new, &data, &format!("{PASSWORD}\n"));
    assert!(said.contains("head@school.example") && said.contains("school_admin"), "{said}");
    let again = eduai(&new, &data, &format!("{PASSWORD}\n"));
    assert!(!again.status.success(), "an address is taken once");
    let (status, tokens) = login(&server, PASSWORD);
    assert_eq!(status, 200);
    let token = tokens["access_token"].as_str().unwrap().to_owned();
    assert_eq!(me(&server, &token), 200);

    let said = done(&["keys", "rotate"], &data, "");
    assert!(said.contains("wrapped by the new one"), "{said}");
    assert_eq!(me(&server, &token), 200, "what was signed before stays good");
    assert_eq!(login(&server, PASSWORD).0, 200);

    let kept = folder.0.join("checkpoints.jsonl");
    done(&["audit", "checkpoint", "--to", kept.to_str().unwrap()], &data, "");
    let said = done(&["audit", "verify", "--checkpoints", kept.to_str().unwrap()], &data, "");
    assert!(said.contains("are as they were written"), "{said}");

    let file = folder.0.join("school.backup");
    let said = done(&["backup", "--to", file.to_str().unwrap()], &data, "");
    assert!(said.contains("every table is the same"), "{said}");
    let bytes = std::fs::read(&file).unwrap();
    assert!(!bytes.windows(19).any(|window| window == b"head@school.example"));
    done(
        &["admin", "reset-password", "--email", "head@school.example", "--password-stdin"],
        &data,
        "another good one\n",
    );
    assert_eq!((login(&server, PASSWORD).0, me(&server, &token)), (401, 401), "and the sessions have ended");
    assert_eq!(login(&server, "another good one").0, 200);

    // A new machine: the backup and the master key, nothing else.
    let second = folder.0.join("second");
    let restore = ["restore", "--from", file.to_str().unwrap()];
    let refused = eduai(&restore, &second, "");
    let complaint = String::from_utf8_lossy(&refused.stderr);
    assert!(!refused.status.success() && complaint.contains("keys/master.key"), "{complaint}");
    let third = folder.0.join("third");
    std::fs::create_dir_all(third.join("keys")).unwrap();
    std::fs::copy(data.join("keys/master.key"), third.join("keys/master.key")).unwrap();
    done(&restore, &third, "");
    assert!(!eduai(&restore, &third, "").status.success(), "nothing is written over");
    let restored = Server::start(&third);
    assert_eq!(login(&restored, PASSWORD).0, 200, "the password of the moment of the backup");
    let said = done(&["audit", "verify"], &third, "");
    assert!(said.contains("are as they were written"), "{said}");
}

#[test]
fn what_can_be_asked_is_listed_with_and_without_models() {
    let folder = Folder::new("models");
    let data = folder.0.join("data");
    std::fs::create_dir_all(&data).unwrap();
    let _server = Server::start(&data);
    let file = folder.0.join("gateway.toml");
    let list = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_eduai"));
        // Nobody listens there, whatever runs on this machine.
        command.arg("models").args(arguments).arg("--data-dir").arg(&data).env("OLLAMA_HOST", "127.0.0.1:1");
        command.output().unwrap()
    };
    let none: Value = serde_json::from_slice(&list(&["--json"]).stdout).unwrap();
    assert_eq!(none, json!([]));
    let text = "[[provider]]\nname = \"lab\"\ndialect = \"openai\"\nbase_url = \"http://127.0.0.1:1/v1\"\nmodels = [\"qwen\"]\n";
    std::fs::write(&file, text).unwrap();
    let file = file.to_str().unwrap();
    let listed: Value = serde_json::from_slice(&list(&["--config", file, "--json"]).stdout).unwrap();
    assert_eq!((&listed[0]["name"], &listed[0]["local"]), (&json!("lab/qwen"), &json!(true)));
    assert!(listed[0]["latency_ms"].is_null() && listed[0]["problem"].is_string(), "{listed}");
    let shown = String::from_utf8(list(&["--config", file]).stdout).unwrap();
    assert!(shown.starts_with("NAME") && shown.contains("does not take connections"), "{shown}");
    std::fs::write(file, "[[provider]]\nname = 3").unwrap();
    assert!(!list(&["--config", file]).status.success());
}
