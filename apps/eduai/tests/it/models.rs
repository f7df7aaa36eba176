//! Mashups with a language model behind the gateway: whose words are used, what is written down of it, and that a model
//! that is of no use costs a piece nothing.

use crate::visitor::{GENERATE, Visitor, request};
use crate::world::World;
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::post;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};

/// Lines that a class can sing back.
const HOOKS: [&str; 6] = [
    "Let the river run",
    "We are on our way",
    "Carry me home tonight",
    "The water knows my name",
    "Follow the morning light",
    "Stand up and sing with me",
];

/// A provider with one model, which writes hooks well and nothing else.
#[derive(Clone, Default)]
struct Provider {
    bodies: Arc<Mutex<Vec<Value>>>,
}

impl Provider {
    /// Where it is.
    async fn start(&self) -> u16 {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let routes = Router::new().route("/v1/chat/completions", post(answer)).with_state(self.clone());
        tokio::spawn(async move { axum::serve(listener, routes).await });
        port
    }

    fn asked(&self) -> Vec<Value> {
        self.bodies.lock().unwrap().clone()
    }
}

async fn answer(State(provider): State<Provider>, body: Bytes) -> impl IntoResponse {
    let question: Value = serde_json::from_slice(&body).unwrap();
    let wanted = &question["response_format"]["json_schema"]["schema"]["properties"];
    let content = match wanted.get("hooks") {
        Some(_) => json!({ "hooks": HOOKS }).to_string(),
        None => "I would rather not say.".to_owned(),
    };
    provider.bodies.lock().unwrap().push(question);
    let answer = json!({
        "id": "1", "object": "chat.completion", "created": 1, "model": "small",
        "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": content}}],
        "usage": {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120}
    });
    ([(CONTENT_TYPE, "application/json")], answer.to_string())
}

fn file(port: u16, more: &str) -> String {
    format!(
        "[[provider]]\nname = \"lab\"\ndialect = \"openai\"\nbase_url = \"http://127.0.0.1:{port}/v1\"\n{more}\n\
         [[price]]\nprovider = \"lab\"\nmodel = \"small\"\ninput = \"1\"\noutput = \"10\"\n\
         [[route]]\nmodel = \"house\"\ntasks = [\"mashup.*\"]\ntargets = [{{ provider = \"lab\", model = \"small\" }}]\n"
    )
}

fn part<'a>(mashup: &'a Value, name: &str) -> &'a Value {
    mashup["metadata"]["parts"].as_array().unwrap().iter().find(|part| part["part"] == name).unwrap()
}

#[tokio::test]
async fn a_model_of_the_house_writes_what_it_can_and_the_rest_is_the_programs_own() {
    let provider = Provider::default();
    let world = World::with_models(&file(provider.start().await, "")).await;
    let mashup = Visitor::new(&world).await.make(json!({ "require_model": true })).await;

    assert_eq!(part(&mashup, "hooks")["source"], "lab/small", "{}", mashup["metadata"]);
    assert_eq!(part(&mashup, "lyrics")["source"], "builtin");
    assert_eq!(part(&mashup, "music")["source"], "builtin");
    let hooks = mashup["hooks"].to_string().to_lowercase();
    assert!(HOOKS.iter().any(|line| hooks.contains(&line.to_lowercase())), "{hooks}");

    // It was asked by the route's target, by schema, in the words of the prompt.
    let asked = provider.asked();
    assert!(asked.iter().all(|question| question["model"] == "small"));
    assert!(asked.iter().all(|question| question["response_format"]["type"] == "json_schema"));
    // Each question is a call of the gateway, paid for and with its task and prompt.
    world.gateway.flush().await.unwrap();
    let sql = "select feature, prompt, cost, role from llm.call";
    let calls: Vec<(String, String, i64, String)> =
        sqlx::query_as(sql).fetch_all(&mut world.db.admin().await.unwrap()).await.unwrap();
    assert_eq!(calls.len(), asked.len());
    let picodollars = 100 * 1_000_000 + 20 * 10_000_000;
    assert!(calls.iter().all(|(feature, _, cost, _)| feature.starts_with("mashup.") && *cost == picodollars));
    assert!(calls.iter().any(|(feature, prompt, ..)| feature == "mashup.hooks" && prompt.starts_with("hooks")));
    let agents = mashup["metadata"]["agents"].as_array().unwrap();
    let told: i64 = agents.iter().filter_map(|agent| agent["model"]["cost_picodollars"].as_i64()).sum();
    assert_eq!(told, calls.iter().map(|(.., cost, _)| cost).sum::<i64>(), "what the piece says that it cost");
}

#[tokio::test]
async fn nobodys_words_go_to_a_model_outside_without_their_consent() {
    let provider = Provider::default();
    let port = provider.start().await;
    // The same machine, but said to be outside: its address is no excuse.
    let outside = "local = false\nagreement = \"signed\"\n";
    let world = World::with_models(&file(port, outside)).await;
    let visitor = Visitor::new(&world).await;
    let mashup = visitor.make(json!({})).await;
    assert!(mashup["metadata"]["parts"].as_array().unwrap().iter().all(|part| part["source"] == "builtin"));
    let mut wanted = request();
    wanted["require_model"] = json!(true);
    let refused = visitor.send("POST", GENERATE, &[], &wanted.to_string()).await;
    assert_eq!((refused.status, refused.json()["code"].as_str()), (503, Some("model_unreachable")));
    assert!(provider.asked().is_empty());
}

#[tokio::test]
async fn a_provider_that_is_not_there_holds_nobody_up() {
    let world = World::with_models(&file(1, "")).await;
    let alone = World::new().await;
    let (with, without) =
        (Visitor::new(&world).await.make(json!({})).await, Visitor::new(&alone).await.make(json!({})).await);
    assert_eq!(with["quality"]["scores"], without["quality"]["scores"]);
    assert!(part(&with, "lyrics")["source"] == "builtin" && with["metadata"]["fallback"] == false);
}
