//! Every endpoint of the API's document is asked while the database is away, with a request that the document allows: it
//! says so, in time and as a problem document. An endpoint that is made tomorrow is asked as well.

use crate::document::{document, operations};
use crate::proxy::{Mode, Proxy};
use crate::server::{Folder, Server};
use eduai::rooms;
use eduai_testkit::TestDb;
use serde_json::{Map, Value, json};
use sqlx::Executor as _;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// No answer may take longer.
const AT_ONCE: Duration = Duration::from_secs(5);
/// What can be answered without a database. Adding to it is a decision.
const WITHOUT: [(&str, u16); 17] = [
    // A browser that comes back from a flow that was never begun, or begins one elsewhere than at the public address.
    ("get /api/v1/auth/oidc/callback", 302),
    ("get /api/v1/auth/oidc/{provider}/start", 302),
    ("get /health", 200),
    ("get /metrics", 200),
    // The virtual keys of the gateway's file are known without asking, and this is none of them.
    ("get /gemini/v1/models", 401),
    ("get /gemini/v1/models/{model}", 401),
    ("get /v1/models", 401),
    ("post /gemini/v1/models/{model}:batchEmbedContents", 401),
    ("post /gemini/v1/models/{model}:embedContent", 401),
    ("post /gemini/v1/models/{model}:generateContent", 401),
    ("post /gemini/v1/models/{model}:streamGenerateContent", 401),
    ("post /v1/chat/completions", 401),
    ("post /v1/embeddings", 401),
    ("post /v1/messages", 401),
    // Without a session there is nothing to end.
    ("post /api/v1/auth/logout", 204),
    // Without a token there is nothing to refresh.
    ("post /api/v1/auth/refresh", 401),
    // No file, no piece.
    ("post /api/v1/mashup/sources", 422),
];
const PASSWORD: &str = "correct horse battery";

/// A value that `schema` allows: what is required and nothing else.
fn sample(document: &Value, schema: &Value) -> Value {
    if let Some(reference) = schema["$ref"].as_str() {
        return sample(document, document.pointer(reference.trim_start_matches('#')).unwrap());
    }
    if let Some(first) = schema["enum"].as_array().and_then(|values| values.first()) {
        return first.clone();
    }
    for kind in ["oneOf", "anyOf"] {
        if let Some(first) = schema[kind].as_array().and_then(|schemas| schemas.first()) {
            return sample(document, first);
        }
    }
    if let Some(parts) = schema["allOf"].as_array() {
        let members = parts.iter().filter_map(|part| sample(document, part).as_object().cloned()).flatten();
        return Value::Object(members.collect());
    }
    let kind = schema["type"].as_array().map_or(&schema["type"], |kinds| &kinds[0]);
    match (kind.as_str().unwrap_or("object"), schema["format"].as_str().unwrap_or_default()) {
        ("string", "uuid") => json!("01900000-0000-7000-8000-00000000dead"),
        ("string", "date") => json!("2000-01-31"),
        ("string", "date-time") => json!("2026-01-31T12:00:00Z"),
        ("string", _) => json!("ana.lopez@school.example"),
        ("integer" | "number", _) => schema.get("minimum").cloned().unwrap_or(json!(1)),
        ("boolean", _) => json!(true),
        ("array", _) => json!([sample(document, &schema["items"])]),
        ("null", _) => Value::Null,
        _ => {
            let required = schema["required"].as_array().cloned().unwrap_or_default();
            let member = |name: &Value| {
                let name = name.as_str().unwrap();
                (name.to_owned(), named(document, name, &schema["properties"][name]))
            };
            Value::Object(required.iter().map(member).collect())
        }
    }
}

/// The same for a member or parameter of this name: what is no token is known to be none without any database.
fn named(document: &Value, name: &str, schema: &Value) -> Value {
    if name == "token" { json!("A".repeat(64)) } else { sample(document, schema) }
}

