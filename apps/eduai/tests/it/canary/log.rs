//! What could reach the words of the log: everything that is done by the person and about them with their words in hand,
//! and then a look at every entry.

use super::life::{CANARIES, EMAIL, Life, PASSWORD, ask, send, sign_in};
use super::places::{Database, holds};
use crate::server::Server;
use eduai_db::sqlx;
use eduai_kernel::id::Uuid;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// What stands in the log of a life.
const DEEDS: [&str; 19] = [
    "password.changed",
    "privacy.consent",
    "privacy.decision",
    "privacy.guardian_agreed",
    "privacy.guardian_asked",
    "privacy.request",
    "privacy.request_read",
    "profile.changed",
    "session.begun",
    "session.ended",
    "sessions.ended",
    "user.changed",
    "user.deleted",
    "user.guardian_answered",
    "user.read",
    "user.registered",
    "user.restored",
    "users.invited",
    "users.listed",
];

impl Life {
    /// Does with the person's words what is written into the log; they have another session afterwards.
    pub fn do_what_is_logged(&mut self, server: &Server) {
        let (me, office) = (format!("/api/v1/users/{}", self.id), self.office.clone());
        // Words in headers, and a password that is one of them.
        let wrong = json!({"email": EMAIL, "password": "Cobblestone Quillfeather"}).to_string();
        let headers = [("x-request-id", "kingfisherkey"), ("x-forwarded-for", "zephyrine"), ("referer", "/Marmalade")];
        send(server, "POST", "/api/v1/auth/login", &headers, wrong.as_bytes()).of(&[401]);
        let guess = json!({"current_password": "Cobblestone", "new_password": "Pommelhorse plum 77"});
        ask(server, &self.token, "POST", "/api/v1/me/password", &guess).of(&[422]);
        let change = json!({"current_password": PASSWORD, "new_password": "Pommelhorse plum 77"});
        ask(server, &self.token, "POST", "/api/v1/me/password", &change).of(&[204]);
        let back = json!({"current_password": "Pommelhorse plum 77", "new_password": PASSWORD});
        ask(server, &self.token, "POST", "/api/v1/me/password", &back).of(&[204]);
        let refused = json!({"granted": true, "version": 1});
        ask(server, &self.token, "PUT", "/api/v1/me/consents/cloud_models", &refused).of(&[403, 409]);
        ask(server, &self.token, "POST", "/api/v1/auth/logout", &json!({})).of(&[204]);
        seen_by_the_office(server, &me, &office);
        sign_in(server, EMAIL)["access_token"].as_str().unwrap().clone_into(&mut self.token);
    }
}

fn seen_by_the_office(server: &Server, me: &str, office: &str) {
    let renamed = json!({"given_name": "Zephyrine", "family_name": "Quillfeather Zephyrine", "level": "primary",
        "birth_date": "2018-04-06", "country": "ES", "locale": "en"});
    ask(server, office, "PATCH", me, &renamed).of(&[200]);
    ask(server, office, "GET", "/api/v1/users?q=Zephyrine", &Value::Null).of(&[200]);
    ask(server, office, "GET", me, &Value::Null).of(&[200]);
    let again = json!({"invitations": [{"email": EMAIL, "role": "student", "given_name": "Zephyrine"}]});
    ask(server, office, "POST", "/api/v1/users/invitations", &again).of(&[200]);
    ask(server, office, "GET", "/api/v1/audit?action=Zephyrine", &Value::Null).of(&[200]);
    let requests = ask(server, office, "GET", "/api/v1/privacy/requests", &Value::Null).of(&[200]);
    let request = format!("/api/v1/privacy/requests/{}", requests["items"][0]["id"].as_str().unwrap());
    ask(server, office, "GET", &request, &Value::Null).of(&[200]);
    ask(server, office, "DELETE", &format!("{me}/sessions"), &Value::Null).of(&[204]);
    ask(server, office, "DELETE", me, &Value::Null).of(&[204]);
    ask(server, office, "POST", &format!("{me}/restore"), &json!({})).of(&[200, 204]);
}

/// Fails for an entry that tells more than ids, counts and words that the program has.
pub async fn tells_of_deeds_alone(database: &Database) {
    let sql = "select action, details, coalesce(reason, ''), coalesce(request_id, '') from audit.entry order by number";
    let entries: Vec<(String, String, String, String)> =
        sqlx::query_as(sql).fetch_all(&mut database.admin().await).await.unwrap();
    let done: BTreeSet<&str> = entries.iter().map(|(action, ..)| action.as_str()).collect();
    let missing: Vec<&&str> = DEEDS.iter().filter(|deed| !done.contains(**deed)).collect();
    assert_eq!(missing, Vec::<&&str>::new(), "the life has all of these: {done:?}");
    assert!(
        entries.iter().any(|(_, details, ..)| details != "{}") && entries.iter().any(|(.., why, _)| !why.is_empty())
    );
    for (action, details, reason, request) in &entries {
        let mut words = vec![reason.clone(), request.clone()];
        words_of(&serde_json::from_str(details).unwrap(), &mut words);
        for word in words.iter().filter(|word| !word.is_empty()) {
            assert!(of_the_program(word), "{action} tells \"{word}\"");
            let personal = CANARIES.iter().find(|canary| holds(&word.to_lowercase(), canary));
            assert_eq!(personal, None, "{action} tells \"{word}\"");
        }
    }
}

/// Every name and every text in a value.
fn words_of(value: &Value, words: &mut Vec<String>) {
    match value {
        Value::String(text) => words.push(text.clone()),
        Value::Array(all) => all.iter().for_each(|one| words_of(one, words)),
        Value::Object(all) => {
            for (name, one) in all {
                words.push(name.clone());
                words_of(one, words);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Whether this is an id, or one word as the program writes them: `guardian_needed`.
fn of_the_program(word: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '.';
    word.parse::<Uuid>().is_ok() || (word.len() <= 40 && word.chars().all(plain))
}
