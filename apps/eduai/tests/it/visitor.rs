//! Somebody without an account, and what they ask for.

use crate::world::{Answer, World};
use serde_json::{Value, json};

pub const GENERATE: &str = "/api/v1/mashup/generate";

/// A visitor with their cookie.
pub struct Visitor<'a> {
    pub world: &'a World,
    cookie: String,
}

impl<'a> Visitor<'a> {
    pub async fn new(world: &'a World) -> Self {
        let me = world.send("GET", "/api/v1/me", &[], "").await;
        let cookie = me.headers.get("set-cookie").unwrap_or_else(|| panic!("{}: {}", me.status, me.text));
        let cookie = cookie.to_str().unwrap();
        Self { world, cookie: cookie.split(';').next().unwrap().to_owned() }
    }

    pub async fn send(&self, method: &str, path: &str, more: &[(&str, &str)], body: &str) -> Answer {
        let mut headers = vec![("cookie", self.cookie.as_str()), ("content-type", "application/json")];
        headers.extend_from_slice(more);
        self.world.send(method, path, &headers, body).await
    }

    pub async fn make(&self, more: Value) -> Value {
        let mut request = request();
        for (name, value) in more.as_object().unwrap() {
            request[name] = value.clone();
        }
        let answer = self.send("POST", GENERATE, &[], &request.to_string()).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        answer.json()
    }

    pub async fn export(&self, mashup: &Value, format: &str) -> Answer {
        let path = format!("/api/v1/mashup/{}/export/{format}", mashup["id"].as_str().unwrap());
        let file = self.send("GET", &path, &[], "").await;
        assert_eq!(file.status, 200, "{format}: {}", file.text);
        file
    }
}

pub fn request() -> Value {
    json!({"user_prompt": "jazz and hip-hop for ninth graders, 45 minutes", "skill_level": "intermediate",
           "educational_context": "classroom", "seed": 7})
}
