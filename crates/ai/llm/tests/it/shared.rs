//! Answers that replicas keep together, in a Redis that the test starts and ends.

use crate::admin::{another, own, read, until};
use crate::upstream::Upstream;
use crate::world::{Answer, World, file};
use redis::aio::MultiplexedConnection;
use serde_json::json;
use std::process::Stdio;
use std::time::{Duration, Instant};
use tokio::process::{Child, Command};

/// A Redis on a port of its own; gone when it is dropped.
struct Redis {
    port: u16,
    process: Child,
}

impl Redis {
    /// None, and a message, where no Redis is installed.
    async fn start() -> Option<Self> {
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        Self::at(port).await
    }

    #[expect(clippy::print_stderr, reason = "whoever reads the tests' output sees what was not tested")]
    async fn at(port: u16) -> Option<Self> {
        let port_text = port.to_string();
        let arguments = ["--port", &port_text, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"];
        let mut command = Command::new("redis-server");
        command.args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true);
        let Ok(process) = command.current_dir(std::env::temp_dir()).spawn() else {
            eprintln!("SKIPPED: there is no redis-server on this machine; install it to test the shared cache");
            return None;
        };
        let redis = Self { port, process };
        until("the Redis answers", async || redis.connect().await.is_ok()).await;
        Some(redis)
    }

    async fn connect(&self) -> Result<MultiplexedConnection, redis::RedisError> {
        let client = redis::Client::open(format!("redis://127.0.0.1:{}", self.port))?;
        client.get_multiplexed_async_connection().await
    }

    async fn end(mut self) {
        self.process.kill().await.unwrap();
    }

    async fn say<T: redis::FromRedisValue>(&self, words: &[&str]) -> T {
        let mut command = redis::cmd(words[0]);
        command.arg(&words[1..]);
        command.query_async(&mut self.connect().await.unwrap()).await.unwrap()
    }

    async fn names(&self) -> Vec<String> {
        self.say(&["KEYS", "*"]).await
    }
}

fn settings(upstream: &Upstream, redis: u16, seconds: u32) -> String {
    let more = format!(
        "[cache]\nredis = \"redis://127.0.0.1:{redis}\"\n[[route]]\nmodel = \"kept\"\n\
         targets = [{{ provider = \"p\", model = \"good\" }}]\ncache_seconds = {seconds}\n"
    );
    file(upstream.port, &more)
}

async fn ask(world: &World, key: &str, text: &str) -> Answer {
    let body = json!({"model": "kept", "messages": [{"role": "user", "content": text}]});
    let answer = world.send("POST", "/v1/chat/completions", key, &body.to_string()).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer
}

fn is_kept(answer: &Answer) -> bool {
    answer.headers.get("x-llm-cache").is_some_and(|value| value == "exact")
}

/// Waits until a gateway shares what it is answered: the connection is made in the background.
async fn shares(world: &World, redis: &Redis, name: &str) {
    let mut number = 0;
    until("the gateway shares its answers", async || {
        let before = redis.names().await.len();
        number += 1;
        ask(world, "sk-test", &format!("{name} {number}")).await;
        tokio::time::sleep(Duration::from_millis(20)).await;
        redis.names().await.len() > before
    })
    .await;
}

/// Asks, and waits until the answer is shared.
async fn ask_and_share(world: &World, redis: &Redis, text: &str) {
    let before = redis.names().await.len();
    assert!(!is_kept(&ask(world, "sk-test", text).await));
    until("the answer is shared", async || redis.names().await.len() > before).await;
}

/// Two replicas that share what they keep.
async fn replicas(upstream: &Upstream, redis: &Redis) -> (World, World) {
    let one = World::new(&settings(upstream, redis.port, 600)).await;
    let two = World::beside(one.db.clone(), &settings(upstream, redis.port, 600), None).await;
    shares(&one, redis, "one").await;
    shares(&two, redis, "two").await;
    (one, two)
}

#[tokio::test]
async fn replicas_share_answers_and_nobody_else_reads_them() {
    let Some(redis) = Redis::start().await else { return };
    let upstream = Upstream::start().await;
    let (one, two) = replicas(&upstream, &redis).await;
    let said = "Xylophone and marimba";
    ask_and_share(&one, &redis, said).await;
    let asked = upstream.asked();
    let (first, other) = (ask(&one, "sk-test", said).await, ask(&two, "sk-test", said).await);
    assert!(is_kept(&other) && other.text == first.text);
    assert_eq!(upstream.asked(), asked, "the other replica has the answer");

    // The other school asks the very same, with a route of the same name.
    let school = another(&one.db).await;
    one.gateway.create_provider(&school, &own(&upstream, "p")).await.unwrap();
    let route = json!({"model": "kept", "targets": [{"provider": "p", "model": "good"}], "cache_seconds": 600});
    one.gateway.create_route(&school, &read(route)).await.unwrap();
    let key = one.gateway.create_key(&school, &read(json!({"name": "theirs"}))).await.unwrap();
    assert!(!is_kept(&ask(&one, &key.secret, said).await));
    assert_eq!(upstream.asked(), asked + 1);

    let names = redis.names().await;
    assert!(names.len() >= 4);
    let institution = eduai_db::DEMONSTRATION.to_string();
    for name in &names {
        let value: Vec<u8> = redis.say(&["GET", name]).await;
        let all = name.to_lowercase() + &String::from_utf8_lossy(&value).to_lowercase();
        for word in ["hello", "xylophone", "marimba", "choices", "good", "kept", "sk-", &institution] {
            assert!(!all.contains(word), "{word} stands in the Redis");
        }
        let left: i64 = redis.say(&["PTTL", name]).await;
        assert!((1..=600_000).contains(&left), "{left}");
    }
    // What came from there is in memory now.
    redis.end().await;
    assert!(is_kept(&ask(&two, "sk-test", said).await));
}

