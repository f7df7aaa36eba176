//! A pupil's life in the program, through the API wherever there is one.

use super::places::Database;
use crate::server::Server;
use eduai_db::{DEMONSTRATION, sqlx};
use serde_json::{Value, json};
use sqlx::AssertSqlSafe;
use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

pub const PASSWORD: &str = "correct horse battery";
pub const EMAIL: &str = "zephyrine@canary.example";
const GUARDIAN_EMAIL: &str = "wardena@canary.example";

/// Words that are sealed wherever they are kept.
pub const SEALED: [&str; 10] = [
    "wardena",
    "Quillguard",
    "Pommelhorse",
    "Pennywhistle",
    "Thistledown",
    "Marmalade",
    "Gooseberry",
    "Huckleberry",
    "Cobblestone",
    "Larkspur",
];

/// Every word that tells of the pupil.
pub const CANARIES: [&str; 19] = [
    "wardena",
    "Quillguard",
    "Pommelhorse",
    "Pennywhistle",
    "Thistledown",
    "Marmalade",
    "Gooseberry",
    "Huckleberry",
    "Cobblestone",
    "Larkspur",
    "zephyrine",
    "Quillfeather",
    "zephyrwhiz",
    "Zephyrphone",
    "Snickerdoodle",
    "Doodlekey",
    "quokkasubject",
    "jackdawjob",
    "kingfisherkey",
];

pub struct Life {
    pub id: String,
    pub token: String,
    pub office: String,
}

/// An answer: status, body and `ETag`.
pub struct Answer(u16, Vec<u8>, String);

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_slice(&self.1).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.1).into_owned()
    }

    /// The body of an answer with one of these statuses.
    pub fn of(self, statuses: &[u16]) -> Value {
        assert!(statuses.contains(&self.0), "{}: {}", self.0, self.text());
        if self.1.is_empty() { Value::Null } else { self.json() }
    }
}

pub fn send(server: &Server, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
    let mut stream = TcpStream::connect(&server.address).unwrap();
    stream.set_read_timeout(Some(Duration::from_mins(1))).unwrap();
    let mut head = format!(
        "{method} {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\
         content-length: {}\r\n",
        body.len()
    );
    if !headers.iter().any(|(name, _)| *name == "content-type") {
        head += "content-type: application/json\r\n";
    }
    for (name, value) in headers {
        write!(head, "{name}: {value}\r\n").unwrap();
    }
    stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(b"\r\n")).unwrap();
    stream.write_all(body).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let end = answer.windows(4).position(|part| part == b"\r\n\r\n").unwrap();
    let head = String::from_utf8_lossy(&answer[..end]).to_lowercase();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    let body = answer.split_off(end + 4);
    let tag = head.lines().find_map(|line| line.strip_prefix("etag: ")).unwrap_or_default().to_owned();
    Answer(status, if head.contains("transfer-encoding: chunked") { joined(&body) } else { body }, tag)
}

/// The body that came in chunks.
fn joined(mut rest: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    loop {
        let end = rest.windows(2).position(|part| part == b"\r\n").unwrap();
        let size = usize::from_str_radix(std::str::from_utf8(&rest[..end]).unwrap(), 16).unwrap();
        if size == 0 {
            return body;
        }
        body.extend_from_slice(&rest[end + 2..end + 2 + size]);
        rest = &rest[end + 4 + size..];
    }
}

pub fn ask(server: &Server, token: &str, method: &str, path: &str, body: &Value) -> Answer {
    let bearer = format!("Bearer {token}");
    let body = if body.is_null() { String::new() } else { body.to_string() };
    send(server, method, path, &[("authorization", &bearer)], body.as_bytes())
}