/// The request of one endpoint, as bytes.
fn request(document: &Value, name: &str, operation: &Map<String, Value>, token: &str) -> Vec<u8> {
    let (method, path) = name.split_once(' ').unwrap();
    let mut path = path.to_owned();
    let mut query = Vec::new();
    for parameter in operation.get("parameters").and_then(Value::as_array).into_iter().flatten() {
        let name = parameter["name"].as_str().unwrap();
        let value = named(document, name, &parameter["schema"]);
        let value = value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned);
        match parameter["in"].as_str().unwrap() {
            "path" => path = path.replace(&format!("{{{name}}}"), &value),
            "query" if parameter["required"] == true => query.push(format!("{name}={value}")),
            _ => {}
        }
    }
    if !query.is_empty() {
        path = format!("{path}?{}", query.join("&"));
    }
    let content = operation.get("requestBody").and_then(|body| body["content"].as_object()?.iter().next());
    let (kind, body) = match content {
        Some((kind, content)) if kind.ends_with("json") => {
            (kind.as_str(), sample(document, &content["schema"]).to_string())
        }
        Some((kind, _)) => (kind.as_str(), "x".to_owned()),
        None => ("application/json", String::new()),
    };
    let asks = operation["security"][0].as_object().is_some_and(|scheme| !scheme.is_empty());
    let authorization = if asks { format!("authorization: Bearer {token}\r\n") } else { String::new() };
    let length = body.len();
    let method = method.to_uppercase();
    format!(
        "{method} {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n{authorization}content-type: {kind}\r\n\
         content-length: {length}\r\n\r\n{body}"
    )
    .into_bytes()
}

/// What is wrong with the answer; none when it is as it should be.
fn fault(name: &str, answer: &str, took: Duration) -> Option<String> {
    let status: u16 = answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    if took > AT_ONCE {
        return Some(format!("{name}: {status} after {took:?}"));
    }
    if WITHOUT.contains(&(name, status)) {
        return None;
    }
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((answer, ""));
    let problem = body.contains("\"code\":\"database_unavailable\"") && head.contains("application/problem+json");
    // The one that is asked what is away may also say so itself.
    let told = problem || (name == "get /ready" && body.contains("\"ready\":false"));
    let good = status == 503 && told;
    (!good).then(|| format!("{name}: {answer}"))
}

/// The access token of an account that may do everything.
fn sign_in(server: &Server, folder: &Folder, database: &str) -> String {
    let mut process = Command::new(env!("CARGO_BIN_EXE_eduai"))
        .args(["admin", "create-user", "--email", "a@school.example", "--role", "super_admin", "--password-stdin"])
        .arg("--data-dir")
        .arg(&folder.0)
        .env("DATABASE_URL", database)
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    process.stdin.take().unwrap().write_all(PASSWORD.as_bytes()).unwrap();
    assert!(process.wait().unwrap().success());
    let body = json!({"email": "a@school.example", "password": PASSWORD}).to_string();
    let login = format!(
        "POST /api/v1/auth/login HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-type: application/json\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len()
    );
    let answer = server.raw(login.as_bytes(), Duration::from_secs(20));
    answer
        .split("\"access_token\":\"")
        .nth(1)
        .unwrap_or_else(|| panic!("{answer}"))
        .split('"')
        .next()
        .unwrap()
        .to_owned()
}

#[tokio::test]
async fn every_endpoint_says_in_time_that_the_database_is_away() {
    let folder = Folder::new("away");
    let db = TestDb::new(&rooms::migrations()).await.unwrap();
    db.admin().await.unwrap().execute("grant eduai_app to eduai_owner").await.unwrap();
    let url = db.url("eduai_owner").unwrap();
    let (host, rest) = url.trim_start_matches("postgres://eduai_owner@").split_once(":5432/").unwrap();
    let proxy = Proxy::before(&Path::new(&host.replace("%2F", "/")).join(".s.PGSQL.5432"));
    let given = format!("postgres://eduai_owner@{}/{rest}", proxy.address);
    let server = Server::start_with(&folder.0, &[("DATABASE_URL", &given), ("EDUAI_REQUESTS_PER_MINUTE", "0")]);
    let token = sign_in(&server, &folder, &given);
    let document = document();
    let mut wrong = Vec::new();
    for mode in [Mode::Silent, Mode::Away] {
        proxy.set(mode);
        let asked = operations(&document).into_iter().map(|(name, operation)| {
            let (request, address) = (request(&document, &name, &operation, &token), server.address.clone());
            std::thread::spawn(move || {
                let began = Instant::now();
                let answer = Server::at(&address).raw(&request, Duration::from_secs(20));
                fault(&name, &answer, began.elapsed())
            })
        });
        let asked: Vec<_> = asked.collect();
        assert!(asked.len() > 80, "the document is not whole");
        wrong.extend(asked.into_iter().filter_map(|asked| asked.join().unwrap()));
        proxy.set(Mode::Open);
        let began = Instant::now();
        while server.ask("/ready", "").1["ready"] != true {
            assert!(began.elapsed() < AT_ONCE, "it is not back");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}
