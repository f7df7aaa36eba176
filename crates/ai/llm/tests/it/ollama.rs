//! An Ollama that runs on this machine, without anybody setting anything.

use crate::admin::{admin_of, until};
use crate::world::{World, set_level};
use eduai_db::DEMONSTRATION;
use eduai_kernel::FailureKind;
use eduai_llm::admin::{NewModelKey, NewModelProvider, NewModelRoute};
use eduai_llm::{Ask, PromptVersion, Reach};
use eduai_wire::{Chat, Message};
use futures_util::StreamExt as _;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use url::Url;

/// A double of Ollama, as far as it is asked here.
#[derive(Clone)]
struct Ollama {
    url: Url,
    /// What it lists.
    models: Arc<Mutex<Vec<Value>>>,
    /// The models that were asked.
    asked: Arc<Mutex<Vec<String>>>,
}

fn model(name: &str, day: u32) -> Value {
    json!({"name": name, "model": name, "modified_at": format!("2026-11-{day:02}T00:00:00Z"), "size": 1})
}

impl Ollama {
    async fn start(models: Vec<Value>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
        let ollama = Self { url, models: Arc::new(Mutex::new(models)), asked: Arc::default() };
        let own = ollama.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let own = own.clone();
                tokio::spawn(async move { own.serve(stream).await });
            }
        });
        ollama
    }

    async fn serve(&self, mut stream: TcpStream) -> std::io::Result<()> {
        while let Some((path, body)) = question(&mut stream).await? {
            let name = body["model"].as_str().unwrap_or_default().to_owned();
            let answer = match path.as_str() {
                "/api/tags" => json!({"models": *self.models.lock().unwrap()}).to_string(),
                "/api/pull" => {
                    self.models.lock().unwrap().push(model(&name, 28));
                    [
                        json!({"status": "pulling manifest"}),
                        json!({"status": "pulling 8934d96d3f08", "total": 100, "completed": 40}),
                        json!({"status": "success"}),
                    ]
                    .map(|step| format!("{step}\n"))
                    .concat()
                }
                _ => {
                    self.asked.lock().unwrap().push(name.clone());
                    json!({"model": name, "created_at": "2026-11-22T00:00:00Z", "done": true, "done_reason": "stop",
                        "message": {"role": "assistant", "content": "Hello."}, "prompt_eval_count": 3, "eval_count": 2})
                    .to_string()
                }
            };
            let head = format!(
                "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
                answer.len()
            );
            stream.write_all(format!("{head}{answer}").as_bytes()).await?;
        }
        Ok(())
    }
}

/// A question's path and body; none when the connection ends.
async fn question(stream: &mut TcpStream) -> std::io::Result<Option<(String, Value)>> {
    let mut all = Vec::new();
    let mut buffer = vec![0; 4_096];
    loop {
        if let Some(head) = all.windows(4).position(|four| four == b"\r\n\r\n") {
            let text = String::from_utf8_lossy(&all[..head]).into_owned();
            let length = |line: &str| line.to_lowercase().strip_prefix("content-length: ")?.parse::<usize>().ok();
            let length = text.lines().find_map(length).unwrap_or(0);
            if all.len() >= head + 4 + length {
                let path = text.split(' ').nth(1).unwrap_or_default().to_owned();
                return Ok(Some((path, serde_json::from_slice(&all[head + 4..]).unwrap_or_default())));
            }
        }
        let count = stream.read(&mut buffer).await?;
        if count == 0 {
            return Ok(None);
        }
        all.extend_from_slice(&buffer[..count]);
    }
}

async fn world(ollama: &Ollama, level: &str) -> World {
    let db = World::database().await;
    set_level(&db, level).await;
    let world = World::beside(db, "", Some(ollama.url.clone())).await;
    world.gateway.look().await;
    world
}

/// A question of the platform itself.
fn ask() -> Ask {
    Ask {
        task: "mashup.hooks",
        prompt: PromptVersion { name: "test", version: 1 },
        chat: Chat { messages: vec![Message::user("Hello?")], ..Chat::default() },
        reach: Reach::Allowed,
        personal: Vec::new(),
        deadline: Duration::from_mins(1),
    }
}