/// The token in the newest letter to this address that leads to this page, once it is there.
fn token_in_letter(data: &Path, to: &str, page: &str) -> String {
    let began = Instant::now();
    loop {
        let letters = std::fs::read_dir(data.join("mail")).map(|all| all.filter_map(Result::ok).collect::<Vec<_>>());
        for letter in letters.unwrap_or_default() {
            let text = std::fs::read_to_string(letter.path()).unwrap_or_default();
            let text = text.replace("=\r\n", "").replace("=3D", "=").replace("=23", "#");
            if let Some(at) = text.find(&format!("/{page}#")).filter(|_| text.contains(&format!("To: {to}"))) {
                return text[at + page.len() + 2..].chars().take(64).collect();
            }
        }
        assert!(began.elapsed() < Duration::from_secs(20), "no letter to {to} for {page}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

pub fn sign_in(server: &Server, email: &str) -> Value {
    let body = json!({"email": email, "password": PASSWORD}).to_string();
    let device = if email == EMAIL { "Zephyrphone/9" } else { "Desk/1" };
    send(server, "POST", "/api/v1/auth/login", &[("user-agent", device)], body.as_bytes()).of(&[200])
}

fn administrator(server: &Server, data: &Path) -> String {
    let mut process = Command::new(env!("CARGO_BIN_EXE_eduai"))
        .args(["admin", "create-user", "--email", "head@school.example", "--role", "school_admin", "--password-stdin"])
        .arg("--data-dir")
        .arg(data)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    process.stdin.take().unwrap().write_all(PASSWORD.as_bytes()).unwrap();
    assert!(process.wait().unwrap().success());
    sign_in(server, "head@school.example")["access_token"].as_str().unwrap().to_owned()
}

impl Life {
    pub async fn live(server: &Server, data: &Path, database: &Database) -> Self {
        let office = administrator(server, data);
        let token = Self::join(server, data, &office, database).await;
        let me = ask(server, &token, "GET", "/api/v1/me", &Value::Null).of(&[200]);
        let life = Self { id: me["id"].as_str().unwrap().to_owned(), token, office };
        life.make_music(server);
        life.ask_about_data(server);
        life.what_has_no_way_through_the_api(database).await;
        life
    }

    /// Invited, under age, with a guardian who agrees.
    async fn join(server: &Server, data: &Path, office: &str, database: &Database) -> String {
        let invited = json!({"invitations": [
            {"email": EMAIL, "role": "student", "given_name": "Zephyrine", "family_name": "Quillfeather"}]});
        ask(server, office, "POST", "/api/v1/users/invitations", &invited).of(&[200]);
        let invitation = token_in_letter(data, EMAIL, "register");
        let wish = json!({"email": EMAIL, "password": PASSWORD, "given_name": "Zephyrine", "family_name": "Quillfeather",
            "invitation": invitation, "birth_date": "2018-04-05", "country": "ES", "guardian_email": GUARDIAN_EMAIL});
        let made = send(server, "POST", "/api/v1/auth/register", &[], wish.to_string().as_bytes()).of(&[201]);
        assert_eq!(made["status"], "waiting_for_guardian", "{made}");
        let guardian = token_in_letter(data, GUARDIAN_EMAIL, "guardian");
        let answer = json!({"granted": true, "name": "Wardena Quillguard", "relation": "mother"});
        let path = format!("/api/v1/consents/guardian/{guardian}");
        send(server, "POST", &path, &[], answer.to_string().as_bytes()).of(&[200, 204]);
        let mut admin = database.admin().await;
        let began = Instant::now();
        loop {
            let status: String = sqlx::query_scalar("select status from users.account where email = $1")
                .bind(EMAIL)
                .fetch_one(&mut admin)
                .await
                .unwrap();
            if status == "active" {
                break;
            }
            assert!(began.elapsed() < Duration::from_secs(20), "the guardian has agreed");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let tokens = sign_in(server, EMAIL);
        let forgot = json!({"email": EMAIL}).to_string();
        send(server, "POST", "/api/v1/auth/password/forgot", &[], forgot.as_bytes()).of(&[202]);
        token_in_letter(data, EMAIL, "reset-password");
        tokens["access_token"].as_str().unwrap().to_owned()
    }

    fn bearer(&self) -> String {
        format!("Bearer {}", self.token)
    }

    fn make_music(&self, server: &Server) {
        let Answer(_, _, tag) = ask(server, &self.token, "GET", "/api/v1/me", &Value::Null);
        let headers = [("authorization", self.bearer()), ("if-match", tag)];
        let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        send(server, "PATCH", "/api/v1/me", &headers, br#"{"username":"zephyrwhiz"}"#).of(&[200]);
        let request = json!({"user_prompt": "jazz and blues about Pommelhorse, 20 minutes", "skill_level": "intermediate",
            "educational_context": "classroom", "collaboration_mode": true, "seed": 7});
        let session = ask(server, &self.token, "POST", "/api/v1/mashup/generate", &request).of(&[202]);
        let id = session["id"].as_str().unwrap();
        let decision = json!({"decision": "approve", "note": "Thistledown is ready"});
        ask(server, &self.token, "POST", &format!("/api/v1/sessions/{id}/resume"), &decision).of(&[200]);
        let path = format!("/api/v1/mashup/{id}");
        let title = json!({"title": "Pennywhistle suite", "shared": true});
        ask(server, &self.token, "PATCH", &path, &title).of(&[200]);
        let remix = ask(server, &self.token, "POST", &format!("{path}/remix"), &json!({"focus": "easier"}));
        assert!([200, 201, 202, 422].contains(&remix.0), "{}", remix.text());
        let abc =
            "X:1\nT:Gooseberry\nC:Larkspur\nM:4/4\nL:1/4\nK:C\nCDEF|GABc|cBAG|FEDC|\nw:Huckleberry fool and cream\n";
        let upload = [("authorization", self.bearer()), ("content-type", "application/octet-stream".to_owned())];
        let upload: Vec<(&str, &str)> = upload.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let path = "/api/v1/mashup/sources?name=Marmalade.abc&licence=own_work&credit=Larkspur";
        send(server, "POST", path, &upload, abc.as_bytes()).of(&[201]);
    }

    fn ask_about_data(&self, server: &Server) {
        let wish = json!({"kind": "rectification", "details": "I live in Cobblestone Street."});
        let headers = [("authorization", self.bearer()), ("idempotency-key", "kingfisherkey".to_owned())];
        let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let request = wish.to_string();
        let made = send(server, "POST", "/api/v1/me/privacy/requests", &headers, request.as_bytes()).of(&[201]);
        let again = send(server, "POST", "/api/v1/me/privacy/requests", &headers, request.as_bytes()).of(&[201]);
        assert_eq!(again, made, "the answer is kept");
        let path = format!("/api/v1/privacy/requests/{}/decision", made["id"].as_str().unwrap());
        let answer = json!({"decision": "grant", "answer": "Cobblestone Street it is."});
        ask(server, &self.office, "POST", &path, &answer).of(&[200]);
        let restriction =
            ask(server, &self.token, "POST", "/api/v1/me/privacy/requests", &json!({"kind": "restriction"}));
        let path = format!("/api/v1/privacy/requests/{}/decision", restriction.of(&[201])["id"].as_str().unwrap());
        ask(server, &self.office, "POST", &path, &json!({"decision": "grant", "answer": "It is."})).of(&[200]);
    }

    /// What needs a device, another service or a failure: written as the rooms write it.
    async fn what_has_no_way_through_the_api(&self, database: &Database) {
        let (me, school) = (&self.id, DEMONSTRATION);
        let run = "(select id from workflow.run limit 1)";
        let office = "(select id from users.account where email = 'head@school.example')";
        let rows = [
            format!("insert into users.class values (gen_random_uuid(), '{school}', {office}, '5 B', 'ZZZZ2222', now())"),
            format!("insert into users.class_member values ((select id from users.class limit 1), '{me}', '{school}',
                'Snickerdoodle', 'snickerdoodle', 'pin', 'x')"),
            format!("insert into users.passkey values (gen_random_uuid(), '{school}', '{me}', 'Doodlekey-id',
                '{{\"of\": \"Doodlekey\"}}', 'Doodlekey', now())"),
            format!("insert into users.guardianship values ({office}, '{me}', '{school}', now())"),
            format!("insert into users.oidc_provider (id, institution_id, name, issuer, client_id, scopes, new_people,
                guardians_agreed, email_domains, enabled, listed, created_at) values (gen_random_uuid(), '{school}', 'City',
                'https://id.example', 'eduai', '{{}}', 'nobody', false, '{{}}', false, false, now())"),
            format!("insert into users.oidc_identity values (gen_random_uuid(), '{school}',
                (select id from users.oidc_provider limit 1), 'https://id.example', 'quokkasubject', '{me}', '{EMAIL}',
                now(), now())"),
            format!("insert into jobs.job (institution_id, actor_id, actor_role, kind, key, payload, due_at, most_attempts,
                last_error, created_at) values ('{school}', '{me}', 'student', 'canary.waits', 'jackdawjob {me}',
                '{{\"user_id\": \"{me}\", \"words\": \"jackdawjob\"}}', now() + interval '1 year', 3, 'jackdawjob', now())"),
            format!("insert into platform.outbox (institution_id, actor_id, topic, payload, due_at, last_error)
                values ('{school}', '{me}', 'canary.waits', '{{\"user_id\": \"{me}\", \"words\": \"jackdawjob\"}}',
                now() + interval '1 year', 'jackdawjob')"),
            format!("insert into workflow.effect (run_id, step, name, institution_id, subject, actor_id, id, value)
                select id, 1, 'act', institution_id, subject, actor_id, gen_random_uuid(), input from workflow.run
                where id = {run}"),
            format!("insert into privacy.disclosure (id, institution_id, person_id, recipient, purpose, legal_basis,
                categories, disclosed_at, recorded_by) values (gen_random_uuid(), '{school}', '{me}', 'the ministry', 'statistics',
                'law', '{{profile}}', now(), {office})"),
        ];
        let mut admin = database.admin().await;
        for row in rows {
            let done = sqlx::query(AssertSqlSafe(row.clone())).execute(&mut admin).await;
            done.unwrap_or_else(|error| panic!("{error}: {row}"));
        }
    }

    /// The archive of everything that is kept.
    pub fn archive(&self, server: &Server) -> Vec<u8> {
        let made =
            ask(server, &self.token, "POST", "/api/v1/me/privacy/requests", &json!({"kind": "access"})).of(&[201]);
        let path = format!("/api/v1/me/privacy/requests/{}/archive", made["id"].as_str().unwrap());
        let Answer(status, bytes, _) = ask(server, &self.token, "GET", &path, &Value::Null);
        assert_eq!(status, 200);
        bytes
    }

    /// Asks to be erased, and is.
    pub fn erase(&self, server: &Server) -> Value {
        let wish = json!({"kind": "erasure", "details": "Forget Cobblestone Street."});
        let made = ask(server, &self.token, "POST", "/api/v1/me/privacy/requests", &wish).of(&[201]);
        let path = format!("/api/v1/privacy/requests/{}/decision", made["id"].as_str().unwrap());
        let answer = json!({"decision": "grant", "answer": "Goodbye, Zephyrine."});
        ask(server, &self.office, "POST", &path, &answer).of(&[200])
    }
}
