//! An answer, read.

use serde_json::{Map, json};

use super::failure::{blocked, read_error, read_failure};
use crate::json::fields::utf8;
use crate::json::{Fields, Node};
use crate::{Dialect, Failure, Kind, Part, Reply, Source, Stop, Usage};

/// Reads a whole answer, or the error that came instead of it. Of several candidates the first counts.
///
/// # Errors
/// The provider's error, `Refused` for a question that was blocked, or `Nonsense` for what cannot be read.
pub fn read_reply(status: u16, body: &[u8]) -> Result<Reply, Failure> {
    if !(200..300).contains(&status) {
        return Err(read_failure(status, None, body));
    }
    let mut fields = Fields::parse(utf8(body, Kind::Nonsense)?, Kind::Nonsense)?;
    let answer = Answer::read(&mut fields)?;
    let Some(candidate) = answer.candidate else {
        return Err(Failure::new(Kind::Nonsense, "candidates: there is none").at("candidates"));
    };
    let calls = candidate.parts.iter().any(|part| matches!(part.plain(), Part::ToolCall { .. }));
    Ok(Reply {
        id: answer.id,
        model: answer.model,
        created: 0,
        stop: read_stop(candidate.stop.as_deref(), calls),
        parts: joined(candidate.parts),
        usage: answer.usage.unwrap_or_default(),
        other: fields.rest()?,
        origin: Some(Dialect::Gemini),
    })
}

/// One answer, or one step of it: both have the same form.
pub(super) struct Answer {
    pub id: String,
    pub model: String,
    pub usage: Option<Usage>,
    pub candidate: Option<Candidate>,
}

pub(super) struct Candidate {
    pub parts: Vec<Part>,
    pub stop: Option<String>,
}

impl Answer {
    pub(super) fn read(fields: &mut Fields) -> Result<Self, Failure> {
        if let Some(error) = fields.take("error") {
            return Err(read_error(500, &error)?);
        }
        let id = fields.text("responseId")?.unwrap_or_default();
        let model = fields.text("modelVersion")?.unwrap_or_default();
        let usage = fields.object("usageMetadata")?.map(read_usage).transpose()?;
        let list = fields.list("candidates")?;
        if let Some(mut feedback) = fields.object("promptFeedback")?
            && let Some(reason) = feedback.text("blockReason")?
            && list.is_empty()
        {
            return Err(blocked(&reason, feedback.text("blockReasonMessage")?));
        }
        let candidate = list.first().map(|node| read_candidate(node, &id)).transpose()?;
        Ok(Self { id, model, usage, candidate })
    }
}

fn read_candidate(node: &Node, id: &str) -> Result<Candidate, Failure> {
    let mut fields = node.object()?;
    let mut parts = Vec::new();
    if let Some(mut content) = fields.object("content")? {
        for node in content.list("parts")? {
            read_part(&node, id, &mut parts)?;
        }
    }
    Ok(Candidate { parts, stop: fields.text("finishReason")? })
}

fn read_part(node: &Node, answer: &str, parts: &mut Vec<Part>) -> Result<(), Failure> {
    let mut fields = node.object()?;
    let signature = fields.text("thoughtSignature")?;
    if let Some(text) = fields.text("text")? {
        parts.push(match fields.flag("thought")? {
            Some(true) => Part::Thinking { text, signature: None },
            _ => Part::Text(text),
        });
    } else if let Some(mut call) = fields.object("functionCall")? {
        // Results refer to a call by its id, which older models do not give.
        let id = call.text("id")?.unwrap_or_else(|| format!("call_{answer}_{}", parts.len()));
        let arguments = call.take("args").map_or("{}", |args| args.raw()).to_owned();
        let part = Part::ToolCall { id, name: call.need_text("name")?, arguments };
        let mark = signature.map(|signature| {
            let google = json!({"google": {"thought_signature": signature}});
            Map::from_iter([("extra_content".to_owned(), google)])
        });
        parts.push(part.marked(mark.unwrap_or_default()));
    } else if let Some(mut data) = fields.object("inlineData")? {
        let source = Source::Base64 { media_type: data.need_text("mimeType")?, data: data.need_text("data")? };
        parts.push(Part::Image(source));
    } else if signature.is_none() {
        parts.push(Part::Unknown(node.value()?));
    }
    Ok(())
}

/// Texts that came in pieces, joined.
fn joined(parts: Vec<Part>) -> Vec<Part> {
    let mut out: Vec<Part> = Vec::with_capacity(parts.len());
    for part in parts {
        match (out.last_mut(), part) {
            (Some(Part::Text(before)), Part::Text(text))
            | (Some(Part::Thinking { text: before, .. }), Part::Thinking { text, .. }) => before.push_str(&text),
            (_, part) => out.push(part),
        }
    }
    out
}

pub(super) fn read_stop(word: Option<&str>, calls: bool) -> Stop {
    match word {
        None | Some("STOP" | "FINISH_REASON_UNSPECIFIED") if calls => Stop::ToolUse,
        None | Some("STOP" | "FINISH_REASON_UNSPECIFIED") => Stop::End,
        Some("MAX_TOKENS") => Stop::Length,
        Some(
            "SAFETY"
            | "RECITATION"
            | "BLOCKLIST"
            | "PROHIBITED_CONTENT"
            | "SPII"
            | "IMAGE_SAFETY"
            | "IMAGE_PROHIBITED_CONTENT"
            | "IMAGE_RECITATION",
        ) => Stop::Refusal,
        Some(other) => Stop::Other(other.to_owned()),
    }
}

/// Thoughts are counted beside the candidates here, and what tools brought beside the prompt.
pub(super) fn read_usage(mut fields: Fields) -> Result<Usage, Failure> {
    let mut count = |name: &str| fields.large(name).map(Option::unwrap_or_default);
    let reasoning = count("thoughtsTokenCount")?;
    Ok(Usage {
        input: count("promptTokenCount")?.saturating_add(count("toolUsePromptTokenCount")?),
        cached_read: count("cachedContentTokenCount")?,
        cached_write: 0,
        output: count("candidatesTokenCount")?.saturating_add(reasoning),
        reasoning,
    })
}
