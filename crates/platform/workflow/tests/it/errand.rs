//! A graph of errands, each with an outward act, that can be stopped dead at any point: for crash tests.

use eduai_workflow::{Cx, END, Graph, NodeError, Outcome, State};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What the graph works on: the errands done so far, as (node, what the act gave).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Errands {
    pub plan: Plan,
    pub done: Vec<(usize, String)>,
}

/// Which way the run goes: for each visit in turn, the node after it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    pub way: Vec<usize>,
}

#[derive(Debug, Serialize, Deserialize)]
pub struct Done {
    node: usize,
    act: String,
}

impl State for Errands {
    const GRAPH: &'static str = "errands";
    type Input = Plan;
    type Output = Done;

    fn begin(plan: Plan) -> Self {
        Self { plan, done: Vec::new() }
    }

    fn apply(&mut self, output: Done) {
        self.done.push((output.node, output.act));
    }
}

/// Where in a step something may happen to the process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Point {
    Before,
    AfterAct,
    AfterEffect,
}

pub const POINTS: [Point; 3] = [Point::Before, Point::AfterAct, Point::AfterEffect];

/// The world outside: acts are counted here, and the process may be stopped here.
pub trait Outside: Send + Sync + 'static {
    /// An act that cannot be undone.
    fn act(&self, step: i32);
    /// Returns at once, or never.
    fn pass(&self, step: i32, point: Point) -> impl Future<Output = ()> + Send;
}

const NAMES: [&str; 5] = ["bank", "post", "market", "school", "home"];
pub const NODES: usize = NAMES.len();

/// Every errand may follow every other; the plan says which does.
pub fn graph<O: Outside>(outside: &Arc<O>) -> Graph<Errands> {
    let mut graph = Graph::new(1).start(NAMES[0]).most_steps(50);
    for (number, name) in NAMES.into_iter().enumerate() {
        let outside = outside.clone();
        graph = graph.node(name, move |cx, state| errand(outside.clone(), number, cx, state)).edge(name, "end", END);
        for next in NAMES {
            graph = graph.edge(name, next, next);
        }
    }
    graph
}

async fn errand<O: Outside>(
    outside: Arc<O>,
    node: usize,
    cx: Cx,
    state: Arc<Errands>,
) -> Result<Outcome<Done>, NodeError> {
    let step = cx.step();
    assert_eq!(state.done.len() as i32, step - 1, "the state has exactly what was recorded");
    outside.pass(step, Point::Before).await;
    cx.progress("on the way", serde_json::json!(step));
    let act = cx
        .effect("errand", async || {
            outside.act(step);
            outside.pass(step, Point::AfterAct).await;
            Ok(format!("receipt {step}"))
        })
        .await?;
    outside.pass(step, Point::AfterEffect).await;
    let edge = state.plan.way.get(step as usize - 1).map_or("end", |next| NAMES[*next]);
    Ok(Outcome::edge(edge, Done { node, act }))
}

/// What a run of this plan must come to, however often it was interrupted.
pub fn expected(plan: &Plan) -> Vec<(usize, String)> {
    let nodes = std::iter::once(0).chain(plan.way.iter().copied());
    nodes.enumerate().map(|(step, node)| (node, format!("receipt {}", step + 1))).collect()
}
