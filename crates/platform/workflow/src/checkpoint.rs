//! From a node's outcome to what is written: which step, which events, how the run then stands.

use crate::event::Happened;
use crate::graph::{END, Graph};
use crate::model::{NodeError, OpenQuestion, Outcome, QuestionId, RunFailure, RunStatus, State};
use crate::store::Standing;
use serde_json::Value;

/// What one step comes to.
pub(crate) struct Verdict<O> {
    pub edge: String,
    pub output: Option<O>,
    pub note: Option<Value>,
    pub standing: Standing,
}

/// What follows from `outcome` of the node `node`, whose step has the number `number`.
pub(crate) fn judge<S: State>(
    graph: &Graph<S>,
    node: &str,
    number: i32,
    outcome: Result<Outcome<S::Output>, NodeError>,
    question_id: impl FnOnce() -> QuestionId,
) -> Verdict<S::Output> {
    let failure = |code: &str, detail: String| RunFailure { code: code.into(), node: node.to_owned(), detail };
    let failed = |failure: RunFailure| Standing {
        status: RunStatus::Failed,
        node: node.to_owned(),
        question: None,
        failure: Some(failure),
    };
    let outcome = match outcome {
        Ok(outcome) => outcome,
        Err(error) => {
            let failure = failure("node_failed", error.detail);
            let standing = match graph.rescue_of(node) {
                Some(END) | None => failed(failure),
                Some(rescue) => bounded(
                    graph,
                    number,
                    node,
                    Standing {
                        status: RunStatus::Running,
                        node: rescue.to_owned(),
                        question: None,
                        failure: Some(failure),
                    },
                ),
            };
            return Verdict { edge: "error".into(), output: None, note: None, standing };
        }
    };
    let Outcome { output, edge, question, note } = outcome;
    let question = question.map(|question| OpenQuestion { id: question_id(), question });
    let standing = match (graph.follow(node, &edge), question) {
        (None, _) => failed(failure("no_such_edge", format!("{node} said {edge:?}, and there is no such edge"))),
        (Some(END), Some(_)) => failed(failure("no_such_edge", format!("{node} asked, and nothing takes the answer"))),
        (Some(END), None) => Standing { status: RunStatus::Done, node: END.to_owned(), question: None, failure: None },
        (Some(next), question) => {
            let status = if question.is_some() { RunStatus::Waiting } else { RunStatus::Running };
            bounded(graph, number, node, Standing { status, node: next.to_owned(), question, failure: None })
        }
    };
    Verdict { edge: edge.into_owned(), output, note, standing }
}

/// The bound of every loop: a run with too many steps fails instead of going on.
fn bounded<S: State>(graph: &Graph<S>, number: i32, node: &str, standing: Standing) -> Standing {
    if number < graph.most_steps {
        return standing;
    }
    let detail = format!("it has had {number} steps and would go on to {}", standing.node);
    let failure = RunFailure { code: "too_many_steps".into(), node: node.to_owned(), detail };
    Standing { status: RunStatus::Failed, node: node.to_owned(), question: None, failure: Some(failure) }
}

/// The events of a step that came to `standing`, the start of the next step among them.
pub(crate) fn events(
    number: i32,
    node: &str,
    edge: &str,
    took_us: i64,
    note: Option<&Value>,
    standing: &Standing,
) -> Vec<Happened> {
    let node_failed = edge == "error" && standing.failure.is_some();
    let mut happened = vec![if node_failed {
        Happened::StepFailed { step: number, node: node.to_owned(), took_us }
    } else {
        Happened::StepFinished {
            step: number,
            node: node.to_owned(),
            edge: edge.to_owned(),
            took_us,
            note: note.cloned(),
        }
    }];
    happened.extend(match (standing.status, &standing.question, &standing.failure) {
        (RunStatus::Done, ..) => Some(Happened::RunDone),
        (RunStatus::Failed, _, Some(failure)) => Some(Happened::RunFailed { failure: failure.clone() }),
        (_, Some(question), _) => Some(Happened::Asked { question: question.clone() }),
        (RunStatus::Running, ..) => Some(Happened::StepStarted { step: number + 1, node: standing.node.clone() }),
        _ => None,
    });
    happened
}