#[tokio::test]
async fn a_redis_that_goes_away_is_missed_by_nobody_and_found_again() {
    let Some(redis) = Redis::start().await else { return };
    let upstream = Upstream::start().await;
    let (one, two) = replicas(&upstream, &redis).await;
    // It stops answering, with the connections open.
    let _: () = redis.say(&["CLIENT", "PAUSE", "3000", "ALL"]).await;
    let begun = Instant::now();
    for number in 0..5 {
        ask(&one, "sk-test", &format!("while it is silent {number}")).await;
    }
    assert!(begun.elapsed() < Duration::from_millis(2_500), "one wait at most: {:?}", begun.elapsed());
    let port = redis.port;
    redis.end().await;
    let before = upstream.asked();
    for number in 0..5 {
        ask(&one, "sk-test", &format!("while it is gone {number}")).await;
        ask(&two, "sk-test", &format!("while it is gone {number}")).await;
    }
    assert_eq!(upstream.asked(), before + 10);
    let redis = Redis::at(port).await.unwrap();
    shares(&one, &redis, "one again").await;
    shares(&two, &redis, "two again").await;
    ask_and_share(&one, &redis, "after all").await;
    assert!(is_kept(&ask(&two, "sk-test", "after all").await));
}

#[tokio::test]
async fn without_a_redis_everything_is_as_before() {
    let upstream = Upstream::start().await;
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let world = World::new(&settings(&upstream, port, 600)).await;
    assert!(!is_kept(&ask(&world, "sk-test", "a question").await));
    assert!(is_kept(&ask(&world, "sk-test", "a question").await));
}

#[tokio::test]
async fn what_is_not_ours_is_no_answer() {
    let Some(redis) = Redis::start().await else { return };
    let upstream = Upstream::start().await;
    let one = World::new(&settings(&upstream, redis.port, 600)).await;
    shares(&one, &redis, "one").await;
    let _: () = redis.say(&["FLUSHALL"]).await;
    let questions = ["garbage", "another's", "a list", "empty", "too long"];
    let mut names = Vec::new();
    for question in questions {
        ask_and_share(&one, &redis, question).await;
        let fresh: Vec<String> = redis.names().await.into_iter().filter(|name| !names.contains(name)).collect();
        names.extend(fresh);
    }
    let other: Vec<u8> = redis.say(&["GET", &names[0]]).await;
    let mut connection = redis.connect().await.unwrap();
    let mut spoil = redis::pipe();
    spoil.cmd("SET").arg(&names[0]).arg("\0\u{1}\u{2}garbage").cmd("SET").arg(&names[1]).arg(other);
    spoil.cmd("DEL").arg(&names[2]).cmd("RPUSH").arg(&names[2]).arg("x").cmd("SET").arg(&names[3]).arg("");
    spoil.cmd("SET").arg(&names[4]).arg(vec![7_u8; 3 << 20]);
    let () = spoil.query_async(&mut connection).await.unwrap();
    let two = World::beside(one.db.clone(), &settings(&upstream, redis.port, 600), None).await;
    shares(&two, &redis, "two").await;
    let asked = upstream.asked();
    for question in questions {
        assert!(!is_kept(&ask(&two, "sk-test", question).await), "{question}");
    }
    assert_eq!(upstream.asked(), asked + questions.len());
}

#[tokio::test]
async fn what_is_shared_ends_when_it_has_to() {
    let Some(redis) = Redis::start().await else { return };
    let upstream = Upstream::start().await;
    let one = World::new(&settings(&upstream, redis.port, 2)).await;
    let two = World::beside(one.db.clone(), &settings(&upstream, redis.port, 2), None).await;
    shares(&one, &redis, "one").await;
    shares(&two, &redis, "two").await;
    ask_and_share(&one, &redis, "soon over").await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    // The other replica keeps it for the rest of its time, not for its whole time again.
    assert!(is_kept(&ask(&two, "sk-test", "soon over").await));
    tokio::time::sleep(Duration::from_millis(1_100)).await;
    assert!(!is_kept(&ask(&two, "sk-test", "soon over").await));
}
