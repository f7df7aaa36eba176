//! What a call tells to whoever traces the program.

use crate::upstream::Upstream;
use crate::world::World;
use serde_json::{Value, json};
use std::io::Write;
use std::sync::{Arc, Mutex};
use tracing_subscriber::fmt::MakeWriter;

#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Written {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

impl Written {
    /// The spans of the calls that have ended.
    fn spans(&self) -> Vec<Value> {
        let text = String::from_utf8(self.0.lock().unwrap().clone()).unwrap();
        let lines = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        lines.filter(|line| line["message"] == "a call of a model has ended").map(|line| line["span"].clone()).collect()
    }
}

#[tokio::test]
async fn a_call_has_the_attributes_of_the_conventions() {
    let written = Written::default();
    let logs = tracing_subscriber::fmt().json().flatten_event(true).with_writer(written.clone());
    let _logging = tracing::subscriber::set_default(logs.with_max_level(tracing::Level::DEBUG).finish());
    let upstream = Upstream::start().await;
    let world = World::with(&upstream, "").await;
    for answer in [
        world.ask("good").await,
        world.stream("good").await,
        world.ask_as(crate::world::Front::Anthropic, "good", false).await,
    ] {
        assert_eq!(answer.status, 200, "{}", answer.text);
    }
    assert_eq!(world.ask("status-500").await.status, 500);
    let spans = written.spans();
    assert_eq!(spans.len(), 4, "{spans:?}");
    for span in &spans[..3] {
        for (name, value) in [
            ("otel.name", json!("chat good")),
            ("otel.kind", json!("client")),
            ("gen_ai.operation.name", json!("chat")),
            ("gen_ai.provider.name", json!("openai")),
            ("gen_ai.request.model", json!("good")),
            ("gen_ai.request.max_tokens", json!(50)),
            ("gen_ai.response.model", json!("m")),
            ("gen_ai.response.id", json!("c")),
            ("gen_ai.response.finish_reasons", json!("[\"stop\"]")),
            ("gen_ai.usage.input_tokens", json!(42)),
            ("gen_ai.usage.cache_read.input_tokens", json!(12)),
            ("gen_ai.usage.output_tokens", json!(7)),
            ("server.address", json!("127.0.0.1")),
            ("server.port", json!(upstream.port)),
        ] {
            assert_eq!(span[name], value, "{name}: {span}");
        }
        assert!(span.get("error.type").is_none() && span.get("otel.status_code").is_none(), "{span}");
    }
    assert_eq!((&spans[3]["error.type"], &spans[3]["otel.status_code"]), (&json!("unavailable"), &json!("ERROR")));
    let all = String::from_utf8(written.0.lock().unwrap().clone()).unwrap();
    assert!(!all.contains("Hello") && !all.contains("sk-test"), "neither what was asked nor keys");
}
