//! The spans of a run and of its steps: which graph, which node, and how it ended. Neither state nor words are in them. They
//! are made where somebody listens at the level `debug`, and cost nothing elsewhere.

use crate::model::{NodeError, State};
use crate::store::Run;
use tracing::Span;
use tracing::field::Empty;

/// A run, or what is driven of it here. A part of the request that has begun it.
pub fn of_run(run: &Run) -> Span {
    tracing::debug_span!(
        "workflow_run",
        otel.name = %format_args!("run {}", run.graph),
        eduai.workflow.graph = run.graph,
        eduai.workflow.run.id = %run.id,
        eduai.institution.id = %run.actor.institution,
    )
}

/// One attempt at a node.
pub fn of_step<S: State>(run: &Run, attempt: i32) -> Span {
    tracing::debug_span!(
        "workflow_step",
        otel.name = %format_args!("{} {}", S::GRAPH, run.next_node),
        otel.status_code = Empty,
        error.type = Empty,
        eduai.workflow.node = run.next_node,
        eduai.workflow.attempt = attempt,
    )
}

/// It has failed.
pub fn failed(span: &Span, error: &NodeError) {
    span.record("error.type", if error.passing { "passing" } else { "fatal" });
    span.record("otel.status_code", "ERROR");
}
