//! The person in whose name the briefs are given to a program of our own: somebody who agreed that a model outside of the
//! house may read them, without which none would be asked.

use crate::http::Client;
use crate::run::{Outcome, trouble};
use serde_json::{Value, json};
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

const EMAIL: &str = "evaluation@localhost.example";
/// The program is thrown away with its people, and listens to this machine alone.
const PASSWORD: &str = "forty briefs, side by side";

/// Makes the person beside the running `program`.
pub fn make(program: &Path, data: &Path) -> Outcome<()> {
    let mut child = Command::new(program)
        .args(["admin", "create-user", "--email", EMAIL, "--role", "school_admin", "--password-stdin", "--data-dir"])
        .arg(data)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()?;
    if let Some(mut input) = child.stdin.take() {
        input.write_all(PASSWORD.as_bytes())?;
    }
    if child.wait()?.success() { Ok(()) } else { trouble("Nobody could be made to give the briefs.") }
}

/// Signs in. A token ends sooner than forty briefs to a slow model.
pub fn signed_in(client: Client) -> Outcome<Client> {
    let mut client = client.signed_in(None);
    let wanted = json!({ "email": EMAIL, "password": PASSWORD }).to_string();
    let answer = client.post("/api/v1/auth/login", &wanted)?;
    let said: Value = serde_json::from_str(&answer.body).unwrap_or_default();
    match said["access_token"].as_str() {
        Some(token) => Ok(client.signed_in(Some(token.to_owned()))),
        None => trouble(format!("Nobody can sign in to give the briefs: {}", answer.body)),
    }
}

/// Agrees that models outside of the house may be asked.
pub fn agree(client: &mut Client) -> Outcome<()> {
    let purposes: Value =
        serde_json::from_str(&client.send("GET", "/api/v1/me/consents", "")?.body).unwrap_or_default();
    let models = purposes["items"].as_array().into_iter().flatten().find(|one| one["purpose"] == "cloud_models");
    let version = models.map_or(json!(1), |one| one["version"].clone());
    let decision = json!({ "granted": true, "version": version }).to_string();
    let answer = client.send("PUT", "/api/v1/me/consents/cloud_models", &decision)?;
    if answer.status == 200 { Ok(()) } else { trouble(format!("The consent was not taken: {}", answer.body)) }
}
