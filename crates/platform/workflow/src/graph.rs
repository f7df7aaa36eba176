//! A graph: nodes, edges by name, and its bounds.

use crate::context::Cx;
use crate::model::{NodeError, Outcome, State};
use futures_util::future::BoxFuture;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

/// The edge of a node that has but one.
pub const NEXT: &str = "next";
/// Where the last edge leads.
pub const END: &str = "end";
/// The name of the step that is an answer.
pub(crate) const HUMAN: &str = "human";

type Node<S> =
    Arc<dyn Fn(Cx, Arc<S>) -> BoxFuture<'static, Result<Outcome<<S as State>::Output>, NodeError>> + Send + Sync>;

/// A graph over the state `S`. Built with the methods below, checked by [`crate::Engine::register`].
pub struct Graph<S: State> {
    pub(crate) version: i32,
    pub(crate) oldest: i32,
    pub(crate) start: &'static str,
    pub(crate) most_steps: i32,
    pub(crate) attempts: i32,
    pub(crate) node_limit: Duration,
    nodes: BTreeMap<&'static str, Node<S>>,
    edges: BTreeMap<(&'static str, &'static str), &'static str>,
    rescues: BTreeMap<&'static str, &'static str>,
}

/// What is wrong with a graph.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the graph {graph} is wrong: {fault}")]
pub struct GraphFault {
    /// The graph's name.
    pub graph: &'static str,
    /// What is wrong.
    pub fault: String,
}

impl<S: State> Graph<S> {
    /// An empty graph of this version. A run goes on only under a version that accepts its own
    /// ([`Graph::accepts_from`]).
    pub fn new(version: i32) -> Self {
        Self {
            version,
            oldest: version,
            start: "",
            most_steps: 100,
            attempts: 3,
            node_limit: Duration::from_mins(2),
            nodes: BTreeMap::new(),
            edges: BTreeMap::new(),
            rescues: BTreeMap::new(),
        }
    }

    /// Adds a node: `async fn node(cx: Cx, state: Arc<S>) -> Result<Outcome<S::Output>, NodeError>`.
    ///
    /// It may be run again from its beginning when its process dies before its output is stored; what must not happen
    /// twice goes through [`Cx::effect`] or [`Cx::in_checkpoint`].
    #[must_use]
    pub fn node<F, R>(mut self, name: &'static str, run: F) -> Self
    where
        F: Fn(Cx, Arc<S>) -> R + Send + Sync + 'static,
        R: Future<Output = Result<Outcome<S::Output>, NodeError>> + Send + 'static,
    {
        self.nodes.insert(name, Arc::new(move |cx, state| Box::pin(run(cx, state))));
        self
    }

    /// The node that comes first.
    #[must_use]
    pub fn start(mut self, node: &'static str) -> Self {
        self.start = node;
        self
    }

    /// Where `from` goes when it says `edge`: to a node, or to [`END`].
    #[must_use]
    pub fn edge(mut self, from: &'static str, edge: &'static str, to: &'static str) -> Self {
        self.edges.insert((from, edge), to);
        self
    }

    /// Where to go when `from` has failed for good ([`Cx::failure`] tells why); without it, the run fails.
    #[must_use]
    pub fn rescue(mut self, from: &'static str, to: &'static str) -> Self {
        self.rescues.insert(from, to);
        self
    }

    /// How many steps a run may have: the bound of every loop. 100 unless set.
    #[must_use]
    pub fn most_steps(mut self, steps: i32) -> Self {
        self.most_steps = steps;
        self
    }

    /// How often a node is tried when it fails with [`NodeError::passing`]. 3 unless set.
    #[must_use]
    pub fn attempts(mut self, attempts: i32) -> Self {
        self.attempts = attempts.max(1);
        self
    }

    /// How long one attempt at a node may take. 2 minutes unless set.
    #[must_use]
    pub fn node_limit(mut self, limit: Duration) -> Self {
        self.node_limit = limit;
        self
    }

    /// The oldest version whose runs this graph can go on with: the outputs read the same, and the nodes still exist.
    #[must_use]
    pub fn accepts_from(mut self, version: i32) -> Self {
        self.oldest = version.min(self.version);
        self
    }

    pub(crate) fn find(&self, node: &str) -> Option<&Node<S>> {
        self.nodes.get(node)
    }

    pub(crate) fn follow(&self, from: &str, edge: &str) -> Option<&'static str> {
        self.edges.iter().find(|((node, name), _)| *node == from && *name == edge).map(|(_, to)| *to)
    }

    pub(crate) fn rescue_of(&self, from: &str) -> Option<&'static str> {
        self.rescues.get(from).copied()
    }

    /// Every edge leads somewhere, every node can be reached and has a way on, and there is an end.
    pub(crate) fn check(&self) -> Result<(), GraphFault> {
        let fault = |fault: String| Err(GraphFault { graph: S::GRAPH, fault });
        if !self.nodes.contains_key(self.start) {
            return fault(format!("it starts at {:?}, which is no node", self.start));
        }
        let arrows: Vec<(&str, &str)> = self
            .edges
            .iter()
            .map(|((from, _), to)| (*from, *to))
            .chain(self.rescues.iter().map(|(from, to)| (*from, *to)))
            .collect();
        for (from, to) in &arrows {
            if !self.nodes.contains_key(from) || (*to != END && !self.nodes.contains_key(to)) {
                return fault(format!("there is an edge from {from:?} to {to:?}, and one of them is no node"));
            }
        }
        let mut reached = BTreeSet::from([self.start]);
        while let Some((_, to)) = arrows.iter().find(|(from, to)| reached.contains(from) && !reached.contains(to)) {
            reached.insert(to);
        }
        for node in self.nodes.keys() {
            if [HUMAN, END].contains(node) {
                return fault(format!("{node:?} is not a name for a node"));
            }
            if !reached.contains(node) {
                return fault(format!("nothing leads to {node:?}"));
            }
            if !self.edges.keys().any(|(from, _)| from == node) {
                return fault(format!("nothing leads on from {node:?}"));
            }
        }
        if reached.contains(END) { Ok(()) } else { fault("it has no end".into()) }
    }
}

impl<S: State> std::fmt::Debug for Graph<S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Graph")
            .field("name", &S::GRAPH)
            .field("version", &self.version)
            .field("edges", &self.edges)
            .finish_non_exhaustive()
    }
}