#[tokio::test]
async fn it_is_offered_and_takes_the_tasks_even_in_a_strict_house() {
    let ollama = Ollama::start(vec![
        model("llama3.2:3b", 1),
        model("qwen3:8b", 9),
        model("nomic-embed-text:latest", 10),
        model("gpt-oss:120b-cloud", 11),
        json!({"name": "mine:latest", "remote_host": "https://ollama.com:443", "remote_model": "gpt-oss:120b"}),
    ])
    .await;
    let world = world(&ollama, "strict").await;
    let admin = admin_of(DEMONSTRATION);
    let providers = world.gateway.providers(&admin).await.unwrap();
    assert_eq!(providers.len(), 1);
    assert_eq!((providers[0].name.as_str(), providers[0].local), ("ollama", true));
    assert_eq!(serde_json::to_value(providers[0].origin).unwrap(), "found");
    assert_eq!(providers[0].models, ["nomic-embed-text:latest", "qwen3:8b", "llama3.2:3b"], "none of the cloud");
    assert!(world.gateway.offered(&admin, "mashup.hooks").await.unwrap().local);
    let answer = world.gateway.ask(&admin, ask()).await.unwrap();
    assert_eq!((answer.provider.as_str(), answer.model.as_str(), answer.local), ("ollama", "qwen3:8b", true));
    let trial = world.gateway.try_provider(&admin, providers[0].id, Some("gpt-oss:120b-cloud")).await.unwrap();
    assert_eq!((trial.ok, trial.problem.unwrap().kind), (false, "permission".to_owned()));
    // A name of one's own for a model of Ollama's cloud is seen through as well.
    let route = json!({"model": "mine", "targets": [{"provider": "ollama", "model": "mine"}]});
    world.gateway.create_route(&admin, &serde_json::from_value(route).unwrap()).await.unwrap();
    let mine = world.gateway.models(&admin).await.unwrap().into_iter().find(|one| one.name == "mine").unwrap();
    assert!(!mine.targets[0].local);
    assert_eq!(serde_json::to_value(mine.targets[0].reachable).unwrap(), "refused_by_privacy");
    let refused = world.gateway.remove_provider(&admin, providers[0].id, |_| Ok(())).await.unwrap_err();
    assert_eq!((refused.kind, refused.code), (FailureKind::Conflict, "found_here"));
    assert_eq!(*ollama.asked.lock().unwrap(), ["qwen3:8b"]);
    ollama.models.lock().unwrap().clear();
    world.gateway.look().await;
    let left = world.gateway.models(&admin).await.unwrap();
    assert!(left.iter().all(|one| one.targets.is_empty()), "what is gone is not offered: {left:?}");
}

#[tokio::test]
async fn what_somebody_sets_comes_before_what_is_found() {
    let ollama = Ollama::start(vec![model("llama3.2:3b", 1)]).await;
    let world = world(&ollama, "relaxed").await;
    let admin = admin_of(DEMONSTRATION);
    let new =
        json!({"name": "house", "dialect": "ollama", "base_url": ollama.url.as_str(), "models": ["gpt-oss:20b-cloud"]});
    let new: NewModelProvider = serde_json::from_value(new).unwrap();
    world.gateway.create_provider(&admin, &new).await.unwrap();
    let providers = world.gateway.providers(&admin).await.unwrap();
    assert_eq!(providers.len(), 1, "the same machine is not there twice");
    let route = json!({"model": "default", "tasks": ["*"], "targets": [{"provider": "house", "model": "llama3.2:3b"}]});
    let route: NewModelRoute = serde_json::from_value(route).unwrap();
    world.gateway.create_route(&admin, &route).await.unwrap();
    let models = world.gateway.models(&admin).await.unwrap();
    let cloud = models.iter().find(|one| one.name == "gpt-oss:20b-cloud").unwrap();
    assert!(!cloud.targets[0].local, "Ollama's cloud is not the house, though the house is asked");
    let key: NewModelKey = serde_json::from_value(json!({"name": "k"})).unwrap();
    let key = world.gateway.create_key(&admin, &key).await.unwrap().secret;
    set_level(&world.db, "strict").await;
    let body = json!({"model": "gpt-oss:20b-cloud", "messages": [{"role": "user", "content": "Hello?"}]}).to_string();
    let strict = async || world.gateway.privacy(&admin).await.unwrap().level == eduai_kernel::PrivacyLevel::Strict;
    until("the level holds", strict).await;
    assert_eq!(world.send("POST", "/v1/chat/completions", &key, &body).await.status, 403);
    let body = json!({"model": "default", "messages": [{"role": "user", "content": "Hello?"}]}).to_string();
    assert_eq!(world.send("POST", "/v1/chat/completions", &key, &body).await.status, 200);
    assert_eq!(*ollama.asked.lock().unwrap(), ["llama3.2:3b"]);
}

#[tokio::test]
async fn a_model_is_fetched_with_its_progress() {
    let ollama = Ollama::start(vec![model("llama3.2:3b", 1)]).await;
    let world = world(&ollama, "strict").await;
    let admin = admin_of(DEMONSTRATION);
    let provider = world.gateway.providers(&admin).await.unwrap().remove(0);
    let steps = world.gateway.pull(&admin, provider.id, "smollm2:135m").await.unwrap();
    let steps: Vec<_> = steps.map(|step| step.unwrap()).collect().await;
    let shown: Vec<_> = steps.iter().map(|step| (step.status.as_str(), step.completed, step.total)).collect();
    let expected =
        [("pulling manifest", None, None), ("pulling 8934d96d3f08", Some(40), Some(100)), ("success", None, None)];
    assert_eq!(shown, expected);
    let provider = world.gateway.providers(&admin).await.unwrap().remove(0);
    assert_eq!(provider.models, ["smollm2:135m", "llama3.2:3b"]);
    let refused = world.gateway.pull(&admin, provider.id, "not a model").await.err().unwrap();
    assert_eq!(refused.kind, FailureKind::Invalid);
}
