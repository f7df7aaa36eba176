//! Measures the piece on what a class would get: the exports, read back. What is good enough is kept; what is not goes
//! back to the genre analyzer with the names of what to improve.

use eduai_db::DbTimestamp;
use eduai_genre::GenreBook;
use eduai_kernel::{Actor, GUEST_KEPT, Role};
use eduai_workflow::{Cx, NodeError, Outcome};
use std::sync::Arc;

use super::{Answer, Studio, computed, missing};
use crate::content::Content;
use crate::graph::{COLLABORATION, COMPLETE, Draft, ERROR, Given, MOST_ROUNDS, Made, RETRY};
use crate::model::{MashupId, Metadata, Quality};
use crate::session::Question;
use crate::store::{self, Row};
use crate::{quality, remix, shown, view};

/// Runs the agent.
pub async fn run(studio: Arc<Studio>, cx: Cx, draft: Arc<Draft>) -> Result<Outcome<Given>, NodeError> {
    let given = computed(&studio, "quality_validator", draft.clone(), work).await?;
    let Made::Quality(quality) = &given.made else { return Err(missing("quality")) };
    let edge = verdict(&draft, quality);
    let note = serde_json::json!({"source": given.run.source, "milliseconds": given.run.milliseconds, "round": given.run.round,
        "overall": quality.overall, "passed": quality.passed});
    if edge == RETRY || edge == ERROR {
        return Ok(Outcome::edge(edge, given).note(note));
    }
    let row = row(&studio, &cx, &draft, &given, quality.clone()).await?;
    let tenant = cx.actor().institution.uuid();
    let shown = view::mashup(cx.actor(), row.clone(), studio.book);
    let shown = shown::kept(&shown).map_err(|e| NodeError::fatal(e.to_string()))?;
    cx.in_checkpoint(move |tx| Box::pin(async move { Ok(store::insert(tx, tenant, &row, &shown).await?) }));
    let outcome = Outcome::edge(edge, given).note(note);
    if edge == COLLABORATION {
        let question = Question { kind: "open_session".to_owned(), choices: vec!["approve".into(), "decline".into()] };
        let question = serde_json::to_value(question).map_err(|e| NodeError::fatal(e.to_string()))?;
        return Ok(outcome.and_ask(question));
    }
    Ok(outcome)
}

/// Where to go from here.
fn verdict(draft: &Draft, quality: &Quality) -> &'static str {
    let rounds = draft.round + 1 - draft.order.round;
    if quality.passed || draft.fallback {
        // The fallback is as plain as it gets: composing it again would not mend it.
        if draft.order.request.collaboration_mode { COLLABORATION } else { COMPLETE }
    } else if rounds < MOST_ROUNDS {
        RETRY
    } else if quality.overall < quality::OVERALL {
        ERROR
    } else if draft.order.request.collaboration_mode {
        COLLABORATION
    } else {
        COMPLETE
    }
}

fn work(draft: &Draft, book: &'static GenreBook) -> Answer {
    let piece = draft.piece.as_deref().ok_or_else(|| missing("piece"))?;
    let material = draft.material.as_deref().ok_or_else(|| missing("material"))?;
    let context = draft.context.as_ref().ok_or_else(|| missing("educational context"))?;
    let rounds = draft.round + 1 - draft.order.round;
    let (quality, faults) = quality::measure(piece, material, context, book, rounds);
    for fault in faults {
        tracing::warn!(fault, "the quality check found a fault");
    }
    Ok((Made::Quality(quality), Vec::new()))
}

/// The row to keep.
async fn row(studio: &Studio, cx: &Cx, draft: &Draft, given: &Given, quality: Quality) -> Result<Row, NodeError> {
    let actor = cx.actor();
    let piece = draft.piece.as_deref().ok_or_else(|| missing("piece"))?.clone();
    let changes = match draft.order.parent {
        Some(parent) => changes(studio, actor, parent, &piece).await?,
        None => Vec::new(),
    };
    // The database keeps microseconds: what is shown at once is what will be read again.
    let created_at = DbTimestamp::from(studio.clock.now()).to_jiff();
    let mut agents = draft.agents.clone();
    agents.push(given.run.clone());
    let context = draft.context.clone().ok_or_else(|| missing("educational context"))?;
    let analysis = draft.analysis.as_deref().cloned().unwrap_or_default();
    let material = draft.material.as_deref().ok_or_else(|| missing("material"))?.clone();
    let credits = draft.order.credits.clone();
    let content = Content { changes, credits, ..Content::new(piece, context, (analysis, material), quality) };
    Ok(Row {
        id: MashupId::from_uuid(cx.run().uuid()),
        owner: actor.user,
        parent: draft.order.parent,
        title: content.piece.score.title.chars().take(200).collect(),
        shared: false,
        version: 1,
        request: draft.order.request.clone(),
        content,
        metadata: Metadata {
            agents,
            program_version: env!("CARGO_PKG_VERSION").to_owned(),
            fallback: draft.fallback,
            warnings: draft.warnings.clone(),
        },
        created_at,
        expires_at: (actor.role == Role::Guest).then(|| created_at + GUEST_KEPT),
    })
}

async fn changes(
    studio: &Studio,
    actor: &Actor,
    parent: MashupId,
    piece: &eduai_compose::model::Piece,
) -> Result<Vec<crate::model::Change>, NodeError> {
    let mut tx = studio.db.begin(actor).await?;
    let before = store::find(&mut tx, parent).await?;
    Ok(before.map(|row| remix::changes(&row.content.piece, piece)).unwrap_or_default())
}
