//! A small graph for tests: it writes lines, judges them, may ask, may fail.

use eduai_db::Db;
use eduai_kernel::{Clock, Entropy, FixedClock, Random};
use eduai_vault::{MasterKeys, Vault};
use eduai_workflow::{Cx, END, Engine, Graph, NEXT, NodeError, Outcome, State};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// What the graph works on.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Poem {
    pub wish: Wish,
    pub lines: Vec<String>,
    pub verdict: Option<String>,
}

/// How the run shall go.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Wish {
    pub lines: usize,
    pub ask: bool,
    pub fail: Option<String>,
}

#[derive(Debug, Serialize, Deserialize)]
pub enum Output {
    Line(String),
    Verdict(String),
}

impl State for Poem {
    const GRAPH: &'static str = "poem";
    type Input = Wish;
    type Output = Output;

    fn begin(wish: Wish) -> Self {
        Self { wish, ..Self::default() }
    }

    fn apply(&mut self, output: Output) {
        match output {
            Output::Line(line) => self.lines.push(line),
            Output::Verdict(verdict) => self.verdict = Some(verdict),
        }
    }
}

type Given = Result<Outcome<Output>, NodeError>;

async fn write(cx: Cx, poem: Arc<Poem>) -> Given {
    cx.progress("thinking", serde_json::json!({ "line": poem.lines.len() + 1 }));
    tokio::task::yield_now().await;
    Ok(Outcome::next(Output::Line(format!("line {}", poem.lines.len() + 1))).note(serde_json::json!({ "by": "test" })))
}

async fn judge(cx: Cx, poem: Arc<Poem>) -> Given {
    match poem.wish.fail.as_deref() {
        Some("panic") => panic!("on purpose"),
        Some("passing") if cx.attempt() < 3 => return Err(NodeError::passing("not yet")),
        Some("fatal") => return Err(NodeError::fatal("no")),
        Some("lost") => return Ok(Outcome::edge("nowhere", Output::Verdict("?".into()))),
        _ => {}
    }
    let edge = if poem.lines.len() < poem.wish.lines { "more" } else { "enough" };
    let outcome = Outcome::edge(edge, Output::Verdict(format!("{} so far", poem.lines.len())));
    Ok(if edge == "enough" && poem.wish.ask {
        outcome.and_ask(serde_json::json!("Shall it be read?"))
    } else {
        outcome
    })
}

async fn read(cx: Cx, _: Arc<Poem>) -> Given {
    let verdict = match (cx.failure(), cx.answer()) {
        (Some(failure), _) => format!("rescued from {failure}"),
        (None, Some(answer)) => format!("answered {answer}"),
        (None, None) => "read".to_owned(),
    };
    Ok(Outcome::next(Output::Verdict(verdict)))
}

pub fn graph(version: i32) -> Graph<Poem> {
    Graph::new(version)
        .node("write", write)
        .node("judge", judge)
        .node("read", read)
        .start("write")
        .edge("write", NEXT, "judge")
        .edge("judge", "more", "write")
        .edge("judge", "enough", "read")
        .edge("read", NEXT, END)
        .most_steps(20)
}

/// Every generator of this process is another one, whichever engine asks, and those of other processes are others.
pub struct Counting;

impl Entropy for Counting {
    fn generator(&self) -> Random {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        Random::from_seed(COUNT.fetch_add(1, Ordering::Relaxed) | (u64::from(std::process::id()) << 32))
    }
}

/// A clock at some time in 2026.
pub fn clock() -> Arc<FixedClock> {
    Arc::new(FixedClock::at_unix_seconds(1_780_000_000))
}

pub async fn engine(db: &Db, clock: Arc<dyn Clock>) -> Engine {
    engine_with(db, vault(db, clock.clone()).await, clock).await
}

/// All processes of a test have the same master key.
pub async fn vault(db: &Db, clock: Arc<dyn Clock>) -> Vault {
    let masters = MasterKeys::from_bytes(&[[7; 32]]).unwrap();
    Vault::open(db.clone(), masters, clock).await.unwrap()
}

pub async fn engine_with(db: &Db, vault: Vault, clock: Arc<dyn Clock>) -> Engine {
    Engine::open(db.clone(), vault, clock, Arc::new(Counting)).await.unwrap()
}
