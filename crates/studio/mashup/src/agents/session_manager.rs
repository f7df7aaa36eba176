//! Takes the teacher's decision whether the class works on the piece together. The piece is kept by then, whatever the
//! decision. Live sessions are not part of the program yet, and it says so instead of pretending to open one.

use eduai_kernel::Text;
use eduai_workflow::{Cx, NodeError, Outcome};
use std::sync::Arc;

use super::{Studio, computed, missing, next};
use crate::graph::{Draft, Given, Made};
use crate::session::{Decision, Resume};

/// Runs the agent.
pub async fn run(studio: Arc<Studio>, cx: Cx, draft: Arc<Draft>) -> Result<Outcome<Given>, NodeError> {
    let answer = cx.answer().cloned().ok_or_else(|| missing("decision"))?;
    let resume: Resume = serde_json::from_value(answer).map_err(|e| NodeError::fatal(e.to_string()))?;
    let given = computed(&studio, "session_manager", draft, move |_, _| {
        let note = match resume.decision {
            Decision::Approve => Text::new(
                "Live class sessions come in a later version; the piece is ready to play and share meanwhile.",
                "Las sesiones en directo llegarán en una versión posterior; mientras tanto la pieza está lista para tocarla y compartirla.",
            ),
            Decision::Decline => Text::new(
                "No class session was opened; the piece is yours.",
                "No se abrió ninguna sesión de clase; la pieza es tuya.",
            ),
        };
        Ok((Made::Decision, vec![note]))
    });
    Ok(next(given.await?))
}
