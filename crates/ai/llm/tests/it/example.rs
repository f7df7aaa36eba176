//! The example of the documentation is one that a gateway starts with.

use crate::upstream::Upstream;
use crate::world::World;
use eduai_llm::Config;
use std::path::Path;

/// The first block of TOML in the documentation, as a file.
fn example() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../docs/GATEWAY.md");
    let text = std::fs::read_to_string(path).unwrap();
    let (_, rest) = text.split_once("```toml\n").unwrap();
    rest.split_once("```").unwrap().0.to_owned()
}

fn environment(name: &str) -> Option<String> {
    ["OPENAI_API_KEY", "ANTHROPIC_API_KEY", "SCHOOL_PROGRAM_KEY", "REDIS_URL"].contains(&name).then(|| match name {
        "REDIS_URL" => "redis://127.0.0.1:1".to_owned(),
        key => format!("sk-{key}"),
    })
}

#[tokio::test]
async fn the_example_can_be_read_and_started_with() {
    let config = Config::read(&example(), Path::new("."), &environment).unwrap();
    assert!(
        config.providers.len() >= 4 && config.routes.len() >= 2 && config.keys.len() >= 2 && !config.budgets.is_empty()
    );
    let upstream = Upstream::start().await;
    let text = example()
        .replace("http://127.0.0.1:8000/v1", &format!("http://127.0.0.1:{}/v1", upstream.port))
        .replace("${OPENAI_API_KEY}", "sk-1")
        .replace("${ANTHROPIC_API_KEY}", "sk-2")
        .replace("${REDIS_URL}", "redis://127.0.0.1:1")
        .replace("${SCHOOL_PROGRAM_KEY}", "sk-test");
    let world = World::new(&text).await;
    let answer = world.ask("house").await;
    assert_eq!(answer.status, 200, "{}", answer.text);
}
