use super::*;
use crate::model::{Scope, Subject};
use std::time::Duration;

fn read(text: &str) -> Result<Config, BadConfig> {
    let environment = |name: &str| (name == "THE_KEY").then(|| "sk-${OTHER}".to_owned());
    Config::read(text, Path::new("."), &environment)
}

const GOOD: &str = r#"
[timeouts]
first_byte_ms = 20000
[[provider]]
name = "cloud"
dialect = "openai"
base_url = "https://api.example/v1"
api_key = "${THE_KEY}"
models = ["m"]
timeouts = { connect_ms = 100 }
[[provider]]
name = "house"
dialect = "ollama"
base_url = "http://127.0.0.1:11434"
[[route]]
model = "default"
targets = [{ provider = "cloud", model = "m", weight = 3 }, { provider = "house", model = "h", order = 2 }]
cache_seconds = 60
[[key]]
name = "bench"
secret = "sk-bench"
scopes = ["chat"]
[[budget]]
for = "key:bench"
period = "day"
amount = "12.50"
[[price]]
provider = "cloud"
model = "m"
input = "1"
output = "2"
"#;

#[test]
fn a_good_file_is_read() {
    let config = read(GOOD).unwrap();
    let [cloud, house] = &config.providers[..] else { panic!("{config:?}") };
    assert_eq!(cloud.api_key.as_ref().unwrap().expose(), "sk-${OTHER}", "what is put in is not looked at again");
    assert!(!cloud.in_house && house.in_house);
    assert_eq!(cloud.deadlines.connect, Duration::from_millis(100));
    assert_eq!(house.deadlines.first_byte, Duration::from_secs(20));
    assert_eq!((config.routes[0].targets[0].weight, config.routes[0].targets[1].order), (3, 2));
    assert_eq!(
        (config.keys[0].scopes.as_slice(), config.keys[0].hash),
        ([Scope::Chat].as_slice(), crate::model::key_hash("sk-bench"))
    );
    assert_eq!(config.budgets[0].subject, Subject::Key(config.keys[0].id));
    assert!(config.prices.find("cloud", "m").is_some());
    assert!(!format!("{config:?}").contains("sk-${OTHER}"), "no log shows a key");
}

#[test]
fn everything_that_is_wrong_is_said_at_once() {
    let text = GOOD
        .replace("dialect = \"openai\"", "dialect = \"klingon\"")
        .replace("weight = 3", "weight = 0")
        .replace("provider = \"house\"", "provider = \"hose\"")
        .replace("scopes = [\"chat\"]", "scopes = [\"chat\", \"all\"]")
        .replace("key:bench", "key:banch")
        .replace("connect_ms = 100", "connect_ms = 0");
    let said = read(&text).unwrap_err().to_string();
    for part in ["klingon", "weight", "hose", "scopes", "budget for key:banch", "connect_ms"] {
        assert!(said.contains(part), "{part} is missing: {said}");
    }
}

#[test]
fn what_nobody_knows_and_what_is_not_there_is_refused() {
    assert!(matches!(read("[[provider]]\nnmae = \"x\""), Err(BadConfig::NotUnderstood(_))));
    assert!(matches!(read("= 1"), Err(BadConfig::NotUnderstood(_))));
    assert!(read(&GOOD.replace("THE_KEY", "NO_KEY")).unwrap_err().to_string().contains("NO_KEY"));
    assert!(matches!(read("prices = \"nowhere.toml\""), Err(BadConfig::Unreadable { .. })));
    let said = read(&GOOD.replace("https://api.example/v1", "http://api.example/v1")).unwrap_err().to_string();
    assert!(said.contains("https://"), "{said}");
    for wrong in ["https://u:p@api.example", "https://api.example?key=1", "ftp://api.example", "x"] {
        assert!(read(&GOOD.replace("https://api.example/v1", wrong)).is_err(), "{wrong}");
    }
}

#[test]
fn an_empty_file_is_a_gateway_for_nobody() {
    let config = read("").unwrap();
    assert!(config.providers.is_empty() && config.keys.is_empty() && config.routes.is_empty());
}

#[test]
fn what_keeps_answers_is_read_and_what_is_wrong_with_it_names_the_key_to_write() {
    let cache = "[cache]\nembeddings = \"cloud/m\"\nredis = \"redis://:${THE_KEY}@127.0.0.1/1\"\n[timeouts]";
    let good = GOOD.replace("[timeouts]", cache).replace("cache_seconds = 60", "cache_seconds = 60\nsimilar = 0.97");
    let config = read(&good).unwrap();
    assert_eq!((config.cache_embeddings.as_deref(), config.routes[0].similar), (Some("cloud/m"), Some(0.97)));
    assert!(config.cache_redis.is_some() && !format!("{config:?}").contains("sk-${OTHER}"));
    for (right, wrong, said) in [
        ("similar = 0.97", "similar = 0.4", "0.97"),
        ("similar = 0.97", "similar = 1.01", "0.97"),
        ("similar = 0.97", "similar = nan", "0.97"),
        ("cache_seconds = 60", "", "cache_seconds = 300"),
        ("embeddings = \"cloud/m\"", "", "embeddings = \"NAME\""),
        ("\"cloud/m\"", "\" \"", "embeddings is empty"),
        ("redis://:", "http://:", "redis://127.0.0.1:6379"),
    ] {
        let text = read(&good.replace(right, wrong)).unwrap_err().to_string();
        assert!(text.contains(said) && !text.contains("sk-${OTHER}"), "{wrong}: {text}");
    }
}
