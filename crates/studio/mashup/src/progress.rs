//! What a run's events are called for whoever watches it.

use eduai_kernel::{Failure, FailureKind};
use eduai_web::NumberedEvent;
use eduai_workflow::{Event, Happened, RunId};
use serde_json::{Value, json};

use crate::graph::{AGENTS, RETRY};

/// Whether this event says that the mashup is there.
pub fn is_done(event: &Event) -> bool {
    matches!(event.happened, Happened::RunDone)
}

/// The last event, with the mashup as it is kept: JSON.
pub fn result(event: &Event, mashup: Vec<u8>) -> Result<NumberedEvent, Failure> {
    let data = String::from_utf8(mashup).map_err(|e| Failure::new(FailureKind::Internal, "internal", e.to_string()))?;
    Ok(NumberedEvent { number: i64::from(event.number), name: "result".to_owned(), data })
}

/// A run that ended without a mashup.
pub fn failed() -> Failure {
    let detail = "The piece could not be made. The reason has been recorded; please try again with another request.";
    Failure::new(FailureKind::Internal, "generation_failed", detail)
}

fn numbered(event: &Event, name: &str, data: &Value) -> NumberedEvent {
    NumberedEvent { number: i64::from(event.number), name: name.to_owned(), data: data.to_string() }
}

/// The event as it is told; none for what concerns nobody outside.
pub fn told(run: RunId, event: &Event) -> Option<Result<NumberedEvent, Failure>> {
    let step = |node: &str, state: &str, more: Value| {
        let index = AGENTS.iter().position(|agent| *agent == node).map_or(AGENTS.len(), |i| i + 1);
        let mut data = json!({"agent": node, "state": state, "index": index, "total": AGENTS.len()});
        if let (Some(data), Value::Object(more)) = (data.as_object_mut(), more) {
            data.extend(more);
        }
        Some(Ok(numbered(event, "step", &data)))
    };
    match &event.happened {
        Happened::RunStarted => Some(Ok(numbered(event, "started", &json!({"session_id": run})))),
        Happened::StepStarted { node, .. } => step(node, "started", json!({})),
        Happened::StepFinished { node, edge, took_us, note, .. } => {
            let source = note.as_ref().and_then(|n| n.get("source")).cloned().unwrap_or(Value::Null);
            let state = if edge == RETRY { "retry" } else { "finished" };
            let mut more = json!({"milliseconds": *took_us as f64 / 1000.0, "source": source});
            if let Some(model) = note.as_ref().and_then(|n| n.get("model")) {
                more["model"] = model.clone();
            }
            step(node, state, more)
        }
        Happened::StepRetried { node, .. } | Happened::StepFailed { node, .. } => step(node, "retry", json!({})),
        Happened::Asked { question } => Some(Ok(numbered(event, "waiting", &json!({"question": question.question})))),
        Happened::RunFailed { .. } | Happened::RunCancelled => Some(Err(failed())),
        // What a model is asked for on the way; the answer itself is never told.
        Happened::Progress { node, detail, .. } => step(node, "progress", json!({"model": detail})),
        Happened::Answered { .. } | Happened::RunResumed | Happened::RunDone => None,
    }
}
