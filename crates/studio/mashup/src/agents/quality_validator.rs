//! Measures the piece on what a class would get: the exports, read back. What is good enough is kept; what is not goes
//! back to the genre analyzer with the names of what to improve.

use eduai_db::DbTimestamp;
use eduai_genre::GenreBook;
use eduai_kernel::{Actor, Failure, GUEST_KEPT, Role};
use eduai_workflow::{Cx, NodeError, Outcome};
use std::sync::Arc;

use super::{Answer, Studio, computed, missing, note, shared};
use crate::content::Content;
use crate::graph::{COLLABORATION, COMPLETE, Draft, ERROR, Given, MOST_ROUNDS, Made, RETRY};
use crate::kept::{self, Row};
use crate::model::{AgentRun, MashupId, Metadata, Quality};
use crate::models::desk::{Desk, Form};
use crate::models::{opinion, prompt};
use crate::session::Question;
use crate::{provenance, quality, remix, shown, view};

/// Runs the agent.
pub async fn run(studio: Arc<Studio>, cx: Cx, draft: Arc<Draft>) -> Result<Outcome<Given>, NodeError> {
    let given = computed(&studio, "quality_validator", draft.clone(), work).await?;
    let given = second_opinion(&studio, &cx, &draft, given).await?;
    let Made::Quality(quality) = &given.made else { return Err(missing("quality")) };
    let edge = verdict(&draft, quality);
    let mut note = note(&given);
    note["overall"] = quality.overall.into();
    note["passed"] = quality.passed.into();
    if edge == RETRY || edge == ERROR {
        return Ok(Outcome::edge(edge, given).note(note));
    }
    let row = row(&studio, &cx, &draft, &given, quality.clone()).await?;
    let tenant = cx.actor().institution.uuid();
    let shown = view::mashup(cx.actor(), row.clone(), studio.book);
    let shown = shown::kept(&shown).map_err(|e| NodeError::fatal(e.to_string()))?;
    let vault = studio.vault.clone();
    cx.in_checkpoint(move |tx| Box::pin(async move { Ok(kept::insert(&vault, tx, tenant, &row, &shown).await?) }));
    let outcome = Outcome::edge(edge, given).note(note);
    if edge == COLLABORATION {
        let question = Question { kind: "open_session".to_owned(), choices: vec!["approve".into(), "decline".into()] };
        let question = serde_json::to_value(question).map_err(|e| NodeError::fatal(e.to_string()))?;
        return Ok(outcome.and_ask(question));
    }
    Ok(outcome)
}

/// What a model thinks of words that a model wrote: it may lower a score. The program's own words were read by people.
async fn second_opinion(studio: &Studio, cx: &Cx, draft: &Draft, mut given: Given) -> Result<Given, NodeError> {
    let wrote =
        |run: &AgentRun| run.name == "lyrics_composer" && run.model.as_ref().is_some_and(|share| share.used > 0);
    let (Some(piece), Made::Quality(quality)) = (draft.piece.as_deref(), &mut given.made) else { return Ok(given) };
    if !draft.agents.iter().any(wrote) {
        return Ok(given);
    }
    let Some(desk) = Desk::open(studio, cx, draft, &prompt::OPINION).await else { return Ok(given) };
    let mut lines: Vec<String> = Vec::new();
    for line in piece.lyrics.iter().flat_map(|section| &section.lines) {
        if !lines.contains(&line.text) {
            lines.push(line.text.clone());
        }
    }
    let numbered: Vec<String> = lines.iter().enumerate().map(|(i, line)| format!("{}. {line}", i + 1)).collect();
    let brief = &piece.plan.brief;
    let genres: Vec<&str> =
        brief.genres.iter().filter_map(|id| studio.book.get(id)).map(|p| p.name.get(brief.language)).collect();
    let values =
        vec![("grade", brief.grade.to_string()), ("genres", genres.join(", ")), ("lines", numbered.join("\n"))];
    let form = Form { values, schema: opinion::schema(lines.len()), max_tokens: 300 };
    let concerns =
        desk.ask("opinion", &form, |answer| Ok(opinion::concerns(answer, &lines))).await?.unwrap_or_default();
    opinion::lower(quality, &concerns);
    desk.note(concerns.len() as u32, 0, 0);
    Ok(shared(given, Some(desk.close())))
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
            parts: provenance::parts(&agents),
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
    let before = kept::find(&studio.vault, &mut tx, parent).await.map_err(Failure::from)?;
    Ok(before.map(|row| remix::changes(&row.content.piece, piece)).unwrap_or_default())
}
